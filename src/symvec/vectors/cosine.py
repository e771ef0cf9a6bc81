"""Lengths of vectors and the angles between them, so that no odd vector spoils an answer."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double1, Float1, Float2

_BLOCK_NUMBERS = 1 << 20
# Shorter vectors than the smallest normal float32 count as zero: their direction is rounding.
SHORTEST = np.finfo(np.float32).tiny


def row_norms(matrix: Float2) -> Float1:
    """Return the length of each row, (rows,) float32; NaN or infinity where a row is not finite.

    Example:
        >>> row_norms(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist()
        [5.0, 0.0]
    """
    norms = np.empty(len(matrix), dtype=np.float32)
    rows = max(1, _BLOCK_NUMBERS // max(1, matrix.shape[1]))
    for start in range(0, len(matrix), rows):
        block = matrix[start : start + rows].astype(np.float64)
        with np.errstate(over="ignore"):
            norms[start : start + rows] = np.sqrt(np.einsum("ij,ij->i", block, block))
    return norms


def inverse_norms(norms: Float1) -> Float1:
    """Return 1 / norm, (rows,) float32, and 0 for zero vectors and those that are not finite."""
    usable = np.isfinite(norms) & (norms >= SHORTEST)
    return np.divide(1, norms, out=np.zeros(len(norms), dtype=np.float32), where=usable)


def unit(vectors: AnyArray) -> AnyArray:
    """Return the rows divided by their lengths, (rows, D) float32; zero vectors stay zero."""
    wide = np.asarray(vectors, dtype=np.float64)
    norms = np.sqrt(np.einsum("ij,ij->i", wide, wide))[:, None]
    scaled = np.divide(wide, norms, out=np.zeros_like(wide), where=norms >= SHORTEST)
    directions: AnyArray = scaled.astype(np.float32)
    return directions


def cosines(first: AnyArray, second: AnyArray) -> Double1:
    """Return the cosine of each row of ``first`` with the same row of ``second``, in float64.

    It is 0 where one of the two is a zero vector and NaN where one is not finite.

    Args:
        first: (rows, D) floats.
        second: (rows, D) floats.

    Example:
        >>> cosines(np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 1.0], [1.0, 1.0]])).round(4)
        array([0.7071, 0.    ])
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        # The root of the product, not the product of the roots: then equal rows give 1 exactly.
        lengths = np.sqrt(np.einsum("ij,ij->i", a, a) * np.einsum("ij,ij->i", b, b))
        products = np.einsum("ij,ij->i", a, b)
        angles = np.divide(products, lengths, out=np.zeros(len(a)), where=lengths != 0)
    clipped: Double1 = np.clip(angles, -1.0, 1.0)
    return clipped
