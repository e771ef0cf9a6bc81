import numpy as np
import pytest

from symvec.arrays import RaggedRows
from symvec.errors import IdError, InputError, UnknownSymbolError
from symvec.sparse import OneHot, as_ids_of_one_hot, multiply, one_hot, one_hot_sparse
from symvec.vocabulary.vocabulary import Vocabulary

WORDS = ["i", "need", "some", "more", "coffee", "cake", "cat", "dog"]
SENTENCE = ["i", "i", "i", "i", "need", "some", "more", "coffee", "coffee", "coffee"]
IDS = [0, 0, 0, 0, 1, 2, 3, 4, 4, 4]


@pytest.fixture
def vocabulary():
    return Vocabulary.from_words(WORDS)


def test_the_articles_matrix(vocabulary):
    matrix = one_hot(SENTENCE, vocabulary)
    assert matrix.shape == (10, 8)
    assert matrix.sum(axis=1).tolist() == [1] * 10
    assert matrix.argmax(axis=1).tolist() == IDS
    np.testing.assert_array_equal(matrix, one_hot(IDS, 8))


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3), (2, 1, 2)])
def test_batches_of_any_rank(shape):
    ids = np.full(shape, 2)
    dense = one_hot(ids, 5)
    assert dense.shape == (*shape, 5)
    assert one_hot_sparse(ids, 5).shape == (ids.size, 5)
    np.testing.assert_array_equal(one_hot_sparse(ids, 5).toarray(), dense.reshape(-1, 5))


def test_lists_of_different_lengths_are_filled_up(vocabulary):
    dense = one_hot([["i", "coffee"], ["dog"], []], vocabulary)
    assert dense.shape == (3, 2, 8)
    assert dense.sum(axis=2).tolist() == [[1, 1], [1, 0], [0, 0]]
    ragged = RaggedRows(np.array([0, 4, 7]), np.array([0, 2, 3, 3]))
    np.testing.assert_array_equal(one_hot(ragged, vocabulary), dense)
    assert one_hot_sparse(ragged, 8).toarray().argmax(axis=1).tolist() == [0, 4, 7]


def test_dtypes():
    assert one_hot([1], 3).dtype == np.float32
    assert one_hot([1], 3, np.int8).dtype == np.int8
    assert one_hot_sparse([1], 3, np.float64).dtype == np.float64


def test_what_cannot_be_one_hot_is_told(vocabulary):
    with pytest.raises(UnknownSymbolError, match=r"'cofee'.*did you mean 'coffee'"):
        one_hot(["cofee"], vocabulary)
    with pytest.raises(IdError, match=r"id 8 at position \(0\) is out of range: the table has 8"):
        one_hot([8], vocabulary)
    with pytest.raises(InputError, match="'coffee' is a word; pass the vocabulary"):
        one_hot(["coffee"], 8)
    with pytest.raises(InputError, match="expected a vocabulary or the number of symbols"):
        one_hot([1], "8")
    with pytest.raises(InputError, match="the number of symbols must be 0 or more, got -1"):
        one_hot([], -1)


def test_the_product_is_a_lookup_in_value_and_gradient():
    rows = OneHot.of(IDS, 8)
    weight = np.random.default_rng(0).normal(size=(8, 2))
    np.testing.assert_array_equal(rows @ weight, rows.to_dense(np.float64) @ weight)
    gradient = np.random.default_rng(1).normal(size=(10, 2))
    np.testing.assert_allclose(rows.T @ gradient, rows.to_dense(np.float64).T @ gradient)


def test_products_of_other_shapes_are_told():
    rows = OneHot.of([1, 2], 3)
    with pytest.raises(InputError, match=r"the weight must have the shape \(3, D\), got \(4, 2\)"):
        rows @ np.ones((4, 2))
    with pytest.raises(InputError, match=r"the gradient must have the shape \(2, D\), got \(3, 2"):
        rows.T @ np.ones((3, 2))
    with pytest.raises(InputError, match=r"only flat ids have a transpose, got shape \(1, 1\)"):
        _ = OneHot.of([[1]], 3).T


def test_one_hot_is_recognised_where_it_is_one():
    dense = one_hot([[2, 0]], 3)
    assert as_ids_of_one_hot(dense).tolist() == [[2, 0]]
    assert as_ids_of_one_hot(one_hot_sparse([2, 0], 3)).tolist() == [2, 0]
    assert as_ids_of_one_hot(OneHot.of([1], 3)).tolist() == [1]
    for matrix in ([[0.0, 2.0]], [[1.0, 1.0]], [[0.0, 0.0]], [[1.0, -1.0]], [[1.0, np.nan]]):
        assert as_ids_of_one_hot(np.array(matrix)) is None
    assert as_ids_of_one_hot(one_hot_sparse([2, 0], 3) * 2) is None
    assert as_ids_of_one_hot(np.zeros((3, 0))) is None


@pytest.mark.parametrize(
    "matrix",
    [one_hot([2, 0], 3), one_hot_sparse([2, 0], 3), OneHot.of([2, 0], 3), np.ones((2, 3))],
)
def test_multiplying_gives_the_product(matrix):
    weight = np.random.default_rng(0).normal(size=(3, 4))
    plain = matrix.to_dense() if isinstance(matrix, OneHot) else matrix
    np.testing.assert_allclose(multiply(matrix, weight), plain @ weight)


def test_a_table_too_large_to_multiply_is_looked_up():
    # a dense product would take 80 GB for the matrix alone
    rows = OneHot.of(np.arange(0, 100_000_000, 50_000), 100_000_000)
    weight = np.broadcast_to(np.float32(1), (100_000_000, 2))
    assert (rows @ weight).shape == (2_000, 2)
