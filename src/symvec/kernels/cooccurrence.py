"""Pairs of words that stand near each other: found, summed, merged.

A pair is one number, so that sorting it needs nothing else: the pair's key above, the distance
below. All sums are of integers, so that no order of threads or parts can change a bit of them.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from symvec.arrays import Ids, Ids64
from symvec.kernels.compiling import Scalar, kernel, merged

Keys: TypeAlias = npt.NDArray[np.uint64]

AT, FILLED = 0, 1  # what a kernel's progress says: next to read, written so far


class PairBits(NamedTuple):
    """Where the parts of a pair lie in its number, from the top: groups, indices, distance.

    A word has a place: its group above, its index in the group below. Pairs are ordered by both
    groups first, so that the pairs of two groups lie together.
    """

    group_bits: int
    index_bits: int  # of a word in its group
    distance_bits: int


@merged
def _ordered_key(first: Scalar, second: Scalar, bits: PairBits) -> Scalar:
    """Return the key of two places, the lower one first."""
    low, high = np.uint64(min(first, second)), np.uint64(max(first, second))
    index, group = np.uint64(bits.index_bits), np.uint64(bits.group_bits)
    mask = (np.uint64(1) << index) - np.uint64(1)
    groups = ((low >> index) << group) | (high >> index)
    return (((groups << index) | (low & mask)) << index) | (high & mask)


@kernel
def find_pairs(
    ids: Ids,
    stop: int,
    places: Ids,
    window: int,
    bits: PairBits,
    pairs: Keys,
    progress: Ids64,
) -> None:
    """Write the pairs of each word with the words before it, until ``stop`` or no room is left.

    Args:
        ids: (ids,) int32, word ids; -1 ends a sentence.
        stop: where to end in ``ids``.
        places: (words,) int32, the place of each word.
        window: how far apart the words of a pair may be.
        bits: how a pair is written.
        pairs: (room,) uint64, out.
        progress: (2,) int64, in and out: AT is the next of ``ids`` whose pairs are to be written,
            FILLED how many pairs are.
    """
    at, filled = progress[AT], progress[FILLED]
    shift = np.uint64(bits.distance_bits)
    while at < stop and filled + window <= len(pairs):
        word = ids[at]
        if word >= 0:
            place = places[word]
            for distance in range(1, min(window, at) + 1):
                other = ids[at - distance]
                if other < 0:
                    break
                key = _ordered_key(place, places[other], bits)
                pairs[filled] = (key << shift) | np.uint64(distance - 1)
                filled += 1
        at += 1
    progress[AT], progress[FILLED] = at, filled


@kernel
def sum_pairs(
    pairs: Keys,
    stop: int,
    weights: Ids64,
    bits: PairBits,
    keys: Keys,
    sums: Ids64,
    progress: Ids64,
) -> None:
    """Sum sorted pairs to one weight a key, until ``stop`` or no room is left.

    A word that pairs with itself does so in both directions at once: it weighs twice.

    Args:
        pairs: (>= stop,) uint64, sorted.
        stop: how many of them there are.
        weights: (window,) int64, the weight of a pair by its distance - 1.
        bits: how a pair is written.
        keys: (room,) uint64, out, rising.
        sums: (room,) int64, out.
        progress: (2,) int64, in and out: AT in ``pairs``, FILLED of ``keys``.
    """
    at, filled = progress[AT], progress[FILLED]
    shift, index = np.uint64(bits.distance_bits), np.uint64(bits.index_bits)
    group = np.uint64(bits.group_bits)
    one = np.uint64(1)
    distances, indices = (one << shift) - one, (one << index) - one
    groups = (one << group) - one
    while at < stop and filled < len(keys):
        key = pairs[at] >> shift
        total = np.int64(0)
        while at < stop and pairs[at] >> shift == key:
            total += weights[np.int64(pairs[at] & distances)]
            at += 1
        both = key >> (index + index)
        if key & indices == (key >> index) & indices and both & groups == both >> group:
            total *= 2
        keys[filled] = key
        sums[filled] = total
        filled += 1
    progress[AT], progress[FILLED] = at, filled


@merged
def _sift(heads: Keys, runs: Ids64, count: Scalar, parent: Scalar) -> None:
    """Let the run at ``parent`` sink to its place in the heap of the runs' next keys."""
    head, run = heads[parent], runs[parent]
    while True:
        child = 2 * parent + 1
        if child >= count:
            break
        if child + 1 < count and heads[child + 1] < heads[child]:
            child += 1
        if heads[child] >= head:
            break
        heads[parent], runs[parent] = heads[child], runs[child]
        parent = child
    heads[parent], runs[parent] = head, run


@kernel
def merge_runs(
    keys: Keys,
    sums: Ids64,
    ranges: Ids64,
    heads: Keys,
    runs: Ids64,
    merged_keys: Keys,
    merged_sums: Ids64,
) -> int:
    """Merge sorted runs into one, keys that are alike into one, and return how many there are.

    Args:
        keys: (all,) uint64, the runs one after another, each rising.
        sums: (all,) int64.
        ranges: (runs, 2) int64, in: from where to where each run goes; overwritten.
        heads: (runs,) uint64, overwritten.
        runs: (runs,) int64, overwritten.
        merged_keys: (>= all,) uint64, out.
        merged_sums: (>= all,) int64, out.
    """
    count = 0
    for run in range(len(ranges)):
        if ranges[run, 0] < ranges[run, 1]:
            heads[count], runs[count] = keys[ranges[run, 0]], run
            count += 1
    for parent in range(count // 2 - 1, -1, -1):
        _sift(heads, runs, count, parent)
    filled = 0
    while count > 0:
        run = runs[0]
        at = ranges[run, 0]
        if filled > 0 and merged_keys[filled - 1] == heads[0]:
            merged_sums[filled - 1] += sums[at]
        else:
            merged_keys[filled], merged_sums[filled] = heads[0], sums[at]
            filled += 1
        ranges[run, 0] = at + 1
        if at + 1 < ranges[run, 1]:
            heads[0] = keys[at + 1]
        else:
            count -= 1
            heads[0], runs[0] = heads[count], runs[count]
        _sift(heads, runs, count, 0)
    return filled
