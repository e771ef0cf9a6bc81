import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elmo_case import tiny_encoder
from symvec.contextual import encoder as encoder_module
from symvec.contextual.word_memory import WordMemory


class Computed:
    """What was computed, call by call."""

    def __init__(self):
        self.calls = []

    def __call__(self, words):
        self.calls.append(list(words))
        return np.array([vector(word) for word in words], np.float32).reshape(len(words), 3)


def vector(word):
    return [len(word), ord(word[0]), ord(word[-1])]


def test_a_word_is_computed_once():
    computed = Computed()
    memory = WordMemory(computed, 3)
    for words in (["a", "bc"], ["d", "bc", "a"], ["bc"], []):
        assert memory.vectors(words).tolist() == [vector(word) for word in words]
    assert computed.calls == [["a", "bc"], ["d"]]


def test_where_there_is_no_room_it_begins_anew():
    computed = Computed()
    memory = WordMemory(computed, 3, most_numbers=9)  # three words
    memory.vectors(["a", "b"])
    assert memory.vectors(["c", "d", "a"]).tolist() == [vector(word) for word in "cda"]
    assert memory.vectors(["d"]).tolist() == [vector("d")]
    assert memory.vectors(list("efgh")).tolist() == [vector(word) for word in "efgh"]
    memory.vectors(["e"])  # four had no room
    assert computed.calls == [["a", "b"], ["c", "d", "a"], ["e", "f", "g", "h"], ["e"]]


@given(st.lists(st.lists(st.sampled_from("abcdefghij"), unique=True)), st.integers(3, 40))
def test_the_answers_are_those_of_computing(groups, most_numbers):
    memory = WordMemory(Computed(), 3, most_numbers)
    for words in groups:
        assert memory.vectors(words).tolist() == [vector(word) for word in words]


@pytest.mark.parametrize("more", [{}, {"state": "carry", "batch_size": 2}])
def test_an_encoder_computes_a_word_once_in_a_call(monkeypatch, more):
    encoder, computed = tiny_encoder(), []
    known = type(encoder).token_vectors
    monkeypatch.setattr(encoder_module, "_SENTENCES_AT_ONCE", 2)
    monkeypatch.setattr(
        type(encoder),
        "token_vectors",
        lambda own, words: (computed.extend(words), known(own, words))[1],
    )
    sentences = [["we", "sat"], ["we"], ["sat", "on"], [], ["on", "we"]]
    found = list(encoder.encode_each(sentences, **more))
    assert computed == ["we", "sat", "on"]
    if not more:
        for vectors, sentence in zip(found, sentences, strict=True):
            assert np.array_equal(vectors, encoder.encode([sentence])[0])
