import numpy as np
import pytest

from symvec.errors import InputError
from symvec.vectors import Vectors
from symvec.vectors.alignment import align_words
from symvec.vectors.alignment.words import best_of_each, mutual_best, optimal_transport
from symvec.vocabulary import Vocabulary, WordRows

COSINES = np.array([[0.9, 0.8, 0.0], [0.85, 0.1, 0.0], [0.2, 0.3, 0.25]])


def links(mask):
    return [tuple(pair) for pair in np.argwhere(mask).tolist()]


def test_three_ways_to_choose():
    assert links(best_of_each(COSINES)) == [(0, 0), (1, 0), (2, 1)]
    assert links(mutual_best(COSINES)) == [(0, 0)]
    assert links(optimal_transport(COSINES)) == [(0, 1), (1, 0), (2, 2)]
    for choice in (best_of_each, mutual_best, optimal_transport):
        assert choice(np.zeros((0, 3))).shape == (0, 3)
        assert choice(np.zeros((2, 0))).shape == (2, 0)
        assert choice(np.zeros((1, 1))).tolist() == [[True]]


def test_words_without_a_vector_have_no_link():
    vectors = Vectors(WordRows(Vocabulary.from_words(["tea", "cat"])), np.eye(2, dtype=np.float32))
    found = align_words(vectors, vectors, "a cat, tea", "tea the cat", method="transport")
    assert found.first == ("a", "cat", "tea")
    assert found.links.tolist() == [[1, 2], [2, 0]]
    assert np.isnan(found.similarities[0]).all()
    assert np.isnan(found.similarities[:, 1]).all()
    assert align_words(vectors, vectors, "", "tea").links.shape == (0, 2)
    with pytest.raises(InputError, match="must be one of"):
        align_words(vectors, vectors, "a", "b", method="best")


def test_spaces_of_different_sizes():
    one, two = (
        Vectors(WordRows(Vocabulary.from_words(["tea"])), np.ones((1, size), dtype=np.float32))
        for size in (2, 3)
    )
    with pytest.raises(InputError, match="2 and 3 dimensions; align them first"):
        align_words(one, two, "tea", "tea")
