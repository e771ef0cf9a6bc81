"""Matrix products that are lookups, computed as lookups."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.sparse.one_hot import OneHot
from symvec.sparse.symbols import Matrix


def as_ids_of_one_hot(matrix: Matrix) -> Ids64 | None:
    """Return the ids of which a matrix is the one-hot form, or ``None`` if it is none.

    Args:
        matrix: :class:`OneHot`, a (..., symbols) array, or a SciPy sparse matrix.

    Example:
        >>> as_ids_of_one_hot(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
        [1, 0]
        >>> as_ids_of_one_hot(np.array([[0.0, 2.0]])) is None
        True
    """
    if isinstance(matrix, OneHot):
        return matrix.ids
    if hasattr(matrix, "tocsr"):
        rows = matrix.tocsr()
        one_each = np.array_equal(rows.indptr, np.arange(rows.shape[0] + 1))
        found = one_each and bool((rows.data == 1).all())
        return np.asarray(rows.indices, np.int64) if found else None
    array = np.asarray(matrix)
    if array.ndim == 0 or array.shape[-1] == 0:
        return None
    ids = array.argmax(axis=-1)
    ones = np.take_along_axis(array, ids[..., None], axis=-1) == 1
    if not ones.all() or np.count_nonzero(array) != ids.size:
        return None
    return np.asarray(ids, np.int64)


def multiply(matrix: Matrix, weight: AnyArray) -> Matrix:
    """Return ``matrix @ weight``; a lookup of rows where the matrix is one-hot.

    Args:
        matrix: :class:`OneHot`, a (..., symbols) array, or a SciPy sparse matrix.
        weight: (symbols, D).

    Returns:
        (..., D), what the product would be.

    Example:
        >>> multiply(np.array([[0.0, 1.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
        [[3.0, 4.0]]
    """
    if isinstance(matrix, OneHot):
        return matrix @ weight
    ids = as_ids_of_one_hot(matrix)
    if ids is None or np.ndim(weight) != 2:
        return matrix @ weight
    return OneHot(ids, int(matrix.shape[-1])) @ weight
