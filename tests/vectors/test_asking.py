import numpy as np
import pytest

from symvec.errors import InputError
from symvec.vectors import Vectors
from symvec.vectors.asking import COSMUL_EPSILON
from symvec.vocabulary import Vocabulary, WordRows

ROYALS = ["man", "woman", "king", "queen", "apple"]
ROYAL_TABLE = np.array(
    [[1, 0, 0.1], [0, 1, 0.1], [1, 0, 1.1], [0, 1, 1.1], [-1, -1, 0.2]], dtype=np.float32
)


@pytest.fixture
def royals():
    return Vectors(WordRows(Vocabulary.from_words(ROYALS)), ROYAL_TABLE)


def cosine(a, b):
    a, b = (ROYAL_TABLE[ROYALS.index(word)].astype(float) for word in (a, b))
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_3cosadd_is_the_cosine_with_the_sum_of_unit_vectors(royals):
    answer = royals.analogy(positive=["king", "woman"], negative=["man"])
    units = ROYAL_TABLE / np.linalg.norm(ROYAL_TABLE, axis=1, keepdims=True)
    wanted = units[2] + units[1] - units[0]
    assert answer == [
        ("queen", pytest.approx(units[3] @ wanted / np.linalg.norm(wanted), abs=1e-6)),
        ("apple", pytest.approx(units[4] @ wanted / np.linalg.norm(wanted), abs=1e-6)),
    ]


def test_3cosmul_is_the_formula_of_the_paper(royals):
    answer = royals.analogy(positive=["king", "woman"], negative=["man"], method="3cosmul")

    def near(a, b):
        return (1 + cosine(a, b)) / 2

    assert [word for word, _ in answer] == ["queen", "apple"]
    for word, value in answer:
        expected = near(word, "king") * near(word, "woman") / (near(word, "man") + COSMUL_EPSILON)
        assert value == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
def test_question_words_are_never_answers(royals, method):
    for topn in (1, 2, 10**6):
        answer = royals.analogy(
            positive=["king", "woman"], negative="man", topn=topn, method=method
        )
        assert [word for word, _ in answer] == ["queen", "apple"][:topn]
    assert royals.analogy(positive=ROYALS, method=method) == []
    assert royals.analogy(positive="king", topn=0, method=method) == []
    assert len(royals.analogy(positive="king", method=method)) == 4


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
def test_broken_rows_are_never_answers(method):
    table = np.array(ROYAL_TABLE)
    table[3, 0] = np.inf
    vectors = Vectors(WordRows(Vocabulary.from_words(ROYALS)), table)
    answer = vectors.analogy(positive=["king", "woman"], negative=["man"], method=method)
    assert [word for word, _ in answer] == ["apple"]
    assert np.isfinite(answer[0][1])


def test_what_an_analogy_needs(royals):
    with pytest.raises(InputError, match="an analogy needs at least one positive word"):
        royals.analogy(positive=[])
    with pytest.raises(InputError, match=r"must be one of \('3cosadd', '3cosmul'\), got 'best'"):
        royals.analogy(positive="king", method="best")
    with pytest.raises(InputError, match="topn must be 0 or more"):
        royals.analogy(positive="king", topn=-2)


def test_the_odd_word_out(royals):
    assert royals.doesnt_match(["king", "queen", "man", "apple"]) == "apple"
    assert royals.doesnt_match(["king"]) == "king"
    assert royals.doesnt_match(word for word in ["woman", "queen", "king"]) == "king"
    with pytest.raises(InputError, match="at least one word"):
        royals.doesnt_match([])
