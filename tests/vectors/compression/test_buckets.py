import numpy as np
import pytest

from symvec.errors import InputError
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vectors.compression import fewer_buckets, unseen_word_cosines
from symvec.vocabulary import SubwordRows, Vocabulary, WordRows

WORDS = ["tea", "teas", "coffee", "coffees", "milk"]


@pytest.fixture
def vectors():
    rows = SubwordRows(Vocabulary.from_words(WORDS), Characters(3, 4), 60)
    table = np.random.default_rng(1).normal(size=(rows.row_count, 6)).astype(np.float32)
    return Vectors(rows, table)


@pytest.mark.parametrize("bucket", [30, 6, 1])
def test_words_of_the_vocabulary_keep_their_vectors(vectors, bucket):
    fewer = fewer_buckets(vectors, bucket)
    assert len(fewer.table) == len(WORDS) + bucket
    np.testing.assert_allclose(fewer.word_matrix, vectors.word_matrix, atol=1e-5)
    assert "teapot" in fewer


def test_as_many_buckets_as_before_change_no_unseen_word(vectors):
    same = fewer_buckets(vectors, 60)
    np.testing.assert_allclose(same["teapot"], vectors["teapot"], atol=1e-6)
    assert unseen_word_cosines(vectors, same) == pytest.approx(1)


def test_fewer_buckets_cost_unseen_words_more(vectors):
    kept = [unseen_word_cosines(vectors, fewer_buckets(vectors, n)).mean() for n in (30, 1)]
    assert 1 > kept[0] > kept[1]


def test_what_cannot_be_is_said(vectors):
    with pytest.raises(InputError, match=r"must divide the 60 that there are, got 25; 30 would do"):
        fewer_buckets(vectors, 25)
    with pytest.raises(InputError, match="divide the 60"):
        fewer_buckets(vectors, 0)
    plain = Vectors(WordRows(Vocabulary.from_words(["a"])), np.ones((1, 2), np.float32))
    with pytest.raises(InputError, match="of the kind 'words'"):
        fewer_buckets(plain, 1)
