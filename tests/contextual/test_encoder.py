from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elmo_case import SIZES, tiny_encoder, twin
from symvec.contextual import ContextualEncoder
from symvec.contextual.row_counts import MANY_ROWS, ROWS
from symvec.errors import InputError

ENCODER = tiny_encoder()
SENTENCE = ["We", "sat", "on", "the", "bank", "of", "the", "river"]
WORDS = st.text(max_size=12)
SENTENCES = st.lists(st.lists(WORDS, max_size=6), max_size=2 * max(MANY_ROWS) + 3)


@pytest.mark.parametrize(
    "sizes",
    [
        SIZES,
        replace(SIZES, skip_connections=False),
        replace(SIZES, activation="tanh", layers=3, highways=0),
        replace(SIZES, cell_clip=100.0, projection_clip=100.0, layers=1),
    ],
)
def test_reads_like_the_paper(sizes):
    encoder = tiny_encoder(sizes)
    sentences = [SENTENCE, ["", "한국어", "x" * 60, "\udcff"], [], ["one"]]
    for sentence, found in zip(sentences, encoder.encode(sentences), strict=True):
        assert found.shape == (sizes.layers + 1, len(sentence), 2 * sizes.projection_size)
        assert found.dtype == np.float32
        if sentence:
            np.testing.assert_allclose(found, twin(encoder, sentence), rtol=3e-6, atol=3e-6)


@settings(max_examples=40, deadline=None)
@given(SENTENCES, st.integers(0, 2**32 - 1), st.data())
def test_a_sentences_bits_depend_on_nothing_but_the_sentence(sentences, seed, data):
    together = ENCODER.encode(sentences)
    order = np.random.default_rng(seed).permutation(len(sentences))
    shuffled = ENCODER.encode([sentences[n] for n in order])
    for place, n in enumerate(order):
        assert np.array_equal(shuffled[place], together[n])
    if sentences:
        n = data.draw(st.integers(0, len(sentences) - 1))
        assert np.array_equal(ENCODER.encode([sentences[n]])[0], together[n])


def test_more_sentences_than_are_held_at_once_come_in_their_order():
    sentences = [[f"w{n % 7}"] * (n % 5) for n in range(17 * ROWS)]
    found = list(ENCODER.encode_each(iter(sentences)))
    assert [len(vectors[0]) for vectors in found] == [len(words) for words in sentences]
    assert np.array_equal(found[-1], ENCODER.encode([sentences[-1]])[0])


def test_a_long_sentence_is_read_to_its_end():
    long = ["a", "b", "c"] * 3500
    (found,) = ENCODER.encode([long])
    assert found.shape[1] == len(long)
    (shorter,) = ENCODER.encode([long[:-1]])
    assert np.array_equal(found[1:, :5000, :6], shorter[1:, :5000, :6])  # read from the left


def test_the_first_layer_is_the_word_itself_twice():
    (found,) = ENCODER.encode([SENTENCE])
    words = ENCODER.token_vectors(SENTENCE)
    assert np.array_equal(found[0, :, :6], words)
    assert np.array_equal(found[0, :, 6:], words)
    assert np.array_equal(found[0, 3], found[0, 6])  # "the", wherever it stands
    assert not np.array_equal(found[1, 3], found[1, 6])


def test_words_are_read_up_to_their_places():
    sizes = SIZES.most_characters - 2
    vectors = ENCODER.token_vectors(["x" * sizes, "x" * sizes + "tail", "x" * (sizes - 1)])
    assert np.array_equal(vectors[0], vectors[1])
    assert not np.array_equal(vectors[0], vectors[2])


def test_the_carried_state_goes_from_row_to_row():
    sentences = [["a", "b"], ["c"], ["d", "e", "f"], ["g"], ["h"]]
    carried = ENCODER.encode(sentences, state="carry", batch_size=2)
    alone = ENCODER.encode(sentences)
    for n in (0, 1):
        np.testing.assert_allclose(carried[n], alone[n], atol=2e-6)
    assert not np.allclose(carried[2][1:], alone[2][1:], atol=1e-4)
    row_0 = ENCODER.encode([sentences[n] for n in (0, 2, 4)], state="carry", batch_size=1)
    for n, found in zip((0, 2, 4), row_0, strict=True):
        np.testing.assert_allclose(found, carried[n], atol=2e-6)


def test_what_cannot_be_encoded_is_said():
    with pytest.raises(InputError, match=r"expected a list of sentences, got the text 'a b'"):
        ENCODER.encode("a b")
    with pytest.raises(InputError, match=r"sentence 1 must be a list of words, got 'a b'; split"):
        ENCODER.encode([["a"], "a b"])
    with pytest.raises(InputError, match=r"a word must be text, got 3 of type int"):
        ENCODER.encode([["a", 3]])
    with pytest.raises(InputError, match=r"state must be 'reset' or 'carry', got 'keep'"):
        ENCODER.encode([["a"]], state="keep")
    with pytest.raises(InputError, match=r"batch_size belongs to state='carry', and that needs it"):
        ENCODER.encode([["a"]], state="carry")
    with pytest.raises(InputError, match=r"batch_size must be a whole number of 1 or more, got 0"):
        ENCODER.encode([["a"]], state="carry", batch_size=0)


def test_no_sentences_give_no_vectors():
    assert ENCODER.encode([]) == []
    assert ENCODER.encode([[]])[0].shape == (3, 0, 12)


def test_the_table_must_have_a_row_for_each_character():
    with pytest.raises(InputError, match=r"the table has 262 characters, but words are read as b"):
        ContextualEncoder(replace(SIZES, characters=262), ENCODER.weights)


def test_an_encoder_shows_its_size():
    assert repr(ENCODER) == "<ContextualEncoder: 3 layers of 12 dimensions>"
