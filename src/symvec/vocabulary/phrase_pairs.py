"""Going through a corpus for the pairs of words that may be phrases, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from symvec.arrays import Bytes1, Ids, Ids64
from symvec.kernels import phrase_pairs as kernels
from symvec.kernels.phrase_pairs import PairLimits, PairTable

IDS_PER_CHUNK: Final = 1 << 22
# Together a quarter of a gigabyte: a byte a counter, 16 bytes a slot.
MOST_COUNTERS: Final = 1 << 27
MOST_SLOTS: Final = 1 << 23
# Measured: below a counter a word many pairs too many have to be counted; more counters miss the
# processor's cache more often.
_LEAST_COUNTERS: Final = 1 << 10
_LEAST_SLOTS: Final = 1 << 10
_IDS_PER_SLOT: Final = 8
_GROWTH: Final = 4
_HALF: Final = np.uint64(32)
_LOW: Final = np.uint64(0xFFFFFFFF)


class Pairs(NamedTuple):
    """Pairs of word ids and how often each occurs; all (pairs,) int64."""

    first: Ids64
    second: Ids64
    counts: Ids64


def frequent_pairs(
    ids: Ids,
    limits: PairLimits,
    *,
    most_counters: int = MOST_COUNTERS,
    most_slots: int = MOST_SLOTS,
) -> Pairs:
    """Return the pairs of neighbours that occur often enough, with their exact counts.

    Args:
        ids: (tokens,) int32 word ids, -1 behind each sentence; a memory map, as a rule.
        limits: how often is enough; a few that do not suffice may be among them.
        most_counters: bytes for counters that pairs share, a power of two.
        most_slots: of 16 bytes, for pairs that are counted one by one, a power of two.

    Returns:
        `Pairs` in the order of their word ids.
    """
    counters = min(_power_of_two(max(ids.size, _LEAST_COUNTERS)), most_counters)
    sketch = np.zeros(counters, dtype=np.uint8)
    for start, stop in chunks(ids.size):
        kernels.sketch_pairs(ids, start, stop, limits, sketch)
    slots = min(_power_of_two(max(ids.size // _IDS_PER_SLOT, _LEAST_SLOTS)), most_slots)
    shares, found = 1, None
    while found is None:
        found = _counted(ids, limits, sketch, shares, slots)
        if slots < most_slots:
            slots = min(slots * _GROWTH, most_slots)
        else:
            shares *= 2
    keys, counts = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(keys)
    keys = keys[order]
    return Pairs((keys >> _HALF).astype(np.int64), (keys & _LOW).astype(np.int64), counts[order])


def chunks(size: int) -> Iterator[tuple[int, int]]:
    """Go through ``size`` ids in stretches, between which Ctrl-C is heard."""
    for start in range(0, size, IDS_PER_CHUNK):
        yield start, min(start + IDS_PER_CHUNK, size)


def _counted(
    ids: Ids, limits: PairLimits, sketch: Bytes1, shares: int, slots: int
) -> list[PairTable] | None:
    """Return the counted pairs, a share of them from each pass; None if a table is too small."""
    found = []
    for share in range(shares):
        table = kernels.empty_pair_table(slots)
        room = 2 * slots // 3
        for start, stop in chunks(ids.size):
            room = kernels.count_pairs(ids, start, stop, limits, sketch, share, shares, table, room)
            if room < 0:
                return None
        filled = np.flatnonzero(table.counts)
        found.append(PairTable(table.keys[filled], table.counts[filled]))
    return found


def _power_of_two(least: int) -> int:
    return 1 << (least - 1).bit_length()
