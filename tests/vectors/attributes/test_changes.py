import numpy as np
import pytest

from symvec.errors import InputError
from symvec.vectors import Vectors
from symvec.vectors.attributes import Atoms, attribute_changes
from symvec.vectors.contexts import WordInSentence
from symvec.vocabulary import Vocabulary, WordRows

MODEL = Vectors(
    WordRows(Vocabulary.from_words(["bank", "river", "money"])),
    np.array([[1, 1, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32),
)
ATOMS = Atoms(MODEL, np.zeros(3), np.eye(3), 3)


def test_what_the_sentence_adds_comes_first_and_what_it_removes_last():
    place = WordInSentence(MODEL, ("river", "bank"), 1, np.array([1.0, 0, 0]))
    added, removed = attribute_changes(ATOMS, place)
    assert (added.atom, removed.atom) == (0, 1)
    assert added.change > 0 > removed.change
    assert added.alone == pytest.approx(np.sqrt(0.5))
    assert added.names[0] == "river"
    assert removed.in_sentence == pytest.approx(place.vector[1])


def test_a_word_that_the_model_does_not_have_is_all_added():
    place = WordInSentence(MODEL, ("river", "brook"), 1, np.array([1.0, 0, 0]))
    (added,) = attribute_changes(ATOMS, place)
    assert (added.alone, added.change) == (0, pytest.approx(1))
    nothing = WordInSentence(MODEL, ("x", "y"), 1, np.zeros(3))
    with pytest.raises(InputError, match=r"the model knows neither 'y' nor a word beside it: x y"):
        attribute_changes(ATOMS, nothing)
