import pytest

from symvec.errors import InputError
from symvec.text.graphemes import Graphemes
from symvec.text.jamo import Jamo
from symvec.text.ngrams import Characters
from symvec.training.algorithms import settings_of
from symvec.training.settings import SubwordSettings
from symvec.vocabulary import HashedRows, NgramRows, SubwordRows, Vocabulary, WordRows

WORDS = Vocabulary.from_words(["tea", "teas"], counts=[5, 3])


def part(**given):
    return settings_of("skipgram", given).part(SubwordSettings)


def test_words_are_one_row_each_unless_told_otherwise():
    assert isinstance(part().rows(WORDS), WordRows)
    assert part().to_metadata() == {"subwords": "none"}


@pytest.mark.parametrize(
    ("given", "cutting"),
    [
        ({"subwords": "chars"}, Characters(3, 6)),
        ({"subwords": "graphemes", "max_n": 4}, Graphemes(3, 4)),
        ({"subwords": "jamo"}, Jamo(3, 5, 4)),
        ({"subwords": "jamo", "min_n": 2, "max_syllables": 0}, Jamo(2, 5, 0)),
    ],
)
def test_cuttings(given, cutting):
    assert part(**given).cutting == cutting


def test_rows():
    buckets = part(subwords="chars", bucket=9).rows(WORDS)
    hashed = part(subwords="chars", ngram_rows="hashed", bucket=9, hash_count=3).rows(WORDS)
    listed = part(subwords="chars", ngram_rows="listed", ngram_min_count=8).rows(WORDS)
    assert isinstance(buckets, SubwordRows)
    assert isinstance(hashed, HashedRows)
    assert isinstance(listed, NgramRows)
    assert (buckets.row_count, hashed.row_count, hashed.hash_count) == (11, 9, 3)
    assert list(listed.ngrams) == ["<te", "<tea", "tea"]


def test_the_file_tells_the_lengths_in_force():
    told = part(subwords="jamo", ngram_rows="hashed", bucket=9).to_metadata()
    assert told == {
        "subwords": "jamo", "min_n": 3, "max_n": 5, "max_syllables": 4, "ngram_rows": "hashed",
        "bucket": 9, "hash_count": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"subwords": "words"}, "subwords must be 'none' or 'chars' or 'graphemes' or 'jamo'"),
        ({"subwords": "chars", "min_n": 5, "max_n": 4}, "got min_n=5 and max_n=4"),
        ({"subwords": "chars", "bucket": 0}, "bucket must be from 1 to 2147483647, got 0"),
        ({"subwords": "chars", "bucket": 1.5}, "bucket must be a whole number, got 1.5"),
        (
            {"subwords": "chars", "ngram_rows": "hashed", "hash_count": 5},
            "hash_count must be from 1 to 4, got 5",
        ),
        ({"min_n": 2}, "min_n"),
        ({"bucket": 100}, "subwords='none'"),
        ({"subwords": "chars", "hash_count": 2}, "ngram_rows='buckets'"),
        ({"subwords": "chars", "max_syllables": 2}, "subwords='chars'"),
        ({"subwords": "chars", "ngram_rows": "listed", "bucket": 5}, "ngram_rows='listed'"),
    ],
)
def test_what_cannot_work(given, message):
    with pytest.raises(InputError, match=message):
        part(**given)


def test_glove_has_no_subwords():
    with pytest.raises(InputError, match="subwords"):
        settings_of("glove", {"subwords": "chars"})
