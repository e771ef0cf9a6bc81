import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.errors import InputError, UnknownSymbolError
from symvec.text.ngram_hashing import fnv1a, fnv1a_of_characters
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordOrNgramRows
from symvec.vocabulary.listed_places import ListedPlaces
from symvec.vocabulary.ngram_places import HashedPlaces, all_runs
from symvec.vocabulary.stored_places import StoredPlaces

# What finalfusion's own tests expect of these words with 2^21 buckets and n-grams of 3 to 6.
FINALFUSION = {
    "Daniël": [
        214157, 233912, 311961, 488897, 620206, 741276, 841219, 1167494, 1192256, 1489905,
        1532271, 1644730, 1666166, 1679745, 1680294, 1693100, 2026735, 2065822,
    ],
    "hallo": [
        75867, 104120, 136555, 456131, 599360, 722393, 938007, 985859, 1006102, 1163391,
        1218704, 1321513, 1505861, 1892376,
    ],
}  # fmt: skip
WORDS = Vocabulary.from_words(["tea", "coffee"])
CUTTING = Characters(2, 3)


def listed(rows=(1, 0, 1), row_count=2):
    ngrams = Vocabulary.from_words(["<t", "te", "ee>"])
    return ListedPlaces(CUTTING, ngrams, np.array(rows, dtype=np.int64), row_count)


def stored(buckets=(1, 4, 6)):
    hashed = HashedPlaces(CUTTING, 8, "gensim")
    return StoredPlaces(hashed, np.array(buckets, dtype=np.int64))


@pytest.mark.parametrize("word", FINALFUSION)
def test_buckets_are_finalfusions(word):
    places = HashedPlaces(Characters(3, 6), 2**21, "finalfusion")
    assert sorted(places.of(word)) == FINALFUSION[word]


@given(st.text(st.characters(max_codepoint=127), max_size=9))
def test_gensims_old_hash_of_ascii_is_fasttexts(text):
    assert fnv1a_of_characters(text) == fnv1a(text.encode())


def test_gensims_old_hash_of_other_characters_takes_code_points():
    assert fnv1a_of_characters("é") == (2166136261 ^ 0xE9) * 16777619 % 2**32
    assert fnv1a_of_characters("é") != fnv1a("é".encode())


def test_fasttexts_ngrams_leave_out_the_marks():
    cutting = Characters(1, 1)
    assert all_runs(cutting, "a") == ["<", "a", ">"]
    assert len(HashedPlaces(cutting, 8, "gensim").of("a")) == 3
    assert HashedPlaces(cutting, 8, "fasttext").of("a") == [fnv1a(b"a") % 8]
    assert all_runs(Characters(1, 9), "") == []


def test_stored_buckets_are_those_that_are_there():
    wanted = HashedPlaces(CUTTING, 8, "gensim").of("teas")
    expected = [(1, 4, 6).index(bucket) for bucket in wanted if bucket in (1, 4, 6)]
    assert expected
    assert stored().of("teas") == expected
    assert stored(()).of("teas") == []


def test_listed_ngrams_may_share_a_row_and_come_twice():
    assert listed().of("tete") == [1, 0, 0]
    assert listed().of("xy") == []


@pytest.mark.parametrize("places", [HashedPlaces(CUTTING, 8, "gensim"), stored(), listed()])
def test_a_word_is_its_row_and_another_the_mean_of_its_ngrams(places, tmp_path):
    rows = WordOrNgramRows(WORDS, places)
    table = np.random.default_rng(1).standard_normal((rows.row_count, 3)).astype(np.float32)
    vectors = Vectors(rows, table)
    assert vectors["tea"].tolist() == table[0].tolist()
    assert np.shares_memory(vectors.word_matrix, vectors.table)
    assert rows.word_rows().row_ids.tolist() == [0, 1]
    behind = table[[2 + place for place in places.of("teas")]]
    assert np.allclose(vectors["teas"], behind.mean(axis=0))
    assert "teas" in vectors
    assert [word for word, _ in vectors.most_similar("teas")] != []
    again = WordOrNgramRows.from_metadata(rows.kind, WORDS, rows.to_metadata(), rows.to_tensors())
    assert again.rows_of("teas").tolist() == rows.rows_of("teas").tolist()
    assert again.row_count == rows.row_count


def test_words_without_rows_say_why():
    rows = WordOrNgramRows(WORDS, listed())
    assert "xy" not in Vectors(rows, np.zeros((4, 2), np.float32))
    with pytest.raises(UnknownSymbolError, match="has no n-gram that is"):
        rows.rows_of("xyz")
    rows = WordOrNgramRows(WORDS, HashedPlaces(Characters(5, 6), 8, "finalfusion"))
    with pytest.raises(UnknownSymbolError, match="too short for n-grams of 5 to 6 characters"):
        rows.rows_of("xy")
    with pytest.raises(UnknownSymbolError):
        rows.rows_of("")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: HashedPlaces(CUTTING, 8, "md5"), "one of fasttext, gensim, finalfusion"),
        (lambda: HashedPlaces(CUTTING, 0, "gensim"), "bucket must be"),
        (lambda: stored((4, 1)), "must rise from 0 to at most 7"),
        (lambda: stored((-1, 1)), "must rise"),
        (lambda: stored((1, 8)), "must rise"),
        (lambda: listed((0, 1)), "3 n-grams have 2 places"),
        (lambda: listed((0, 1, 2)), "none of the 2"),
        (lambda: listed((0, -1, 1)), "none of the 2"),
    ],
)
def test_what_does_not_fit_is_refused(make, text):
    with pytest.raises(InputError, match=text):
        make()
