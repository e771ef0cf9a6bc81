"""Rows of n-grams: a whole vocabulary's by kernels, and one word's in plain Python."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.errors import InputError, UnknownSymbolError
from symvec.text.cuttings import CUTTINGS
from symvec.text.jamo import Jamo
from symvec.text.ngrams import Characters, ngrams
from symvec.vocabulary import HashedRows, NgramRows, SubwordRows, Vocabulary
from symvec.vocabulary.index import encode

GOLDEN = Path(__file__).parents[1] / "golden" / "subwords"
WORDS = ["tübingen", "the", "한국어", "한국", "ㅋㅋ", "กำลัง", "日本", "</s>", "a", "👍🏽"]
MAKERS = [
    lambda vocabulary, cutting: SubwordRows(vocabulary, cutting, 101),
    lambda vocabulary, cutting: HashedRows(vocabulary, cutting, 101, 3),
    lambda vocabulary, cutting: NgramRows.of(vocabulary, cutting, 2),
]
# What letters of a word may be: few, so that words share n-grams; of each width in UTF-8.
LETTERS = "abé한국각ㅋ日👍\u0301\ud800"


def word_lists():
    word = st.one_of(
        st.text(LETTERS, min_size=1, max_size=8).map(encode),
        st.binary(min_size=1, max_size=12),
    )  # fmt: skip
    return st.lists(word, unique=True, max_size=12)


@pytest.mark.parametrize("make", MAKERS, ids=["buckets", "hashed", "listed"])
@pytest.mark.parametrize("kind", sorted(CUTTINGS))
@given(words=word_lists(), n=st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_the_vocabulary_and_a_word_alone_have_the_same_rows(make, kind, words, n):
    vocabulary = Vocabulary.from_words(words)
    rows = make(vocabulary, CUTTINGS[kind](min_n=n, max_n=n + 2))
    ragged = rows.word_rows()
    assert len(ragged) == len(words)
    for word_id, word in enumerate(vocabulary):
        assert ragged[word_id].tolist() == rows.rows_of(word).tolist()
        assert rows.covers(word)
    assert ragged.row_ids.max(initial=-1) < rows.row_count


@pytest.mark.parametrize("case", json.loads((GOLDEN / "fasttext.json").read_text("utf-8")))
def test_buckets_are_fasttexts(case):
    vocabulary = Vocabulary.from_words(case["vocabulary"])
    rows = SubwordRows(vocabulary, Characters(case["min_n"], case["max_n"]), case["bucket"])
    ragged = rows.word_rows()
    for word, expected in case["words"].items():
        if word in vocabulary:
            assert ragged[vocabulary.word_id(word)].tolist() == expected["row_ids"]
        if word and expected["row_ids"]:
            assert rows.rows_of(word).tolist() == expected["row_ids"]


@pytest.mark.parametrize("case", json.loads((GOLDEN / "floret.json").read_text("utf-8")))
def test_hashed_rows_are_florets(case):
    words = {
        word: row["row_ids"] for word, row in case["words"].items() if word not in ("", "</s>")
    }
    cutting = Characters(case["min_n"], case["max_n"])
    rows = HashedRows(Vocabulary.from_words(words), cutting, case["bucket"], case["hash_count"])
    ragged = rows.word_rows()
    for word_id, (word, expected) in enumerate(words.items()):
        assert ragged[word_id].tolist() == rows.rows_of(word).tolist() == expected


def test_listed_ngrams_are_those_that_occur_often_enough():
    vocabulary = Vocabulary.from_words(["abc", "abd", "xyz"], counts=[5, 2, 3])
    rows = NgramRows.of(vocabulary, Characters(2, 2), min_count=3)
    assert dict(zip(rows.ngrams, rows.ngrams.counts.tolist(), strict=True)) == {
        "<a": 7, "ab": 7, "bc": 5, "c>": 5, "<x": 3, "xy": 3, "yz": 3, "z>": 3,
    }  # fmt: skip
    assert rows.row_count == 3 + 8
    assert rows.rows_of("abd").tolist() == [1, 3, 4]
    assert rows.rows_of("yzc").tolist() == [3 + 6, 3 + 3]


def test_words_of_unknown_counts_count_once():
    rows = NgramRows.of(Vocabulary.from_words(["ab", "ac"]), Characters(2, 2), min_count=2)
    assert list(rows.ngrams) == ["<a"]


@pytest.mark.parametrize("make", MAKERS, ids=["buckets", "hashed", "listed"])
def test_no_words(make):
    rows = make(Vocabulary.from_words([]), Characters())
    assert len(rows.word_rows()) == 0
    assert rows.word_matrix(np.ones((rows.row_count, 3), np.float32)).shape == (0, 3)


@pytest.mark.parametrize("make", MAKERS, ids=["buckets", "hashed", "listed"])
def test_word_vectors_are_the_mean_of_their_rows_to_the_bit(make):
    rows = make(Vocabulary.from_words(WORDS), Jamo())
    table = np.random.default_rng(1).normal(size=(rows.row_count, 7)).astype(np.float32)
    matrix = rows.word_matrix(table)
    for word_id, word in enumerate(WORDS):
        assert matrix[word_id].tobytes() == table[rows.rows_of(word)].mean(axis=0).tobytes()


@pytest.mark.parametrize("make", MAKERS, ids=["buckets", "hashed", "listed"])
def test_rows_are_made_again_from_what_a_file_holds(make):
    rows = make(Vocabulary.from_words(WORDS), Jamo(2, 4, 1))
    again = type(rows).from_metadata(rows.vocabulary, rows.to_metadata(), rows.to_tensors())
    assert again.word_rows().row_ids.tolist() == rows.word_rows().row_ids.tolist()
    assert json.loads(json.dumps(rows.to_metadata())) == again.to_metadata()


def test_words_never_seen():
    vocabulary = Vocabulary.from_words(["coffee"])
    rows = SubwordRows(vocabulary, Characters(3, 6), 1000)
    known = rows.rows_of("coffee")
    assert known[0] == 0
    assert (rows.rows_of("coffees") > 0).all()
    assert set(known.tolist()) & set(rows.rows_of("coffees").tolist())
    assert not rows.covers("")


def test_words_too_short_for_an_ngram_say_so():
    vocabulary = Vocabulary.from_words(["tea", "coffee"])
    expected = (
        "'te' is not in the vocabulary and is too short for n-grams of 5 to 6 characters; did"
    )
    with pytest.raises(UnknownSymbolError, match=expected):
        SubwordRows(vocabulary, Characters(5, 6), 1000).rows_of("te")
    with pytest.raises(UnknownSymbolError, match="and is too short for n-grams of 5 to 6"):
        NgramRows.of(vocabulary, Characters(5, 6), 1).rows_of("te")
    with pytest.raises(UnknownSymbolError, match="and has no n-gram that is"):
        NgramRows.of(vocabulary, Characters(3, 3), 1).rows_of("milk")


def test_each_word_but_the_empty_one_has_hashed_rows():
    rows = HashedRows(Vocabulary.from_words(["tea"]), Characters(5, 6), 50, 2)
    assert len(rows.rows_of("x")) == 2
    with pytest.raises(UnknownSymbolError, match="'' is not in the vocabulary"):
        rows.rows_of("")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda v: SubwordRows(v, Characters(), 0), "bucket must be a whole number from 1 to 2147"),
        (lambda v: SubwordRows(v, Characters(), 2.0), "bucket must be a whole number .* got 2.0"),
        (lambda v: HashedRows(v, Characters(), 9, 5), "hash_count must be .* from 1 to 4, got 5"),
        (lambda v: HashedRows(v, Characters(), 9, 1, -1), "hash_seed must be .* got -1"),
    ],
)
def test_numbers_that_cannot_work(make, message):
    with pytest.raises(InputError, match=message):
        make(Vocabulary.from_words(["tea"]))


def test_words_are_cut_in_parts_as_at_once(monkeypatch):
    words = [f"word{number}" for number in range(50)]
    rows = SubwordRows(Vocabulary.from_words(words), Characters(), 1000)
    whole = rows.word_rows()
    monkeypatch.setattr("symvec.vocabulary.cut_words._WORDS_AT_ONCE", 7)
    assert rows.word_rows().row_ids.tolist() == whole.row_ids.tolist()


def test_one_word_needs_no_compiler():
    program = (
        "import sys\n"
        "from symvec.text.ngrams import Characters\n"
        "from symvec.vocabulary import HashedRows, SubwordRows, Vocabulary\n"
        "words = Vocabulary.from_words(['tea'])\n"
        "SubwordRows(words, Characters()).rows_of('teas')\n"
        "HashedRows(words, Characters()).rows_of('teas')\n"
        "sys.exit('numba' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_ngrams_of_longer_words_are_interned_by_their_bytes():
    # Longer than the fifteen bytes that the table keeps as they are.
    words = ["abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyy"]
    rows = NgramRows.of(Vocabulary.from_words(words), Characters(20, 22), 1)
    assert sorted(rows.ngrams) == sorted(
        {ngram.decode() for word in words for ngram in ngrams(Characters(20, 22), word.encode())}
    )
