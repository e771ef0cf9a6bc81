"""Which pairs of neighbouring words are frequent enough to be a phrase: exact, in bounded memory.

Nearly all pairs of a text are too rare. So a pass over the ids adds each pair to one of many small
counters, which pairs share: none can have occurred more often than its counter says. Only pairs
whose counters suffice are then counted one by one, in a hash table; where they are more than it
holds, a share of them in each of several passes.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from symvec.arrays import Bytes1, Double1, Ids, Ids64
from symvec.kernels.compiling import Scalar, inlined, kernel, wraps_around

PairKeys: TypeAlias = npt.NDArray[np.uint64]

_HALF = np.uint64(32)
# An odd constant with well spread bits (the golden ratio), as in the table of words.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FOLD_SHIFT = np.uint64(29)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)
_ONE = np.uint64(1)
_MOST = np.uint8(255)


class PairLimits(NamedTuple):
    """How often a pair must occur at least: ``floor + scale * factor * factor``, or ``least``.

    Both scores of phrases come to this: see ``symvec.vocabulary.phrase_scores``.
    """

    counts: Ids64  # (words,) occurrences
    factors: Double1  # (words,)
    scale: float
    floor: float
    least: float


class PairTable(NamedTuple):
    """Counted pairs by open addressing; both arrays (power of two,)."""

    keys: PairKeys  # first word << 32 | second word
    counts: Ids64  # 0 in a free slot


def empty_pair_table(slot_count: int) -> PairTable:
    """Return a table of so many slots, a power of two; two thirds of them may be filled."""
    return PairTable(np.zeros(slot_count, np.uint64), np.zeros(slot_count, np.int64))


@inlined
def pair_key(first: Scalar, second: Scalar) -> Scalar:
    """Return the number of a pair of word ids."""
    return (np.uint64(first) << _HALF) | np.uint64(second)


@wraps_around
@inlined
def pair_hash(key: Scalar) -> Scalar:
    """Return well spread bits of a pair."""
    mixed = (key ^ (key >> _FOLD_SHIFT)) * _SPREAD
    return (mixed ^ (mixed >> _HALF)) * _SECOND


@inlined
def pair_slot(keys: PairKeys, counts: Ids64, key: Scalar, bits: Scalar) -> Scalar:
    """Return the slot of a pair, or the free one where it would be."""
    mask = np.uint64(keys.size - 1)
    slot = (bits >> _HALF) & mask
    while counts[slot] != 0 and keys[slot] != key:
        slot = (slot + _ONE) & mask
    return slot


@inlined
def _least_count(limits: PairLimits, first: Scalar, second: Scalar) -> Scalar:
    """Return how often a pair must occur; infinity where it cannot occur so often."""
    wanted: Scalar = limits.floor + limits.scale * limits.factors[first] * limits.factors[second]
    wanted = max(wanted, limits.least)
    possible = min(limits.counts[first], limits.counts[second])
    return wanted if wanted <= possible else np.inf


@kernel
def sketch_pairs(ids: Ids, start: Scalar, stop: Scalar, limits: PairLimits, sketch: Bytes1) -> None:
    """Add the pairs that end in ``ids[start:stop]`` to the counters that they share.

    Args:
        ids: (tokens,) int32 word ids, -1 behind each sentence.
        start: first token.
        stop: behind the last token.
        limits: `PairLimits`; pairs that can never suffice are left out.
        sketch: (power of two,) uint8 counters, which stay at 255.
    """
    mask = np.uint64(sketch.size - 1)
    first: Scalar = ids[start - 1] if start > 0 else np.int32(-1)
    for place in range(start, stop):
        second = ids[place]
        if first >= 0 and second >= 0 and _least_count(limits, first, second) < np.inf:
            counter = pair_hash(pair_key(first, second)) & mask
            if sketch[counter] < _MOST:
                sketch[counter] += np.uint8(1)
        first = second


@kernel
def count_pairs(
    ids: Ids,
    start: Scalar,
    stop: Scalar,
    limits: PairLimits,
    sketch: Bytes1,
    share: Scalar,
    shares: Scalar,
    table: PairTable,
    room: Scalar,
) -> Scalar:
    """Count the pairs that end in ``ids[start:stop]`` and may suffice, one by one.

    Args:
        ids: see ``sketch_pairs``, as for those that follow.
        start: first token.
        stop: behind the last token.
        limits: `PairLimits`.
        sketch: what ``sketch_pairs`` left after all ids.
        share: which pairs are counted: those whose hash leaves this remainder.
        shares: the divisor.
        table: `PairTable`, where they are counted.
        room: how many new pairs it may take.

    Returns:
        How many it may still take; -1 if there were more, and the table is of no use.
    """
    mask = np.uint64(sketch.size - 1)
    first: Scalar = ids[start - 1] if start > 0 else np.int32(-1)
    for place in range(start, stop):
        second = ids[place]
        if first >= 0 and second >= 0:
            wanted = _least_count(limits, first, second)
            key = pair_key(first, second)
            bits = pair_hash(key)
            seen = sketch[bits & mask]
            if wanted <= seen or (seen == _MOST and wanted < np.inf):
                if shares == 1 or np.int64(bits >> _HALF) % shares == share:
                    slot = pair_slot(table.keys, table.counts, key, bits)
                    if table.counts[slot] == 0:
                        if room == 0:
                            return -1
                        room -= 1
                        table.keys[slot] = key
                    table.counts[slot] += 1
        first = second
    return room
