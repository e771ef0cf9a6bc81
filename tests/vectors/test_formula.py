import numpy as np
import pytest

from symvec.errors import InputError, UnknownSymbolError
from symvec.vectors import Vectors
from symvec.vectors.formula import (
    Term,
    formula_vector,
    is_formula,
    parse_formula,
    similar_to_formulas,
)
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["man", "woman", "king", "queen", "well-known", "a + b", "new york"]
TABLE = np.array(
    [[2, 0, 0], [0, 3, 0], [1, 0, 1], [0, 1, 1], [-1, 0, 0.5], [0, -1, 0.5], [1, 1, -1]],
    dtype=np.float32,
)


@pytest.fixture
def vectors():
    return Vectors(WordRows(Vocabulary.from_words(WORDS)), TABLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("king", [("king", 1)]),
        ("king - man + woman", [("king", 1), ("man", -1), ("woman", 1)]),
        ("- man + king", [("man", -1), ("king", 1)]),
        ("king \N{MINUS SIGN} man", [("king", 1), ("man", -1)]),
        ("0.5 * king - 2 * well-known", [("king", 0.5), ("well-known", -2)]),
        ('"new york" - "-" + "*"', [("new york", 1), ("-", -1), ("*", 1)]),
        ("king + c++ - -x", [("king", 1), ("c++", 1), ("-x", -1)]),
        ('say"hi" + king', [('say"hi"', 1), ("king", 1)]),
        ("  king  ", [("king", 1)]),
    ],
)
def test_formulas_are_read(text, expected):
    assert parse_formula(text) == tuple(Term(word, weight) for word, weight in expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "needs at least one word"),
        ("king -", "needs a word at its end"),
        ("king man", r"needs a \+ or - before 'man'"),
        ("king + - man", "needs a word before '-'"),
        ("* king", r"needs a word before '\*'"),
        ("two * king", r"expected a number before \*, got 'two'"),
        ("nan * king", r"expected a number before \*, got 'nan'"),
        ("2 * * king", r"needs a word before '\*'"),
        ("2 *", "needs a word at its end"),
    ],
)
def test_what_is_no_formula_is_explained(text, reason):
    with pytest.raises(InputError, match=reason):
        parse_formula(text)


def test_nothing_in_a_formula_is_run(vectors):
    with pytest.raises(UnknownSymbolError):
        similar_to_formulas(vectors, ["__import__('os').abort() + king"])


def test_a_formula_is_a_sum_of_unit_vectors(vectors):
    units = TABLE / np.linalg.norm(TABLE, axis=1, keepdims=True)
    np.testing.assert_allclose(
        formula_vector(vectors, "king - 0.5 * man"), units[2] - 0.5 * units[0], rtol=1e-6
    )
    assert formula_vector(vectors, "man").tolist() == [2, 0, 0]


def test_answers_leave_out_the_words_of_their_own_formula_only(vectors):
    first, second = similar_to_formulas(vectors, ["king - man + woman", "king"], 10)
    assert first[0][0] == "queen"
    assert {word for word, _ in first} == set(WORDS) - {"king", "man", "woman"}
    assert second == vectors.most_similar("king", 10)
    assert similar_to_formulas(vectors, []) == []
    assert similar_to_formulas(vectors, ["king"], 0) == [[]]
    (restricted,) = similar_to_formulas(vectors, ["king - man"], restrict_to=["queen", "man"])
    assert [word for word, _ in restricted] == ["queen"]
    with pytest.raises(InputError, match="topn must be 0 or more, got -1"):
        similar_to_formulas(vectors, ["king"], -1)


def test_a_word_that_looks_like_a_formula_is_a_word(vectors):
    assert not is_formula(vectors, "a + b")
    assert not is_formula(vectors, "well-known")
    assert is_formula(vectors, "a + c")
    assert similar_to_formulas(vectors, ["a + b"]) == [vectors.most_similar("a + b")]
    with pytest.raises(UnknownSymbolError, match="'man-king' is not in the vocabulary"):
        similar_to_formulas(vectors, ["man-king"])
