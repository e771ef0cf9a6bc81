"""The largest singular values of a sparse matrix, and the linear map that makes it dense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Float2
from symvec.errors import InputError
from symvec.sparse.sparse_rows import SparseRows
from symvec.sparse.symbols import Matrix

# Halko, Martinsson, Tropp 2011, "Finding structure with randomness", algorithm 4.4. The spectrum
# of PPMI falls slowly, so that there are more columns and rounds than its authors advise.
_SPARE_COLUMNS: Final = 28
_LANES: Final = 8  # columns are a multiple of it
DEFAULT_ITERATIONS: Final = 4

OnIteration: TypeAlias = Callable[[int, int], None]
"""Called with the iterations done and all there will be."""


@dataclass(frozen=True, slots=True, eq=False)
class TruncatedSvd:
    """The largest singular values of a matrix M, and their vectors: M ~ left * values @ right.T.

    Args:
        left: (rows, D) float32, orthonormal columns; in each the largest number is positive.
        values: (D,) float64, falling.
        right: (columns, D) float32, orthonormal columns.
    """

    left: Float2
    values: Double1
    right: Float2

    def dense_rows(self, eigenvalue_weight: float = 0.5) -> Float2:
        """Return left * values^p, (rows, D): a dense vector for each row of the matrix."""
        return np.asarray(self.left * self.values**eigenvalue_weight, np.float32)

    def linear_map(self, eigenvalue_weight: float = 0.5) -> Float2:
        """Return right * values^(p - 1), (columns, D): M @ linear_map is ``dense_rows``.

        One-hot rows times M are the sparse rows of words; those times this map their vectors.
        """
        weights = np.zeros_like(self.values)
        np.power(self.values, eigenvalue_weight - 1, out=weights, where=self.values > 0)
        return np.asarray(self.right * weights, np.float32)


def truncated_svd(
    matrix: Matrix,
    vector_size: int,
    *,
    transposed: SparseRows | None = None,
    iterations: int = DEFAULT_ITERATIONS,
    seed: int = 1,
    threads: int | None = None,
    on_iteration: OnIteration | None = None,
) -> TruncatedSvd:
    """Return the ``vector_size`` largest singular values of a sparse matrix and their vectors.

    The same seed gives the same bytes, at any number of threads, also of BLAS, which is not used.

    Args:
        matrix: a SciPy sparse matrix or `SparseRows`, (rows, columns).
        vector_size: how many, D. Where the matrix has a lower rank, values and vectors are 0.
        transposed: the matrix's transpose, where it is at hand.
        iterations: how often the matrix is gone through both ways; more are more exact.
        seed: of the random columns that it starts from.
        threads: how many; as a rule one a processor.
        on_iteration: see ``OnIteration``.

    Raises:
        InputError: a size or a matrix that cannot be.

    Example:
        >>> import scipy.sparse
        >>> found = truncated_svd(scipy.sparse.csr_array(np.diag([1.0, 3.0, 2.0])), 2)
        >>> found.values.round(4).tolist(), abs(found.left).round(3).T.tolist()
        ([3.0, 2.0], [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    """
    for name, value, least in (("vector_size", vector_size, 1), ("iterations", iterations, 0)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise InputError(f"{name} must be a whole number of {least} or more, got {value!r}")
    rows = matrix if isinstance(matrix, SparseRows) else SparseRows.of_scipy(matrix)
    columns = rows.transposed() if transposed is None else transposed
    width = -(-(vector_size + _SPARE_COLUMNS) // _LANES) * _LANES
    random = np.random.Generator(np.random.Philox(seed))
    basis = random.standard_normal((rows.column_count, width), np.float32)
    basis = _orthonormal(_product(rows, basis, threads), threads)
    for iteration in range(iterations):
        if on_iteration:
            on_iteration(iteration, iterations)
        basis = _orthonormal(_product(columns, basis, threads), threads)
        basis = _orthonormal(_product(rows, basis, threads), threads)
    basis = _orthonormal(basis, threads)  # once more: what float32 left over
    found = _of_projection(basis, _product(columns, basis, threads), vector_size, threads)
    if on_iteration:
        on_iteration(iterations, iterations)
    return found


def _of_projection(
    basis: Float2, projection: Float2, vector_size: int, threads: int | None
) -> TruncatedSvd:
    """Return the singular vectors of basis @ projection.T."""
    from symvec.kernels.factorisation import symmetric_eigen

    squares = _gram(projection, threads)
    turns = np.empty_like(squares)
    symmetric_eigen(squares, turns)
    order = np.argsort(-np.diag(squares), kind="stable")[:vector_size]
    values = np.sqrt(np.maximum(np.diag(squares)[order], 0.0))
    values[values <= 1e-6 * values.max(initial=0.0)] = 0.0  # what float32 cannot tell from 0
    inverses = np.zeros_like(values)
    np.divide(1.0, values, out=inverses, where=values > 0)
    turned = np.zeros(squares.shape, np.float32)
    turned[:, : len(order)] = turns[order].T
    left = _times(basis, turned, threads)[:, : len(order)] * (values > 0)
    right = _times(projection, turned, threads)[:, : len(order)] * inverses
    signs = np.where(_largest(left) < 0, np.float32(-1), np.float32(1))
    return TruncatedSvd(
        np.ascontiguousarray(left * signs, np.float32),
        values,
        np.ascontiguousarray(right * signs, np.float32),
    )


def _largest(matrix: Float2) -> AnyArray:
    """Return the number of each column that is farthest from 0, the first of several."""
    if len(matrix) == 0:
        return np.zeros(matrix.shape[1])
    largest: AnyArray = matrix[np.abs(matrix).argmax(axis=0), np.arange(matrix.shape[1])]
    return largest


def _product(matrix: SparseRows, dense: Float2, threads: int | None) -> Float2:
    from symvec.kernels.row_threads import balanced_bounds, run_ranges
    from symvec.kernels.sparse_rows import multiply_sparse

    product: Float2 = np.empty((matrix.shape[0], dense.shape[1]), np.float32)
    bounds = balanced_bounds(matrix.offsets, dense.shape[1], threads)
    arrays = matrix.offsets, matrix.column_ids, matrix.values
    run_ranges(multiply_sparse, bounds, *arrays, dense, product)
    return product


def _orthonormal(matrix: Float2, threads: int | None) -> Float2:
    """Return orthonormal columns that span the same, by Cholesky's factor of matrix.T @ matrix."""
    from symvec.kernels.factorisation import inverse_cholesky

    products = _gram(matrix, threads)
    inverse = np.empty_like(products)
    inverse_cholesky(products, inverse)
    return _times(matrix, inverse.astype(np.float32), threads)


def _gram(matrix: Float2, threads: int | None) -> Double2:
    from symvec.kernels.factorisation import gram
    from symvec.kernels.row_threads import Ranges, even_bounds, run_ranges

    columns = matrix.shape[1]
    products: Double2 = np.empty((columns, columns))
    bounds = even_bounds(columns, len(matrix) * columns, threads)
    # The first rows of a triangle are the longest: even shares of its area.
    cuts = [round(columns * (1 - (1 - cut / columns) ** 0.5)) for cut in bounds.edges]
    run_ranges(gram, Ranges(cuts), matrix, products)
    lower = np.tril_indices(columns, -1)
    products[lower] = products.T[lower]
    return products


def _times(matrix: Float2, square: AnyArray, threads: int | None) -> Float2:
    from symvec.kernels.factorisation import multiply_dense
    from symvec.kernels.row_threads import even_bounds, run_ranges

    product = np.empty_like(matrix)
    bounds = even_bounds(len(matrix), square.size, threads)
    run_ranges(multiply_dense, bounds, matrix, np.ascontiguousarray(square), product)
    return product
