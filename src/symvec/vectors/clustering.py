"""Groups of vectors that point alike."""

from __future__ import annotations

from typing import Final

import numpy as np

from symvec.arrays import AnyArray, Double2, Ids64
from symvec.errors import InputError

_ROUNDS: Final = 100


def spherical_kmeans(
    directions: AnyArray, clusters: int, *, seed: int = 1, restarts: int = 10
) -> Ids64:
    """Return a cluster number for each vector (spherical k-means, Dhillon and Modha 2001).

    Each vector belongs to the centre that it has the highest cosine with. Beginnings are drawn
    by k-means++ (Arthur and Vassilvitskii 2007); the best of ``restarts`` is returned.

    Args:
        directions: (rows, D) floats of length 1.
        clusters: how many, 1 or more; no more are made than there are rows.
        seed: of the random beginnings.
        restarts: how many beginnings.

    Returns:
        (rows,) int64.

    Raises:
        InputError: fewer than one cluster or restart.

    Example:
        >>> spherical_kmeans(np.array([[1, 0], [0, 1], [1, 0]]), 2).tolist() in ([0, 1, 0], [1, 0, 1])
        True
    """  # noqa: E501 - an example that can be read
    if clusters < 1 or restarts < 1:
        raise InputError(f"expected 1 cluster and restart or more, got {clusters} and {restarts}")
    rows = np.asarray(directions, dtype=np.float64)
    clusters = min(clusters, len(rows))
    if not clusters:
        return np.zeros(0, dtype=np.int64)
    random = np.random.default_rng(seed)
    found = [_converged(rows, _beginnings(rows, clusters, random)) for _ in range(restarts)]
    return max(found, key=lambda pair: pair[0])[1]


def _beginnings(rows: Double2, clusters: int, random: np.random.Generator) -> Double2:
    """Draw centres, each with a chance that grows with the distance from those before."""
    chosen = [int(random.integers(len(rows)))]
    while len(chosen) < clusters:
        apart = np.clip(1 - (rows @ rows[chosen].T).max(axis=1), 0, None)
        apart[chosen] = 0
        total = apart.sum()
        chance = apart / total if total > 0 else None
        chosen.append(int(random.choice(len(rows), p=chance)))
    return rows[chosen]


def _converged(rows: Double2, centres: Double2) -> tuple[float, Ids64]:
    """Return the sum of cosines with the centres, and the cluster of each row."""
    labels = np.full(len(rows), -1, dtype=np.int64)
    for _ in range(_ROUNDS):
        cosines = rows @ centres.T
        nearest = cosines.argmax(axis=1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        sums = np.zeros_like(centres)
        np.add.at(sums, labels, rows)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-300), centres)
    return float((rows @ centres.T)[np.arange(len(rows)), labels].sum()), labels
