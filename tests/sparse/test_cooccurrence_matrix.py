import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.errors import IdError, InputError, UnknownSymbolError
from symvec.sparse import cooccurrence, one_hot
from symvec.vocabulary.corpus import EncodedCorpus
from symvec.vocabulary.vocabulary import Vocabulary


def dense_counts(sentences, words, window):
    counts = np.zeros((words, words))
    for sentence in sentences:
        for at, word in enumerate(sentence):
            for other in range(max(at - window, 0), at):
                weight = (window + 1 - (at - other)) / window
                counts[word, sentence[other]] += weight
                counts[sentence[other], word] += weight
    return counts


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(0, 6), max_size=8), max_size=5), st.integers(1, 5))
def test_counts_are_those_of_two_loops(sentences, window):
    found = cooccurrence(sentences, 7, window=window)
    np.testing.assert_allclose(found.toarray(), dense_counts(sentences, 7, window), rtol=1e-6)
    assert (found != found.T).nnz == 0
    assert found.has_canonical_format


def test_words_ids_and_an_encoded_corpus_say_the_same():
    vocabulary = Vocabulary.from_words(["green", "tea", "black"])
    words = cooccurrence([["green", "tea"], ["black", "tea"]], vocabulary)
    ids = cooccurrence([[0, 1], [2, 1]], vocabulary)
    corpus = EncodedCorpus(np.array([0, 1, -1, 2, 1, -1], np.int32), 4, 2)
    for other in (ids, cooccurrence(corpus, vocabulary), cooccurrence(corpus, 3, threads=3)):
        assert (words != other).nnz == 0


def test_a_one_hot_row_reads_the_row_of_a_word():
    counts = cooccurrence([[0, 1, 2, 1]], 4, weighting="flat")
    assert (one_hot([1], 4) @ counts).tolist() == [[2.0, 2.0, 2.0, 0.0]]


def test_what_the_vocabulary_does_not_have():
    with pytest.raises(IdError):
        cooccurrence([[0, 9]], 3)
    with pytest.raises(UnknownSymbolError, match="'milk' is not in the vocabulary"):
        cooccurrence([["milk"]], Vocabulary.from_words(["tea"]))
    with pytest.raises(InputError, match="is a word; pass the vocabulary"):
        cooccurrence([["milk"]], 3)
