"""Maps from one space to another that are fitted to pairs of vectors."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double2
from symvec.errors import InputError


def orthogonal_map(source: AnyArray, target: AnyArray) -> Double2:
    """Return the map without stretching that brings ``source`` nearest to ``target``.

    This is the orthogonal Procrustes problem (Schönemann 1966): of all ``Q`` with orthonormal
    columns or rows, the one with the least ``|source Q - target|``. Cosines within a space do
    not change by it where both have the same number of dimensions.

    Args:
        source: (pairs, D) finite floats.
        target: (pairs, E) finite floats.

    Returns:
        (D, E) float64.

    Raises:
        InputError: no pair, or not one target for each source.

    Example:
        >>> turned = np.array([[0.0, 1.0], [-1.0, 0.0]])
        >>> orthogonal_map(np.eye(2), turned).round(6).tolist()
        [[0.0, 1.0], [-1.0, 0.0]]
    """
    a, b = _checked(source, target)
    products: AnyArray = a.T @ b
    left, _, right = np.linalg.svd(products, full_matrices=False)
    return np.asarray(left @ right, dtype=np.float64)


def least_squares_map(source: AnyArray, target: AnyArray) -> Double2:
    """Return the linear map with the least squared error (Mikolov, Le, Sutskever 2013).

    Args and errors are those of ``orthogonal_map``.
    """
    a, b = _checked(source, target)
    return np.asarray(np.linalg.lstsq(a, b, rcond=None)[0], dtype=np.float64)


def _checked(source: AnyArray, target: AnyArray) -> tuple[Double2, Double2]:
    a, b = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b):
        raise InputError(f"expected pairs of vectors, got shapes {a.shape} and {b.shape}")
    if not len(a):
        raise InputError("a map needs at least one pair of vectors to be fitted to")
    return a, b
