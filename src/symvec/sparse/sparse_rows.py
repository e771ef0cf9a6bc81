"""A sparse matrix as three arrays, as SciPy's CSR has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symvec.arrays import Float1, Ids, Ids64
from symvec.errors import InputError
from symvec.optional import require
from symvec.sparse.symbols import Matrix


@dataclass(frozen=True, slots=True, eq=False)
class SparseRows:
    """A sparse matrix.

    Args:
        offsets: (rows + 1,) int64, where each row's entries begin.
        column_ids: (entries,) int32, rising within a row.
        values: (entries,) float32.
        column_count: how many columns there are.

    Example:
        >>> rows = SparseRows(np.array([0, 1, 1]), np.array([2], np.int32),
        ...                   np.array([5], np.float32), 3)
        >>> rows.shape
        (2, 3)
    """

    offsets: Ids64
    column_ids: Ids
    values: Float1
    column_count: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.offsets) - 1, self.column_count

    def to_scipy(self) -> Matrix:
        """Return a SciPy ``csr_array`` on the same memory.

        Raises:
            MissingExtraError: SciPy is not installed.
        """
        scipy_sparse = require("scipy.sparse", extra="sparse")
        return scipy_sparse.csr_array(
            (self.values, self.column_ids, self.offsets), shape=self.shape
        )

    @classmethod
    def of_scipy(cls, matrix: Matrix) -> SparseRows:
        """Return the rows of a SciPy matrix.

        Raises:
            InputError: it is no sparse matrix of real numbers.
        """
        if not hasattr(matrix, "tocsr") or len(matrix.shape) != 2 or matrix.dtype.kind not in "iuf":
            raise InputError(
                f"expected a SciPy sparse matrix of real numbers, got {type(matrix).__name__}"
            )
        rows = matrix.tocsr()
        rows.sum_duplicates()
        return cls(
            np.asarray(rows.indptr, np.int64),
            np.asarray(rows.indices, np.int32),
            np.asarray(rows.data, np.float32),
            int(rows.shape[1]),
        )

    def transposed(self) -> SparseRows:
        """Return the transpose."""
        order = np.argsort(self.column_ids, kind="stable")
        row_ids = np.repeat(np.arange(self.shape[0], dtype=np.int32), np.diff(self.offsets))
        counts = np.bincount(self.column_ids, minlength=self.column_count)
        offsets = np.append(0, np.cumsum(counts))
        return SparseRows(offsets, row_ids[order], self.values[order], self.shape[0])
