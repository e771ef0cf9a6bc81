import numpy as np
import pytest

from symvec.errors import InputError, UnknownSymbolError
from symvec.vectors import Vectors
from symvec.vectors.matrix import cosine_matrix, fits, similarity_matrix
from symvec.vocabulary import Vocabulary, WordRows

TABLE = np.array([[1, 0], [3, 4], [0, 2], [0, 0]], dtype=np.float32)


@pytest.fixture
def vectors():
    return Vectors(WordRows(Vocabulary.from_words(["tea", "coffee", "cat", "none"])), TABLE)


def test_each_word_with_each(vectors):
    matrix = similarity_matrix(vectors, ["tea", "coffee", "none"])
    np.testing.assert_allclose(matrix, [[1, 0.6, 0], [0.6, 1, 0], [0, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(similarity_matrix(vectors, ["cat"], ["coffee", "tea"]), [[0.8, 0]])
    assert similarity_matrix(vectors, []).shape == (0, 0)
    assert similarity_matrix(vectors, [], ["tea"]).shape == (0, 1)
    with pytest.raises(UnknownSymbolError, match="'milk'"):
        similarity_matrix(vectors, ["tea"], ["milk"])


def test_a_value_does_not_depend_on_the_others():
    random = np.random.default_rng(5)
    rows = random.normal(size=(40, 7))
    whole = cosine_matrix(rows, rows)
    np.testing.assert_allclose(whole[3:4, 5:6], cosine_matrix(rows[3:4], rows[5:6]), rtol=1e-12)
    assert np.abs(whole).max() <= 1


def test_the_odd_one_fits_least(vectors):
    words = ["tea", "coffee", "cat"]
    assert words[int(fits(vectors, words).argmin())] == vectors.doesnt_match(words)
    with pytest.raises(InputError, match="at least one word"):
        fits(vectors, [])
