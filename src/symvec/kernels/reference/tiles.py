"""What `symvec.kernels.tiles` computes, as formulas in NumPy.

Matrices are float32; only the leading ``rows``, ``columns`` and ``depth`` of an argument count.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Float2
from symvec.kernels.compiling import Scalar


def set_product(
    C: Float2, A: Float2, B: Float2, rows: Scalar, columns: Scalar, depth: Scalar
) -> None:
    """C = A @ B."""
    C[:rows, :columns] = A[:rows, :depth] @ B[:depth, :columns]


def add_product(
    C: Float2, A: Float2, B: Float2, rows: Scalar, columns: Scalar, depth: Scalar
) -> None:
    """C += A @ B."""
    C[:rows, :columns] += A[:rows, :depth] @ B[:depth, :columns]


def set_row_products(
    C: Float2, A: Float2, B: Float2, rows: Scalar, columns: Scalar, depth: Scalar
) -> None:
    """C = A @ B.T, for the leading rows of A and of B."""
    C[:rows, :columns] = A[:rows, :depth] @ B[:columns, :depth].T


def transpose(T: Float2, X: Float2, rows: Scalar, columns: Scalar) -> None:
    """T = X.T, for the leading (rows, columns) of X; both multiples of 8."""
    T[:columns, :rows] = X[:rows, :columns].T


def sum_rows(
    Y: Float2, y: Scalar, A: Float2, a: Scalar, B: Float2, b: Scalar, columns: Scalar
) -> None:
    """Y[y] = A[a] + B[b]; Y may be A or B."""
    Y[y, :columns] = A[a, :columns] + B[b, :columns]


def add_scaled_row(
    Y: Float2, y: Scalar, X: Float2, x: Scalar, scale: Scalar, columns: Scalar
) -> None:
    """Y[y] += scale * X[x]."""
    Y[y, :columns] += np.float32(scale) * X[x, :columns]


def dot_rows(A: Float2, a: Scalar, B: Float2, b: Scalar, columns: Scalar) -> float:
    """Return A[a] @ B[b]."""
    return float(A[a, :columns] @ B[b, :columns])


def prefetch_row(X: Float2, x: Scalar, columns: Scalar) -> None:
    """Ask for a row ahead of its use: nothing to compute."""
