"""Sparse matrices row by row: filled from counted pairs, multiplied by thin dense ones.

Each row of a result is summed by one thread, in the order of the matrix: no number of threads
changes a bit of it.
"""

from __future__ import annotations

from math import log

import numpy as np

from symvec.arrays import Double1, Float1, Float2, Ids, Ids64
from symvec.kernels.compiling import kernel, numeric_kernel
from symvec.kernels.cooccurrence import Keys, PairBits
from symvec.kernels.tiles import add_scaled_row, prefetch_row

_AHEAD = 6  # entries: time for a row to come from memory


@kernel
def count_entries(keys: Keys, sums: Ids64, bits: PairBits, counts: Ids64, totals: Ids64) -> None:
    """Add the entries of each row, and their weights, of pairs of words that are one group.

    Args:
        keys: (pairs,) uint64, each two words once, the lower id first.
        sums: (pairs,) int64.
        bits: how a key is written.
        counts: (words,) int64, added to: entries of a word's row.
        totals: (words,) int64, added to: their sums.
    """
    index = np.uint64(bits.index_bits)
    mask = (np.uint64(1) << index) - np.uint64(1)
    for n in range(len(keys)):
        first, second = np.int64(keys[n] >> index), np.int64(keys[n] & mask)
        counts[first] += 1
        totals[first] += sums[n]
        if first != second:
            counts[second] += 1
            totals[second] += sums[n]


@kernel
def fill_entries(
    keys: Keys,
    sums: Ids64,
    bits: PairBits,
    unit: float,
    cursors: Ids64,
    column_ids: Ids,
    values: Float1,
) -> None:
    """Write both entries of each pair; as the keys rise, so do the columns of each row.

    Args:
        keys: (pairs,) uint64, rising, each two words once, the lower id first.
        sums: (pairs,) int64, in units.
        bits: how a key is written.
        unit: how many units weigh 1.
        cursors: (words,) int64, where each row's next entry goes; moved on.
        column_ids: (entries,) int32, out.
        values: (entries,) float32, out.
    """
    index = np.uint64(bits.index_bits)
    mask = (np.uint64(1) << index) - np.uint64(1)
    for n in range(len(keys)):
        first, second = np.int64(keys[n] >> index), np.int64(keys[n] & mask)
        value = np.float32(sums[n] / unit)
        column_ids[cursors[first]], values[cursors[first]] = second, value
        cursors[first] += 1
        if first != second:
            column_ids[cursors[second]], values[cursors[second]] = first, value
            cursors[second] += 1


@numeric_kernel
def multiply_sparse(
    offsets: Ids64,
    column_ids: Ids,
    values: Float1,
    dense: Float2,
    product: Float2,
    start: int,
    stop: int,
) -> None:
    """Write the rows from ``start`` to ``stop`` of a sparse matrix times a dense one.

    Args:
        offsets: (rows + 1,) int64, where each row's entries begin.
        column_ids: (entries,) int32.
        values: (entries,) float32.
        dense: (columns, D) float32, D a multiple of 8.
        product: (rows, D) float32, out.
        start: the first row.
        stop: behind the last row.
    """
    width = dense.shape[1]
    for row in range(start, stop):
        product[row] = np.float32(0)
        last = offsets[row + 1] - 1
        for n in range(offsets[row], offsets[row + 1]):
            prefetch_row(dense, column_ids[min(n + _AHEAD, last)], width)
            add_scaled_row(product, row, dense, column_ids[n], values[n], width)


@kernel
def positive_information(
    offsets: Ids64,
    column_ids: Ids,
    counts: Float1,
    row_logs: Double1,
    column_logs: Double1,
    log_shift: float,
    values: Float1,
    kept: Ids64,
    start: int,
    stop: int,
) -> None:
    """Write max(0, log(count) - row_log - column_log - log_shift) for some rows of counts.

    Args:
        offsets: (rows + 1,) int64.
        column_ids: (entries,) int32.
        counts: (entries,) float32, 0 or more.
        row_logs: (rows,) float64.
        column_logs: (columns,) float64.
        log_shift: taken off.
        values: (entries,) float32, out.
        kept: (rows,) int64, out: how many values of each row are positive.
        start: the first row.
        stop: behind the last row.
    """
    for row in range(start, stop):
        kept[row] = 0
        for n in range(offsets[row], offsets[row + 1]):
            values[n] = np.float32(0)
            if counts[n] > 0:
                # One sum of both: a matrix and its transpose then agree in each bit.
                chance = row_logs[row] + column_logs[column_ids[n]]
                value = np.float32(log(np.float64(counts[n])) - chance - log_shift)
                if value > 0:
                    values[n] = value
                    kept[row] += 1


@kernel
def keep_positive(
    offsets: Ids64,
    column_ids: Ids,
    values: Float1,
    new_offsets: Ids64,
    new_column_ids: Ids,
    new_values: Float1,
    start: int,
    stop: int,
) -> None:
    """Write the positive entries of some rows to their places in a smaller matrix.

    Args:
        offsets: (rows + 1,) int64.
        column_ids: (entries,) int32.
        values: (entries,) float32.
        new_offsets: (rows + 1,) int64, of the positive entries.
        new_column_ids: (positive entries,) int32, out.
        new_values: (positive entries,) float32, out.
        start: the first row.
        stop: behind the last row.
    """
    for row in range(start, stop):
        at = new_offsets[row]
        for n in range(offsets[row], offsets[row + 1]):
            if values[n] > 0:
                new_column_ids[at], new_values[at] = column_ids[n], values[n]
                at += 1
