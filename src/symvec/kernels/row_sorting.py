"""Positions of a batch sorted by row id, and where each distinct id begins and ends."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Ids64
from symvec.kernels.compiling import kernel

RADIX_BITS = 11  # 2,048 counters of 8 bytes fit the first-level cache beside the data
KEY_BITS = 63


@kernel
def digits_of(id_bits: int) -> tuple[int, int]:
    """Return in how many digits ids are sorted, and the bits of each."""
    digits = (id_bits + RADIX_BITS - 1) // RADIX_BITS
    return digits, ((id_bits + digits - 1) // digits if digits else 0)


@kernel
def space_to_sort(count: int, id_bits: int) -> int:
    """Return how many numbers ``sort_positions`` works in."""
    digits, digit_bits = digits_of(id_bits)
    return int(4 * count + 1 + (digits << digit_bits))


@kernel
def sort_positions(
    row_ids: Ids64, row_count: int, position_bits: int, id_bits: int, space: Ids64
) -> tuple[int, bool]:
    """Sort the positions of ids, stably; return the distinct ids and whether the table has all.

    A radix sort over as many bits as the largest id has, of numbers that hold an id and, in the
    ``position_bits`` below it, its position; both together have at most ``KEY_BITS``.

    Args:
        row_ids: (count,) int64.
        row_count: rows of the table; other ids are noticed, and what is found then means nothing.
        position_bits: bits of ``count``.
        id_bits: bits of the last id.
        space: (``space_to_sort(count, id_bits)``,) int64, out: the ``count`` positions in the
            order of their ids; behind them, in ``count`` numbers, the distinct ids; behind these,
            in ``count + 1``, where each begins among the positions and the last one ends.
    """
    count = row_ids.size
    order, unique_ids = space[:count], space[count : 2 * count]
    edges, keys = space[2 * count : 3 * count + 1], space[3 * count + 1 : 4 * count + 1]
    digits, digit_bits = digits_of(id_bits)
    counters, mask = space[4 * count + 1 :], (1 << digit_bits) - 1
    counters[:] = 0
    smallest, largest = np.int64(0), np.int64(-1)
    # Sorting goes between two arrays: it starts where an even number of turns ends in ``keys``.
    others = unique_ids
    if digits % 2:
        keys, others = others, keys
    for position in range(count):
        row_id = row_ids[position]
        smallest, largest = min(smallest, row_id), max(largest, row_id)
        keys[position] = (row_id << position_bits) | position
        for digit in range(digits):
            number = (row_id >> (digit * digit_bits)) & mask
            counters[(digit << digit_bits) + number] += 1
    for digit in range(digits):
        places = counters[digit << digit_bits : (digit + 1) << digit_bits]
        total = 0
        for number in range(places.size):
            total, places[number] = total + places[number], total
        shift = position_bits + digit * digit_bits
        for place in range(count):
            number = (keys[place] >> shift) & mask
            others[places[number]] = keys[place]
            places[number] += 1
        keys, others = others, keys
    found, before = 0, np.int64(-1)
    for place in range(count):
        row_id = keys[place] >> position_bits
        order[place] = keys[place] & ((1 << position_bits) - 1)
        if row_id != before:
            unique_ids[found], edges[found] = row_id, place
            found, before = found + 1, row_id
    edges[found] = count
    return found, bool(smallest == 0 and largest < row_count)
