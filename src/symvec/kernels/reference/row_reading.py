"""The twins of ``row_reading`` and ``row_sorting``, in plain NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.reference.row_gradients import find_segments


def sort_positions(
    row_ids: Ids64, row_count: int, position_bits: int, id_bits: int, space: Ids64
) -> tuple[int, bool]:
    """Write positions in the order of their ids, the distinct ids and each one's edges."""
    unique_ids, order, edges, inside = find_segments(row_ids, row_count, position_bits, id_bits)
    count, found = row_ids.size, unique_ids.size
    space[:count], space[count : count + found] = order, unique_ids
    space[2 * count : 2 * count + found + 1] = edges
    return found, inside


def read_and_sort(
    table: AnyArray,
    row_ids: Ids64,
    position_bits: int,
    id_bits: int,
    out: AnyArray,
    space: Ids64,
    found: Ids64,
    start: int,
    stop: int,
) -> None:
    """Write ``out[p] = table[row_ids[p]]`` where there is such a row; the first range sorts."""
    if start == 0:
        found[:] = sort_positions(row_ids, len(table), position_bits, id_bits, space)
    mine = np.arange(start, stop)
    mine = mine[(row_ids[mine] >= 0) & (row_ids[mine] < len(table))]
    out[mine] = table[row_ids[mine]]
