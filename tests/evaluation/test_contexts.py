import numpy as np
import pytest

from symvec.errors import InputError
from symvec.evaluation.contexts import (
    ContextPair,
    best_threshold,
    evaluate_context_pairs,
    evaluate_contexts,
)
from symvec.vectors import Vectors
from symvec.vectors.senses import ContextMap
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["river", "water", "money", "loan"]
TABLE = np.array([[1, 0], [2, 0.2], [0, 1], [0.1, 3]], dtype=np.float32)


@pytest.fixture
def context_map():
    vectors = Vectors(WordRows(Vocabulary.from_words(WORDS)), TABLE)
    return ContextMap(vectors, np.ones(4), np.eye(2), 5)


def pair(first, second, same):
    return ContextPair((first, "bank"), 1, ("bank", second), 0, same)


def test_pairs_are_right_or_wrong(context_map):
    tested = [
        pair("river", "water", True),
        pair("money", "river", False),
        pair("loan", "money", False),
        pair("x", "money", True),
    ]
    score = evaluate_contexts(context_map, tested, 0.5)
    assert score.items[:3, 0].tolist() == [1, 1, 0]
    assert (score.found, score.value) == (3, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("values", "same", "low", "high"),
    [
        ([0.1, 0.2, 0.8, 0.9], [False, False, True, True], 0.2, 0.8),
        ([0.9, 0.1, np.nan], [True, True, False], -2, 0.1),
        ([0.9, 0.1], [False, False], 0.9, 3),
        ([0.3, 0.5, 0.4, 0.6], [False, False, True, True], 0.3, 0.6),
    ],
)
def test_the_best_threshold(values, same, low, high):
    assert low < best_threshold(np.array(values), same) < high


def test_a_threshold_needs_a_pair():
    with pytest.raises(InputError, match="no pair has words that the model knows"):
        best_threshold(np.array([np.nan]), [True])


def test_no_pair_has_a_say_in_its_own_answer(context_map):
    tested = [pair("river", "water", True), pair("river", "money", False)] * 10
    score = evaluate_context_pairs(context_map, [*tested, pair("x", "river", True)], name="a")
    assert (score.name, score.found, score.value) == ("a", 20, 1)
    assert score.details["always_the_same_answer"] == pytest.approx(11 / 21)
    # By itself it would be right; the others say that what is alike is not the same.
    odd = [pair("river", "water", False)] * 9 + [pair("loan", "money", True)]
    assert evaluate_context_pairs(context_map, odd, folds=10).value == pytest.approx(0.9)
    assert evaluate_context_pairs(context_map, []).value is None
    assert evaluate_context_pairs(context_map, tested[:1]).found == 0
    with pytest.raises(InputError, match="2 or more, got 1"):
        evaluate_context_pairs(context_map, tested, folds=1)
