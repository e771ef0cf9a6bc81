import numpy as np
import pytest

from symvec.errors import InputError, UnknownSymbolError
from symvec.vectors import Vectors
from symvec.vectors.why import explain_neighbours
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["tea", "coffee", "cup", "sea"]
TABLE = np.array([[1, 0.1], [1, 0.2], [0.9, 0.9], [0, 1]], dtype=np.float32)
TEXT = [
    ["hot", "tea", "in", "a", "cup"],
    ["hot", "coffee", "in", "a", "cup"],
    ["hot", "tea", "a"],
    ["a", "hot", "coffee"],
    *[["a", "in", "the", "sea"]] * 20,
]


@pytest.fixture
def vectors():
    return Vectors(WordRows(Vocabulary.from_words(WORDS)), TABLE)


def test_contexts_in_common_with_their_lines(vectors):
    coffee, sea = explain_neighbours(vectors, "tea", ["coffee", "sea"], sentences=TEXT)
    assert coffee.shared_contexts[0] == "hot"
    assert "cup" not in coffee.shared_contexts
    assert coffee.lines == ("hot tea in a cup", "hot coffee in a cup")
    assert coffee.similarity == pytest.approx(vectors.similarity("tea", "coffee"))
    assert "hot" not in sea.shared_contexts
    assert sea.shared_rows == 0


def test_ranks_in_other_models(vectors):
    other = Vectors(WordRows(Vocabulary.from_words(["sea", "coffee", "tea"])), TABLE[[1, 3, 0]])
    lone = Vectors(WordRows(Vocabulary.from_words(["x"])), TABLE[:1])
    (coffee, cup) = explain_neighbours(
        vectors, "tea", ["coffee", "cup"], others=[vectors, other, lone]
    )
    assert coffee.ranks == (1, 2, None)
    assert cup.ranks == (2, None, None)


def test_what_is_no_neighbour(vectors):
    assert explain_neighbours(vectors, "tea", []) == []
    with pytest.raises(InputError, match="'tea' is no neighbour of itself"):
        explain_neighbours(vectors, "tea", ["tea"])
    with pytest.raises(UnknownSymbolError):
        explain_neighbours(vectors, "tea", ["milk"])
