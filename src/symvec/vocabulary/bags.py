"""The vectors of words that are several rows each."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from symvec.arrays import Float2, Ids64, RaggedRows

_LEAST_ROWS_A_THREAD: Final = 1 << 16


def offsets_of(lengths: Ids64) -> Ids64:
    """Return where lists of these lengths begin when they stand one after another.

    Example:
        >>> offsets_of(np.array([2, 0, 3])).tolist()
        [0, 2, 2, 5]
    """
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def bag_means(table: Float2, rows: RaggedRows) -> Float2:
    """Return the mean of each word's rows, (words, D) float32, 0 for a word without rows.

    The bits do not depend on the number of processors, and are those of NumPy's mean of a word's
    rows alone.

    Args:
        table: (rows, D) float32.
        rows: which rows each word has.
    """
    from symvec.kernels.bag_means import fill_bag_means

    words = len(rows)
    means = np.empty((words, table.shape[1]), dtype=np.float32)
    table = np.require(table, requirements=["C"])
    most = max(1, len(rows.row_ids) // _LEAST_ROWS_A_THREAD)
    threads = min(os.cpu_count() or 1, most)
    bounds = np.searchsorted(
        rows.offsets, np.linspace(0, len(rows.row_ids), threads + 1)[1:-1]
    ).tolist()
    bounds = [0, *bounds, words]
    with ThreadPoolExecutor(threads) as pool:
        parts = [
            pool.submit(
                fill_bag_means, table, rows.row_ids, rows.offsets, means, bounds[t], bounds[t + 1]
            )
            for t in range(threads)
        ]
        for part in parts:
            part.result()
    return means
