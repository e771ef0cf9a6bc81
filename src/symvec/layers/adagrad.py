"""Adagrad on the rows that a batch touched, with a sum for each number or for each row.

An idle row of dense Adagrad stands still, so touching only the rows of a batch is exact.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.row_adagrad import adagrad_rows, rowwise_adagrad_rows
from symvec.kernels.row_threads import Threads, even_bounds, run_ranges
from symvec.layers.gradients import RowGradient
from symvec.layers.tables import RowStore, read_table


class AdagradRows:
    """A table under Adagrad.

    Args:
        table: (rows, D) float32 or float64 updated in place, or a store of half-precision rows.
        sums: squared gradients summed for each number, (rows, D); or their mean over a row summed
            for each row, (rows,): row-wise Adagrad, as in FBGEMM's table-batched embeddings.
        step: steps done.
        threads: upper bound; ``None`` for the processors that this process may use.
    """

    def __init__(
        self,
        table: AnyArray | RowStore,
        sums: AnyArray,
        *,
        step: int = 0,
        threads: Threads = None,
    ) -> None:
        self.table = table
        self.sums = sums
        self.step = step
        self.threads = threads

    def update(self, gradient: RowGradient, learning_rate: float, epsilon: float) -> None:
        """Do one step with a compact gradient."""
        ids = gradient.row_ids
        rows = gradient.as_type(self.sums.dtype).rows
        kernel = adagrad_rows if self.sums.ndim == 2 else rowwise_adagrad_rows
        bounds = even_bounds(ids.size, 3 * rows.shape[1], self.threads)
        settings = rows, float(learning_rate), float(epsilon)
        if isinstance(self.table, np.ndarray):
            run_ranges(kernel, bounds, self.table, self.sums, ids, *settings)
        else:
            taken, sums = self.table.take(ids), self.sums[ids]
            run_ranges(kernel, bounds, taken, sums, np.arange(ids.size), *settings)
            self.table.put(ids, taken)
            self.sums[ids] = sums
        self.step += 1

    def read(self, row_ids: Ids64) -> AnyArray:
        """Return rows as they are after the last step."""
        if isinstance(self.table, np.ndarray):
            return read_table(self.table, row_ids, self.threads)
        return self.table.take(row_ids)

    def flush(self, row_ids: Ids64 | None = None) -> None:
        """Do nothing: an idle row of Adagrad is always up to date."""
