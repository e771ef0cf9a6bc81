"""The kernels of n-grams, compiled or not, against the plain Python of a single word."""

import numpy as np
import pytest

from symvec.kernels.bag_means import fill_bag_means
from symvec.text.cuttings import CUTTINGS
from symvec.vocabulary import HashedRows, SubwordRows, Vocabulary

WORDS = [
    "tübingen",
    "한국어",
    "ㅋㅋ",
    "กำลัง",
    "日本",
    "</s>",
    "a",
    "👍🏽",
    "antidisestablishment",
    "\udcff",
]


@pytest.mark.parametrize("kind", sorted(CUTTINGS))
@pytest.mark.parametrize("n", [1, 2, 5])
def test_rows_of_all_words_are_those_of_each(kind, n):
    vocabulary = Vocabulary.from_words(WORDS)
    cutting = CUTTINGS[kind](min_n=n, max_n=n + 1)
    for rows in (SubwordRows(vocabulary, cutting, 997), HashedRows(vocabulary, cutting, 997, 4)):
        ragged = rows.word_rows()
        for word_id, word in enumerate(WORDS):
            assert ragged[word_id].tolist() == rows.rows_of(word).tolist()


def test_means_are_numpys_to_the_bit():
    random = np.random.default_rng(2)
    table = random.normal(size=(9, 5)).astype(np.float32)
    row_ids, offsets = np.array([3, 3, 1, 8, 0]), np.array([0, 3, 3, 5])
    means = np.full((3, 5), np.nan, np.float32)
    fill_bag_means(table, row_ids, offsets, means, 0, 3)
    assert means[0].tobytes() == table[[3, 3, 1]].mean(axis=0).tobytes()
    assert means[1].tolist() == [0] * 5
    assert means[2].tobytes() == table[[8, 0]].mean(axis=0).tobytes()
