import numpy as np
import pytest

from symvec.errors import EmptyCorpusError, InputError
from symvec.vectors import Vectors
from symvec.vectors.contexts import (
    ContextMap,
    fit_context_map,
    whitening_context_map,
    word_in_sentence,
)
from symvec.vectors.cosine import unit
from symvec.vocabulary import Vocabulary, WordRows

WORDS = ["bank", "river", "water", "shore", "money", "loan", "cash", "the"]
# Water lies along the first axis, money along the second, "the" along a third that all share.
TABLE = np.array(
    [[1, 1, 1], [3, 0, 1], [2, 0, 1], [4, 0.1, 1], [0, 3, 1], [0, 2, 1], [0.1, 4, 1], [0, 0, 5]],
    dtype=np.float32,
)
WATER = "the bank of the river"
MONEY = "money from the bank"


def vectors(table=TABLE, counts=None):
    vocabulary = Vocabulary.from_words(WORDS)
    if counts is not None:
        vocabulary = Vocabulary.from_words(WORDS, counts)
    return Vectors(WordRows(vocabulary), table)


def text():
    random = np.random.default_rng(1)
    for n in range(400):
        world = ["river", "water", "shore"] if n % 2 else ["money", "loan", "cash"]
        yield [*random.permutation([*world, "bank"]), "the"]


@pytest.fixture(params=["fitted", "whitening"])
def contexts(request):
    model = vectors(counts=[10, 10, 10, 10, 10, 10, 10, 10_000])
    if request.param == "fitted":
        return fit_context_map(model, text(), min_count=5)
    return whitening_context_map(model)


def test_a_word_is_near_to_what_its_sentence_is_about(contexts):
    water, money = (word_in_sentence(contexts, text, "bank") for text in (WATER, MONEY))
    assert water.most_similar(3)[0][0] in ("river", "water", "shore")
    assert money.most_similar(3)[0][0] in ("money", "loan", "cash")
    assert water.vector @ money.vector < 1 - 1e-3
    assert np.linalg.norm(water.vector) == pytest.approx(1)
    assert all(word != "bank" for word, _ in water.most_similar(10**9))
    assert len(water.most_similar(10**9)) == len(WORDS) - 1
    assert water.most_similar(0) == []
    assert [word for word, _ in water.most_similar(5, restrict_to=["cash", "loan"])] == [
        word for word, _ in water.most_similar(10) if word in ("cash", "loan")
    ]


def test_the_share_goes_from_the_word_alone_to_its_sentence_alone(contexts):
    alone = word_in_sentence(contexts, WATER, "bank", share=0)
    np.testing.assert_allclose(alone.vector, unit(TABLE[:1])[0], atol=1e-6)
    sentence = word_in_sentence(contexts, WATER, "bank", share=1)
    np.testing.assert_allclose(sentence.vector, sentence.context, atol=1e-12)
    with pytest.raises(InputError, match=r"share of the sentence must be from 0 to 1, got 1.5"):
        word_in_sentence(contexts, WATER, "bank", share=1.5)


def test_what_is_not_known_leaves_the_other(contexts):
    unknown = word_in_sentence(contexts, "the brook of the river", "brook")
    assert not unknown.alone.any()
    np.testing.assert_allclose(unknown.vector, unknown.context, atol=1e-12)
    single = word_in_sentence(contexts, "bank", "bank")
    assert not single.context.any()
    np.testing.assert_allclose(single.vector, single.alone, atol=1e-12)
    nothing = word_in_sentence(contexts, ["x", "", "y"], 1)
    with pytest.raises(InputError, match=r"the model knows neither '' nor a word beside it"):
        nothing.most_similar()


def test_places_can_be_named_by_number_and_must_be_there(contexts):
    assert word_in_sentence(contexts, ["bank", "the", "bank"], 2).position == 2
    assert word_in_sentence(contexts, ["bank", "the", "bank"], "bank").position == 0
    with pytest.raises(InputError, match=r"positions go from 0 to 1 in this sentence, got 2"):
        word_in_sentence(contexts, ["a", "b"], 2)
    with pytest.raises(InputError, match=r"not hold the word 'bank', but 'banks', 'banking': 'ban"):
        word_in_sentence(contexts, "banks and banking", "bank")
    with pytest.raises(InputError, match=r"does not hold the word 'bank': 'no such'"):
        word_in_sentence(contexts, "no such", "bank")


def test_a_vector_that_is_not_finite_is_never_used():
    table = TABLE.copy()
    table[1] = np.nan
    contexts = whitening_context_map(vectors(table))
    place = word_in_sentence(contexts, WATER, "river")
    assert np.isfinite(place.vector).all()
    assert np.isfinite(word_in_sentence(contexts, WATER, "bank").vector).all()


def test_whitening_takes_off_what_all_neighbours_share():
    # "the" comes so often that its direction is most of what neighbours have in common.
    model = vectors(counts=[10, 10, 10, 10, 10, 10, 10, 10_000])
    white = whitening_context_map(model)
    plain = ContextMap(model, white.weights, np.eye(3), white.window)
    sentences = ["the", "bank", "the", "river"], ["the", "bank", "the", "money"]
    assert white.at(sentences[0], 1) @ white.at(sentences[1], 1) < (
        plain.at(sentences[0], 1) @ plain.at(sentences[1], 1)
    )


def test_what_cannot_be_fitted_is_said():
    with pytest.raises(EmptyCorpusError, match=r"no word of the model comes 20 times in the text"):
        fit_context_map(vectors(), [["bank"]])
    with pytest.raises(InputError, match=r"the window must be 1 word or more, got 0"):
        fit_context_map(vectors(), [["bank"]], window=0)
    with pytest.raises(InputError, match=r"the window must be 1 word or more, got 0"):
        whitening_context_map(vectors(), window=0)


def test_a_model_without_words_has_a_map():
    empty = Vectors(WordRows(Vocabulary.from_words([])), np.zeros((0, 3), np.float32))
    assert not whitening_context_map(empty).at(["a", "b"], 0).any()
