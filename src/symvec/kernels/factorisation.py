"""Small factorisations of thin matrices, in an order that no number of threads changes.

LAPACK and BLAS may sum in another order for each number of their threads.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from symvec.arrays import Double2, Float2
from symvec.kernels.compiling import numeric_kernel
from symvec.kernels.tiles import add_scaled_row

_LEAST_PIVOT = 1e-12  # of the largest: float32 columns cannot be told apart below
_MOST_SWEEPS = 60  # Jacobi's sweeps; they converge quadratically, so that ten are usual
_CONVERGED = 1e-24  # squares off the diagonal, of all squares


@numeric_kernel
def gram(matrix: Float2, products: Double2, start: int, stop: int) -> None:
    """Write the rows from ``start`` to ``stop`` of matrix.T @ matrix, from the diagonal on.

    Args:
        matrix: (rows, D) float32.
        products: (D, D) float64, out.
        start: the first row of ``products``.
        stop: behind the last one.
    """
    columns = matrix.shape[1]
    for a in range(start, stop):
        products[a] = 0.0
    for row in range(len(matrix)):
        for a in range(start, stop):
            factor = np.float64(matrix[row, a])
            for b in range(a, columns):
                products[a, b] += factor * np.float64(matrix[row, b])


@numeric_kernel
def inverse_cholesky(products: Double2, inverse: Double2) -> None:
    """Write R^-1 for products = R.T @ R, R upper triangular: matrix @ R^-1 is orthonormal.

    A column that is a sum of those before it becomes zero.

    Args:
        products: (D, D) float64, read from the diagonal on; overwritten by R.
        inverse: (D, D) float64, out.
    """
    count = len(products)
    largest = 0.0
    for a in range(count):
        largest = max(largest, products[a, a])
    inverse[:] = 0.0
    for a in range(count):
        pivot = products[a, a]
        if pivot <= _LEAST_PIVOT * largest:
            products[a] = 0.0
            continue
        scale = 1.0 / sqrt(pivot)
        for b in range(a, count):
            products[a, b] *= scale
        for c in range(a + 1, count):
            factor = products[a, c]
            for b in range(c, count):
                products[c, b] -= factor * products[a, b]
        inverse[a, a] = scale
    # Column by column from the right: the inverse of an upper triangle is one, too.
    for a in range(count - 1, -1, -1):
        scale = inverse[a, a]
        for c in range(a + 1, count):
            factor = -scale * products[a, c]
            for b in range(c, count):
                inverse[a, b] += factor * inverse[c, b]


@numeric_kernel
def multiply_dense(matrix: Float2, square: Float2, product: Float2, start: int, stop: int) -> None:
    """Write the rows from ``start`` to ``stop`` of matrix @ square.

    Args:
        matrix: (rows, D) float32.
        square: (D, D) float32, D a multiple of 8.
        product: (rows, D) float32, out; another array than ``matrix``.
        start: the first row.
        stop: behind the last row.
    """
    columns = len(square)
    for row in range(start, stop):
        product[row] = np.float32(0)
        for a in range(columns):
            add_scaled_row(product, row, square, a, matrix[row, a], columns)


@numeric_kernel
def symmetric_eigen(symmetric: Double2, vectors: Double2) -> None:
    """Turn a symmetric matrix into its eigenvalues, on its diagonal, and its eigenvectors.

    Jacobi's method, cyclic; Golub and Van Loan, "Matrix Computations", section 8.5.

    Args:
        symmetric: (D, D) float64, overwritten.
        vectors: (D, D) float64, out: an eigenvector a row.
    """
    count = len(symmetric)
    vectors[:] = 0.0
    for a in range(count):
        vectors[a, a] = 1.0
    for _ in range(_MOST_SWEEPS):
        off, whole = 0.0, 0.0
        for a in range(count):
            whole += symmetric[a, a] ** 2
            for b in range(a):
                off += 2.0 * symmetric[a, b] ** 2
        if off <= _CONVERGED * (off + whole):
            return
        for a in range(count - 1):
            for b in range(a + 1, count):
                if symmetric[a, b] == 0.0:
                    continue
                theta = (symmetric[b, b] - symmetric[a, a]) / (2.0 * symmetric[a, b])
                sign = 1.0 if theta >= 0.0 else -1.0
                tangent = sign / (abs(theta) + sqrt(1.0 + theta * theta))
                cosine = 1.0 / sqrt(1.0 + tangent * tangent)
                sine = tangent * cosine
                for c in range(count):
                    p, q = symmetric[a, c], symmetric[b, c]
                    symmetric[a, c], symmetric[b, c] = cosine * p - sine * q, sine * p + cosine * q
                    u, v = vectors[a, c], vectors[b, c]
                    vectors[a, c], vectors[b, c] = cosine * u - sine * v, sine * u + cosine * v
                for c in range(count):
                    p, q = symmetric[c, a], symmetric[c, b]
                    symmetric[c, a], symmetric[c, b] = cosine * p - sine * q, sine * p + cosine * q
