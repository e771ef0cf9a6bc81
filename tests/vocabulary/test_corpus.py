import numpy as np
import pytest

from symvec.errors import InputError
from symvec.vocabulary.corpus import SENTENCE_END, EncodedCorpus


def test_a_corpus_says_how_long_it_is():
    corpus = EncodedCorpus(np.array([3, 1, SENTENCE_END, 3, SENTENCE_END], np.int32), 3, 2)
    assert (corpus.word_count, corpus.sentence_count) == (3, 2)
    assert EncodedCorpus(np.array([], np.int32), 0, 0).ids.size == 0


@pytest.mark.parametrize(
    ("ids", "words", "sentences", "message"),
    [
        (np.array([0, -1]), 1, 1, "ids must be one-dimensional int32, got shape (2,) of int64"),
        (np.zeros((1, 2), np.int32), 1, 1, "ids must be one-dimensional int32, got shape (1, 2)"),
        (np.array([0, 1, -1], np.int32), 1, 1, "1 words and 1 sentences need as many ids"),
        (np.array([-1, 0], np.int32), 1, 1, "the last id must be -1, the end of a sentence"),
    ],
)
def test_ids_that_do_not_fit(ids, words, sentences, message):
    with pytest.raises(InputError) as caught:
        EncodedCorpus(ids, words, sentences)
    assert str(caught.value).startswith(message)
