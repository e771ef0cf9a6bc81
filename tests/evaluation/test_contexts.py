import numpy as np
import pytest

from symvec.errors import InputError
from symvec.evaluation.contexts import ContextPair, best_threshold, evaluate_contexts
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
