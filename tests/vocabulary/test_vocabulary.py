import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.errors import InputError, UnknownSymbolError
from symvec.vocabulary import Vocabulary
from symvec.vocabulary.index import WordIndex

# Ids, places in the order and counts all differ, so that no one of them can pass for another.
WORDS = ["tea", "coffee", "Tübingen", "", "한국어", "cake", "b\udcffd"]
COUNTS = [90, 80, 70, 60, 50, 40, 30]


@pytest.fixture
def vocabulary():
    return Vocabulary.from_words(WORDS, counts=COUNTS)


def test_words_keep_their_ids_and_counts(vocabulary):
    assert len(vocabulary) == 7
    assert list(vocabulary) == vocabulary.words == WORDS
    assert [vocabulary.word(i) for i in range(7)] == WORDS
    assert [vocabulary.key_to_index[word] for word in WORDS] == list(range(7))
    assert vocabulary.counts.tolist() == COUNTS
    assert vocabulary.counts.dtype == vocabulary.offsets.dtype == np.int64
    assert vocabulary.order.dtype == np.int32


def test_order_is_that_of_the_bytes(vocabulary):
    keys = [word.encode("utf-8", "surrogateescape") for word in WORDS]
    assert [keys[i] for i in vocabulary.order] == sorted(keys)
    assert vocabulary.order.tolist() == [3, 2, 6, 5, 1, 0, 4]


def test_bytes_and_text_are_the_same_word(vocabulary):
    assert vocabulary.key_to_index["Tübingen".encode()] == 2
    assert vocabulary.word_bytes(6) == b"b\xffd"
    assert b"b\xffd" in vocabulary
    assert Vocabulary.from_words([b"b\xffd", b"tea"]).words == ["b\udcffd", "tea"]


def test_only_words_as_given_are_there(vocabulary):
    assert "tea" in vocabulary
    assert "Tea" not in vocabulary
    assert "te" not in vocabulary
    assert "" in vocabulary
    assert 3 not in vocabulary
    assert None not in vocabulary


def test_an_empty_vocabulary():
    empty = Vocabulary.from_words([])
    assert len(empty) == 0
    assert list(empty) == []
    assert "tea" not in empty
    assert empty.indices([]).tolist() == []
    assert empty.indices([]).dtype == np.int64
    with pytest.raises(UnknownSymbolError, match=r"^'tea' is not in the vocabulary$"):
        empty.key_to_index["tea"]


def test_indices_name_the_first_word_that_is_missing(vocabulary):
    assert vocabulary.indices(["cake", "tea", "cake"]).tolist() == [5, 0, 5]
    assert vocabulary.find(["cake", "milk"]).tolist() == [5, -1]
    with pytest.raises(UnknownSymbolError) as caught:
        vocabulary.indices(["tea", "cofee", "xyz"])
    assert str(caught.value) == "'cofee' is not in the vocabulary; did you mean 'coffee'?"
    assert caught.value.suggestions == ("coffee",)


def test_duplicates_are_refused():
    with pytest.raises(InputError) as caught:
        Vocabulary.from_words(["tea", "milk", "tea"])
    assert str(caught.value) == (
        "the word 'tea' comes twice, as word 0 and as word 2; each word must be there once"
    )


def test_one_count_a_word():
    with pytest.raises(InputError, match=r"expected one count for each of 2 words, got \(1,\)"):
        Vocabulary.from_words(["a", "b"], counts=[1])
    assert Vocabulary.from_words(["a", "b"]).counts.tolist() == [0, 0]


def test_counts_are_64_bit():
    assert Vocabulary.from_words(["a"], counts=[2**40]).counts.tolist() == [2**40]


@pytest.mark.parametrize("word_id", [-1, 7, 10**12])
def test_word_ids_are_checked(vocabulary, word_id):
    with pytest.raises(InputError, match=f"word ids go from 0 to 6, got {word_id}"):
        vocabulary.word(word_id)


def test_what_is_not_a_word_is_refused(vocabulary):
    with pytest.raises(InputError, match="a word must be text, got 3 of type int"):
        vocabulary.key_to_index[3]
    with pytest.raises(InputError, match="of type list"):
        Vocabulary.from_words([["tea"]])


def arrays():
    good = Vocabulary.from_words(["tea", "coffee"])
    return {
        "blob": good.blob,
        "offsets": good.offsets,
        "counts": good.counts,
        "order": good.order,
    }


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("offsets", np.array([0, 3, 8]), "from 0 to the 9 bytes"),
        ("offsets", np.array([1, 3, 9]), "they go from 1 to 9"),
        ("offsets", np.array([0, 10, 9]), "offsets must never fall"),
        ("offsets", np.array([0.0, 3.0, 9.0]), "offsets must be one-dimensional integers"),
        ("counts", np.array([1]), "but there are 1 counts and 2 places"),
        ("order", np.array([0, 2]), "order must hold each word id from 0 to 1 once"),
        ("order", np.array([-1, 0]), "order must hold each word id"),
        ("order", np.array([1, 1]), "order must hold each word id"),
        ("order", np.array([[0, 1]]), "order must be one-dimensional"),
        ("blob", np.zeros(9), "blob must be one-dimensional"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name, value, text):
    with pytest.raises(InputError, match=text):
        Vocabulary(**(arrays() | {name: value}))


@given(st.lists(st.binary(max_size=6), unique=True, max_size=40), st.binary(max_size=6))
def test_every_word_is_found_and_no_other(keys, other):
    vocabulary = Vocabulary.from_words(keys)
    rare = WordIndex(vocabulary.blob, vocabulary.offsets, vocabulary.order)
    assert [vocabulary.word_bytes(i) for i in range(len(keys))] == keys
    assert [rare._search(key) for key in keys] == list(range(len(keys)))
    assert rare.find_all([*keys, other]) == [
        *range(len(keys)),
        keys.index(other) if other in keys else -1,
    ]


@given(st.lists(st.text(max_size=5), unique=True, max_size=20))
def test_any_text_comes_back(words):
    assert Vocabulary.from_words(words).words == words


def test_many_searches_and_few_give_the_same():
    words = [f"w{i * 37 % 1009}" for i in range(1009)]
    few, many = Vocabulary.from_words(words), Vocabulary.from_words(words)
    assert many.find(words).tolist() == list(range(1009))
    assert few._index._word_ids is None
    assert many._index._word_ids is not None
    assert few.key_to_index[words[700]] == many.key_to_index[words[700]] == 700
    assert few._index._word_ids is None
    assert "no such" not in few
    assert "no such" not in many


def test_lone_surrogates_do_not_crash(vocabulary):
    assert "\ud83d" not in vocabulary
    assert "\ud83d" in Vocabulary.from_words(["\ud83d"])


def test_repr_says_the_size(vocabulary):
    assert repr(vocabulary) == "<Vocabulary: 7 words>"
