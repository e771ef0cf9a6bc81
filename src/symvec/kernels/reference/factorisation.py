"""What `symvec.kernels.factorisation` and `symvec.kernels.sparse_rows` compute, in NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1, Double2, Float1, Float2, Ids, Ids64


def multiply_sparse(offsets: Ids64, column_ids: Ids, values: Float1, dense: Float2) -> Float2:
    """Return a sparse matrix times a dense one."""
    product = np.zeros((len(offsets) - 1, dense.shape[1]), np.float32)
    row_ids = np.repeat(np.arange(len(product)), np.diff(offsets))
    np.add.at(product, row_ids, values[:, None] * dense[column_ids])
    return product


def gram(matrix: Float2) -> Double2:
    """Return matrix.T @ matrix in float64."""
    wide = matrix.astype(np.float64)
    return wide.T @ wide


def inverse_cholesky(products: Double2) -> Double2:
    """Return R^-1 for products = R.T @ R, R upper triangular."""
    return np.asarray(np.linalg.inv(np.linalg.cholesky(products).T))


def symmetric_eigen(symmetric: Double2) -> tuple[Double1, Double2]:
    """Return the eigenvalues, rising, and the eigenvectors, one a row."""
    values, vectors = np.linalg.eigh(symmetric)
    return values, vectors.T
