"""The mean of several rows of a table, for many words at once."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Float2, Ids64
from symvec.kernels.compiling import numeric_kernel
from symvec.kernels.row_prefetch import ROWS_AHEAD, prefetch_row


@numeric_kernel
def fill_bag_means(
    table: Float2, row_ids: Ids64, offsets: Ids64, means: Float2, start: int, stop: int
) -> None:
    """Write ``means[w] = table[row_ids[offsets[w]:offsets[w + 1]]].mean(axis=0)``.

    Rows are added in their order, as NumPy adds them, so that both give the same bits.

    Args:
        table: (rows, D) float32.
        row_ids: (total,) int64.
        offsets: (words + 1,) int64.
        means: (words, D) float32, written from ``start`` to before ``stop``; 0 without a row.
        start: first word.
        stop: behind the last word.
    """
    dimensions = table.shape[1]
    for word in range(start, stop):
        mean = means[word]
        first, last = offsets[word], offsets[word + 1]
        mean[:] = 0
        for at in range(first, last):
            if at + ROWS_AHEAD < row_ids.size:
                prefetch_row(table, row_ids[at + ROWS_AHEAD])
            row = table[row_ids[at]]
            for d in range(dimensions):
                mean[d] += row[d]
        if last > first:
            count = np.float32(last - first)
            for d in range(dimensions):
                mean[d] /= count
