"""Correlation of two lists of numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symvec.arrays import Double1


def pearson(first: Sequence[float] | Double1, second: Sequence[float] | Double1) -> float | None:
    """Return Pearson's correlation, or None where it is not defined.

    That is so for fewer than two pairs, and when one of the lists holds one number only.

    Example:
        >>> round(pearson([1, 2, 3], [1, 2, 4]), 4)
        0.982
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    # Numbers that are all the same may differ from their mean, by its rounding.
    if len(a) < 2 or np.all(a == a[0]) or np.all(b == b[0]):
        return None
    a, b = a - a.mean(), b - b.mean()
    longest_a, longest_b = np.abs(a).max(), np.abs(b).max()
    if longest_a == 0 or longest_b == 0:
        return None
    a, b = a / longest_a, b / longest_b
    return float(np.clip((a @ b) / np.sqrt((a @ a) * (b @ b)), -1.0, 1.0))


def spearman(first: Sequence[float] | Double1, second: Sequence[float] | Double1) -> float | None:
    """Return Spearman's rank correlation, or None where it is not defined; see ``pearson``.

    Equal numbers share the mean of their ranks.

    Example:
        >>> round(spearman([1, 2, 2, 4], [3, 5, 9, 8]), 4)
        0.6325
    """
    return pearson(ranks(first), ranks(second))


def ranks(values: Sequence[float] | Double1) -> Double1:
    """Return the rank of each number from 1, (values,) float64; equal ones share their mean.

    Example:
        >>> ranks([30, 10, 30, 20]).tolist()
        [3.5, 1.0, 3.5, 2.0]
    """
    _, place, counts = np.unique(
        np.asarray(values, dtype=np.float64), return_inverse=True, return_counts=True
    )
    shared: Double1 = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return shared
