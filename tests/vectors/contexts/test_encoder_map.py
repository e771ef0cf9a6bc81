import numpy as np
import pytest

from symvec.errors import EmptyCorpusError, InputError
from symvec.vectors import Vectors
from symvec.vectors.contexts import fit_encoder_map, word_in_sentence
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["bank", "river", "water", "money", "loan"]
TABLE = np.array([[1, 1, 0.5], [3, 0, 1], [2, 0, 1], [0, 3, 1], [0, 2, 1]], dtype=np.float32)
MODEL = Vectors(WordRows(Vocabulary.from_words(WORDS)), TABLE)
TEXT = [["bank", "river", "water"], ["money", "bank", "loan"], ["x", "river"], []] * 30


class Reader:
    """Two layers: of the word itself, and of the mean of the sentence; scaled and shifted."""

    rows = np.random.default_rng(2).normal(size=(6, 8))

    def encode_each(self, sentences):
        for sentence in sentences:
            ids = [WORDS.index(word) if word in WORDS else 5 for word in sentence]
            own = self.rows[ids]
            around = np.broadcast_to(own.mean(axis=0), own.shape) if ids else own
            yield (np.stack([own, around]) * 100 + 7).astype(np.float32)


def test_words_lie_where_the_model_has_them_and_sentences_move_them():
    contexts = fit_encoder_map(MODEL, Reader(), TEXT, min_count=1)
    water = word_in_sentence(contexts, "bank river water", "bank", share=1)
    money = word_in_sentence(contexts, "money bank loan", "bank", share=1)
    assert water.most_similar(1)[0][0] in ("river", "water")
    assert money.most_similar(1)[0][0] in ("money", "loan")
    assert np.linalg.norm(contexts.at(["bank", "loan"], 0)) == pytest.approx(1)


def test_one_layer_alone_can_be_read():
    contexts = fit_encoder_map(MODEL, Reader(), TEXT, min_count=1, layer_shares=[1, 0])
    first, second = contexts.at(["bank", "river"], 0), contexts.at(["money", "bank"], 1)
    np.testing.assert_allclose(first, second, atol=1e-12)
    assert MODEL.most_similar(contexts.at(["river"], 0))[0][0] in ("river", "water")


def test_occurrences_are_those_of_single_questions():
    contexts = fit_encoder_map(MODEL, Reader(), TEXT, min_count=1)
    found = contexts.contexts(iter(TEXT[:4]), "bank")
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found[1], contexts.at(TEXT[1], 1), atol=1e-12)
    assert contexts.contexts([["a"]], "bank").shape == (0, 3)


def test_many_places_are_read_at_once():
    calls = []

    class Counting(Reader):
        def encode_each(self, sentences):
            calls.append(1)
            return super().encode_each(sentences)

    contexts = fit_encoder_map(MODEL, Counting(), TEXT, min_count=1)
    calls.clear()
    places = [(TEXT[0], 2), (TEXT[1], 0), (TEXT[0], 1)]
    found = contexts.at_each(iter(places))
    assert len(calls) == 1
    np.testing.assert_allclose(found, [contexts.at(*place) for place in places], atol=1e-12)
    assert contexts.at_each([]).shape == (0, 3)
    with pytest.raises(InputError, match=r"positions go from 0 to 2 in this sentence, got 3"):
        contexts.at_each([(TEXT[0], 0), (TEXT[0], 3)])


def test_no_more_of_the_text_is_read_than_asked_for():
    def endless():
        while True:
            yield ["bank", "river", "water"]

    fit_encoder_map(MODEL, Reader(), endless(), words=100, min_count=1)


def test_what_cannot_be_fitted_is_said():
    with pytest.raises(EmptyCorpusError, match=r"no frequent word of the model comes 5 times"):
        fit_encoder_map(MODEL, Reader(), [["bank"]])
    with pytest.raises(EmptyCorpusError, match=r"no frequent word of the model comes 5 times"):
        fit_encoder_map(MODEL, Reader(), [])
    with pytest.raises(InputError, match=r"expected a share for each of 2 layers, got \[1\]"):
        fit_encoder_map(MODEL, Reader(), TEXT, layer_shares=[1])
    contexts = fit_encoder_map(MODEL, Reader(), TEXT, min_count=1)
    with pytest.raises(InputError, match=r"positions go from 0 to 0 in this sentence, got -1"):
        contexts.at(["a"], -1)
