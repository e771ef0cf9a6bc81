import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.kernels.cooccurrence import AT, FILLED, PairBits, find_pairs, merge_runs, sum_pairs
from symvec.kernels.reference import cooccurrence as twin

WORDS = 12
BITS = PairBits(0, 4, 3)
PLACES = np.arange(WORDS, dtype=np.int32)
corpora = st.lists(st.lists(st.integers(0, WORDS - 1), min_size=1, max_size=12), max_size=6).map(
    lambda lines: np.array([word for line in lines for word in [*line, -1]], np.int32)
)


def pairs_of(ids, window, bits=BITS, places=PLACES, room=2000):
    pairs, progress = np.zeros(room, np.uint64), np.zeros(2, np.int64)
    find_pairs(ids, len(ids), places, window, bits, pairs, progress)
    return pairs[: progress[FILLED]], progress


def sums_of(pairs, units, bits=BITS, room=2000):
    keys, sums, progress = np.zeros(room, np.uint64), np.zeros(room, np.int64), np.zeros(2, int)
    sum_pairs(np.sort(pairs), len(pairs), np.array(units), bits, keys, sums, progress)
    return keys[: progress[FILLED]], sums[: progress[FILLED]], progress


@settings(deadline=None)
@given(corpora, st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_pairs_are_those_of_the_twin(ids, units):
    keys, sums, _ = sums_of(pairs_of(ids, len(units))[0], units)
    found = {
        (int(key) >> 4, int(key) & 15): int(total) for key, total in zip(keys, sums, strict=True)
    }
    assert found == twin.count_pairs(ids, units)
    assert np.array_equal(keys, np.unique(keys))


def test_a_word_beside_itself_counts_in_both_directions():
    keys, sums, _ = sums_of(pairs_of(np.array([3, 3, 3, -1], np.int32), 1)[0], [5])
    assert keys.tolist() == [3 << 4 | 3]
    assert sums.tolist() == [20]


def test_a_full_buffer_goes_on_where_it_stopped():
    ids = np.tile(np.array([0, 1, 2, 3, 4, -1], np.int32), 5)
    whole = pairs_of(ids, 3)[0].tolist()
    pairs, progress, found = np.zeros(7, np.uint64), np.zeros(2, np.int64), []
    while progress[AT] < len(ids):
        progress[FILLED] = 0
        find_pairs(ids, len(ids), PLACES, 3, BITS, pairs, progress)
        assert progress[FILLED] <= 7
        found += pairs[: progress[FILLED]].tolist()
    assert found == whole


def test_a_full_output_goes_on_where_it_stopped():
    pairs = np.sort(pairs_of(np.array([0, 1, 2, 0, 1, 2, -1], np.int32), 2)[0])
    keys, sums, _ = sums_of(pairs, [3, 1])
    part_keys, part_sums, progress = np.zeros(1, np.uint64), np.zeros(1, int), np.zeros(2, int)
    found = []
    while progress[AT] < len(pairs):
        progress[FILLED] = 0
        sum_pairs(pairs, len(pairs), np.array([3, 1]), BITS, part_keys, part_sums, progress)
        found.append((part_keys[0], part_sums[0]))
    assert found == list(zip(keys, sums, strict=True))


def test_groups_come_before_indices():
    bits = PairBits(1, 3, 1)
    places = np.array([0, 1, 8, 9], np.int32)  # words 0 and 1 in group 0, 2 and 3 in group 1
    ids = np.array([3, 0, -1, 1, 0, -1, 2, 3, -1], np.int32)
    keys, _, _ = sums_of(pairs_of(ids, 1, bits, places)[0], [1], bits)
    parts = [(int(k) >> 7, int(k) >> 6 & 1, int(k) >> 3 & 7, int(k) & 7) for k in keys]
    assert parts == [(0, 0, 0, 1), (0, 1, 0, 1), (1, 1, 0, 1)]


@pytest.mark.parametrize("runs", [0, 1, 2, 3, 5, 8])
def test_runs_are_merged_like_the_twin_does(runs):
    random = np.random.default_rng(runs)
    parts = [
        (np.unique(random.integers(0, 2**40, random.integers(0, 60)).astype(np.uint64) % 97), n)
        for n in range(runs)
    ]
    parts = [(keys, random.integers(1, 9, len(keys))) for keys, _ in parts]
    keys = np.concatenate([np.zeros(0, np.uint64), *(part for part, _ in parts)])
    sums = np.concatenate([np.zeros(0, np.int64), *(part for _, part in parts)])
    ends = np.cumsum([0, *(len(part) for part, _ in parts)])
    ranges = np.stack([ends[:-1], ends[1:]], axis=1)
    merged_keys, merged_sums = np.zeros(len(keys), np.uint64), np.zeros(len(keys), np.int64)
    heads, order = np.zeros(runs, np.uint64), np.zeros(runs, np.int64)
    count = merge_runs(keys, sums, ranges, heads, order, merged_keys, merged_sums)
    if runs:
        expected_keys, expected_sums = twin.merge_runs(parts)
        assert merged_keys[:count].tolist() == expected_keys.tolist()
        assert merged_sums[:count].tolist() == expected_sums.tolist()
    else:
        assert count == 0
