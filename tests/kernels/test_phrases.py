from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.kernels import phrase_pairs, phrases
from symvec.kernels.reference import phrases as reference

# The first example waits for the compiler.
COMPILED = settings(deadline=None)
WORDS = 6
sentences = st.lists(st.lists(st.integers(0, WORDS - 1), min_size=1, max_size=12), max_size=12)
pairs = st.tuples(st.integers(0, WORDS - 1), st.integers(0, WORDS - 1))


def as_ids(sentences):
    return np.array([word for sentence in sentences for word in [*sentence, -1]], np.int32)


def limits_of(ids, scale, floor, least):
    counts = np.bincount(ids[ids >= 0], minlength=WORDS).astype(np.int64)
    factors = counts.astype(np.float64)
    return phrase_pairs.PairLimits(counts, factors, scale, floor, least)


def steps(size, cut):
    """Return the stretches that ``size`` ids are gone through in."""
    edges = sorted({0, min(cut, size), size})
    return list(pairwise(edges))


def counted(ids, limits, *, sketch_size=1 << 10, shares=1, cut=5, room=100):
    sketch = np.zeros(sketch_size, np.uint8)
    for start, stop in steps(ids.size, cut):
        phrase_pairs.sketch_pairs(ids, start, stop, limits, sketch)
    found = {}
    for share in range(shares):
        table = phrase_pairs.empty_pair_table(256)
        left = room
        for start, stop in steps(ids.size, cut):
            left = phrase_pairs.count_pairs(
                ids, start, stop, limits, sketch, share, shares, table, left
            )
            assert left >= 0
        for slot in np.flatnonzero(table.counts):
            key = int(table.keys[slot])
            assert (key >> 32, key & 0xFFFFFFFF) not in found  # each pair has one share
            found[key >> 32, key & 0xFFFFFFFF] = int(table.counts[slot])
    return found


@COMPILED
@given(sentences, st.integers(1, 3), st.integers(0, 30))
def test_without_limits_all_pairs_are_counted(sentences, shares, cut):
    ids = as_ids(sentences)
    limits = limits_of(ids, 0.0, 0.0, 1.0)
    assert counted(ids, limits, shares=shares, cut=cut) == reference.pair_counts(ids.tolist())


@COMPILED
@given(
    sentences,
    st.floats(0, 1),
    st.floats(0, 3),
    st.integers(1, 4),
    st.sampled_from([1, 4, 1 << 10]),
)
def test_no_pair_that_suffices_is_missed_and_each_count_is_exact(
    sentences, scale, floor, least, sketch_size
):
    ids = as_ids(sentences)
    limits = limits_of(ids, scale, floor, float(least))
    found = counted(ids, limits, sketch_size=sketch_size)
    for (first, second), count in reference.pair_counts(ids.tolist()).items():
        wanted = max(floor + scale * limits.counts[first] * limits.counts[second], least)
        if count >= wanted:
            assert found[first, second] == count
        elif wanted > min(limits.counts[first], limits.counts[second]):
            assert (first, second) not in found
        else:
            assert found.get((first, second), count) == count


def test_counters_stay_at_255_and_counts_go_on():
    ids = as_ids([[0, 1]] * 1000)
    limits = limits_of(ids, 0.0, 0.0, 900.0)
    assert counted(ids, limits) == {(0, 1): 1000}


def test_a_full_table_says_so():
    ids = as_ids([[0, 1, 2, 3]])
    limits = limits_of(ids, 0.0, 0.0, 1.0)
    sketch = np.zeros(16, np.uint8)
    phrase_pairs.sketch_pairs(ids, 0, ids.size, limits, sketch)
    for room, left in ((2, -1), (3, 0)):
        table = phrase_pairs.empty_pair_table(8)
        assert left == phrase_pairs.count_pairs(ids, 0, ids.size, limits, sketch, 0, 1, table, room)


def joined_by_kernel(ids, joined, cut):
    table = phrases.JoinTable(
        np.zeros(128, np.uint64), np.zeros(128, np.int64), np.zeros(WORDS, np.uint8)
    )
    firsts, seconds = (np.array(side, np.int64) for side in zip(*joined, strict=True))
    new_ids = np.array(list(joined.values()), np.int64)
    phrases.fill_join_table(table, firsts, seconds, new_ids)
    counts = np.zeros(WORDS + len(joined), np.int64)
    counts[:WORDS] = np.bincount(ids[ids >= 0], minlength=WORDS)
    progress = np.zeros(phrases.PROGRESS_SIZE, np.int64)
    progress[phrases.WAITING] = phrases.NOTHING
    for start, stop in steps(ids.size, cut):
        phrases.join_pairs(ids, start, stop, table, counts, progress)
    assert progress[phrases.WAITING] == phrases.NOTHING
    return ids[: progress[phrases.WRITTEN]].tolist(), counts.tolist(), progress[phrases.JOINED]


@COMPILED
@given(sentences, st.sets(pairs, min_size=1), st.integers(0, 30))
def test_pairs_are_joined_from_left_to_right(sentences, chosen, cut):
    ids = as_ids(sentences)
    joined = {pair: WORDS + number for number, pair in enumerate(sorted(chosen))}
    expected = reference.join_pairs(ids.tolist(), joined)
    found, counts, joins = joined_by_kernel(ids.copy(), joined, cut)
    assert found == expected
    words = [word for word in expected if word >= 0]
    assert counts == np.bincount(words, minlength=len(counts)).tolist()
    assert joins == sum(word >= WORDS for word in words)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([0, 0, 0, -1], [6, 0, -1]),  # a word belongs to one pair
        ([0, 1, -1], [7, -1]),
        ([0, -1, 1, -1], [0, -1, 1, -1]),  # not across sentences
        ([1, 0, -1], [1, 0, -1]),  # not in the other order
        ([], []),
    ],
)
def test_which_pairs_are_joined(ids, expected):
    array = np.array(ids, np.int32)
    assert joined_by_kernel(array, {(0, 0): 6, (0, 1): 7}, 2)[0] == expected
