from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.kernels import positions as kernels
from symvec.kernels.compiling import kernel
from symvec.kernels.positions import Positions
from symvec.kernels.reference.positions import block_tokens, corpus_windows, kept_sentences
from symvec.kernels.reference.random import draw

ALL = np.uint32(2**32 - 1)


@kernel
def _fill(ids, start, stop, keep_thresholds, key, window, least_reach, positions):
    return kernels.fill_positions(
        ids, start, stop, keep_thresholds, key, window, least_reach, positions
    )


def fill(ids, start, stop, thresholds, key, window, least_reach=1):
    positions = Positions(
        *(np.full(stop - start + 2 * window, -9, np.int32) for _ in Positions._fields)
    )
    found = _fill(ids, start, stop, thresholds, np.uint64(key), window, least_reach, positions)
    return positions, *map(int, found)


def corpora():
    sentence = st.lists(st.integers(0, 5), max_size=12)
    return st.lists(sentence, min_size=1, max_size=8).map(
        lambda sentences: np.array([i for words in sentences for i in (*words, -1)], np.int32)
    )


@given(
    corpora(),
    st.integers(1, 6),
    st.integers(1, 20),
    st.integers(0, 2**64 - 1),
    st.sampled_from([ALL, np.uint32(2**31), np.uint32(2**30)]),
    st.booleans(),
)
@settings(deadline=None)
def test_blocks_together_make_the_windows_of_whole_sentences(
    ids, window, block, key, threshold, shrinks
):
    least = 1 if shrinks else window
    thresholds = np.full(6, threshold, np.uint32)
    sentences = kept_sentences(ids, thresholds, key)
    kept = [token for sentence in sentences for token in sentence]
    expected = [
        (int(ids[centre]), [int(ids[token]) for token in contexts])
        for centre, contexts in corpus_windows(sentences, key, window, least)
    ]
    found = []
    for start in range(0, len(ids), block):
        stop = min(start + block, len(ids))
        positions, first, last, count = fill(ids, start, stop, thresholds, key, window, least)
        words = positions.word_ids[:count].tolist()
        before, own, after = block_tokens(ids, kept, start, stop, window)
        assert words == [int(ids[token]) for token in (*before, *own, *after)]
        assert (first, last) == (len(before), len(before) + len(own))
        for centre in range(first, last):
            begin, end = int(positions.first[centre]), int(positions.stop[centre])
            assert 0 <= begin <= centre < end <= count
            assert centre - window <= begin
            assert end <= centre + window + 1
            found.append((words[centre], words[begin:centre] + words[centre + 1 : end]))
        for context in (*range(first), *range(last, count)):
            assert positions.first[context] == positions.stop[context]
    assert found == expected


def test_words_are_kept_as_often_as_their_thresholds_say():
    ids = np.tile(np.array([0, 1, 2], np.int32), 20_000)
    shares = np.array([1.0, 0.5, 0.1])
    thresholds = (shares * 2**32 - 1).astype(np.uint32)
    positions, first, last, _ = fill(ids, 0, len(ids), thresholds, 7, 5)
    kept = Counter(positions.word_ids[first:last].tolist())
    assert kept[0] == 20_000  # a probability of 1 never loses a word
    for word in (1, 2):
        spread = np.sqrt(20_000 * shares[word] * (1 - shares[word]))
        assert kept[word] == pytest.approx(20_000 * shares[word], abs=4 * spread)


def test_windows_shrink_evenly():
    ids = np.zeros(20_000, np.int32)
    positions, first, last, _ = fill(ids, 0, len(ids), np.array([ALL]), 3, 5)
    reaches = Counter((positions.stop - np.arange(len(positions.stop)) - 1)[first + 5 : last - 5])
    assert sorted(reaches) == [1, 2, 3, 4, 5]
    for count in reaches.values():
        assert count == pytest.approx(4000, abs=4 * np.sqrt(4000))


def test_windows_that_do_not_shrink_reach_all_they_can():
    ids = np.zeros(200, np.int32)
    positions, first, last, _ = fill(ids, 0, len(ids), np.array([ALL]), 3, 5, 5)
    reaches = (positions.stop - np.arange(len(positions.stop)) - 1)[first : last - 5]
    assert set(reaches) == {5}


def test_each_epoch_draws_anew():
    ids = np.zeros(200, np.int32)
    half = np.array([2**31], np.uint32)
    one, other = (fill(ids, 0, 200, half, draw(1, epoch), 5) for epoch in (0, 1))
    assert one[0].stop[: one[3]].tolist() != other[0].stop[: other[3]].tolist()
