import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.arrays import RaggedRows
from symvec.errors import IdError, InputError
from symvec.sparse import bag_of_words, bag_of_words_sparse
from symvec.vocabulary.vocabulary import Vocabulary


def test_counts_of_words():
    vocabulary = Vocabulary.from_words(["i", "need", "coffee"])
    bags = [["coffee", "i", "coffee"], [], ["need"]]
    expected = [[1, 0, 2], [0, 0, 0], [0, 1, 0]]
    assert bag_of_words(bags, vocabulary).tolist() == expected
    assert bag_of_words_sparse(bags, vocabulary).toarray().tolist() == expected
    assert bag_of_words(bags, vocabulary, binary=True)[0].tolist() == [1, 0, 1]
    assert bag_of_words_sparse(bags, vocabulary, binary=True).toarray()[0].tolist() == [1, 0, 1]


@given(st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=6))
def test_sparse_and_dense_and_ragged_say_the_same(bags):
    offsets = np.append(0, np.cumsum([len(bag) for bag in bags])).astype(np.int64)
    flat = np.array([symbol for bag in bags for symbol in bag], np.int64)
    ragged = RaggedRows(flat, offsets)
    dense = bag_of_words(ragged, 7)
    expected = [np.bincount(bag, minlength=7) if bag else np.zeros(7) for bag in bags]
    np.testing.assert_array_equal(dense, np.reshape(expected, (len(bags), 7)))
    sparse = bag_of_words_sparse(ragged, 7)
    np.testing.assert_array_equal(sparse.toarray(), dense)
    assert sparse.has_canonical_format
    if bags:
        np.testing.assert_array_equal(bag_of_words(bags, 7), dense)


def test_a_batch_of_one_length():
    assert bag_of_words(np.array([[1, 1], [0, 2]]), 3).tolist() == [[0, 2, 0], [1, 0, 1]]


def test_what_makes_no_bag_is_told():
    with pytest.raises(IdError, match="id 3 at position"):
        bag_of_words([[1], [2, 3]], 3)
    with pytest.raises(InputError, match=r"bags must have the shape \(bags, length\)"):
        bag_of_words([1, 2], 3)
    with pytest.raises(InputError, match=r"bag 0 must be a flat list, got shape \(1, 2\)"):
        bag_of_words([[[1, 2]], [[1], [2]]], 3)


def test_ragged_rows_are_not_changed_by_summing_duplicates():
    ragged = RaggedRows(np.array([2, 1, 2]), np.array([0, 3]))
    bag_of_words_sparse(ragged, 3)
    assert ragged.row_ids.tolist() == [2, 1, 2]
