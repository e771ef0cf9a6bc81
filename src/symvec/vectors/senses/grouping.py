"""How many groups there are among vectors, found and not asked for."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np

from symvec.arrays import AnyArray, Double2, Ids64
from symvec.vectors.clustering import spherical_kmeans
from symvec.vectors.cosine import unit

# Tibshirani and Walther 2005 call 0.8 to 0.9 the least strength of well separated groups.
STRENGTH: Final = 0.8
# More than the halves of one normal distribution, which are no groups.
_APART: Final = 3.0
_MOST: Final = 8
_SPLITS: Final = 6
# Directions in which contexts differ most; the others are mostly noise of single sentences.
_DIRECTIONS: Final = 12
# A group of fewer occurrences, or of less than this part of them, is no sense.
_LEAST: Final = 5
_LEAST_PART: Final = 0.05


def group_senses(contexts: AnyArray, *, strength: float = STRENGTH, seed: int = 1) -> Ids64:
    """Return a group number for each vector, 0 for the largest group.

    The number of groups is the largest one whose prediction strength is enough (Tibshirani and
    Walther 2005): groups are found in one half of the vectors, and two vectors of the other half
    that belong together there have to belong together by the first half's centres, too. One
    group is always possible.

    Args:
        contexts: (occurrences, D) floats of length 1.
        strength: 0 to 1; lower values find more groups.
        seed: of the halves and of the beginnings.

    Returns:
        (occurrences,) int64.
    """
    rows = _main_directions(np.asarray(contexts, dtype=np.float64))
    labels = np.zeros(len(rows), dtype=np.int64)
    random = np.random.default_rng(seed)
    for count in range(_MOST, 1, -1):
        if len(rows) < 4 * _LEAST * count:
            continue
        found = spherical_kmeans(rows, count, seed=seed)
        sizes = np.bincount(found, minlength=count)
        if sizes.min() < max(_LEAST, _LEAST_PART * len(rows)):
            continue
        apart = separation(np.asarray(contexts, dtype=np.float64), found)
        if apart >= _APART and prediction_strength(rows, count, random) >= strength:
            labels = found
            break
    order = np.argsort(-np.bincount(labels, minlength=1), kind="stable")
    renumbered: Ids64 = np.argsort(order)[labels]
    return renumbered


def prediction_strength(rows: Double2, count: int, random: np.random.Generator) -> float:
    """Return how well groups of one half predict those of the other, 0 to 1."""
    strengths = []
    for _ in range(_SPLITS):
        order = random.permutation(len(rows))
        halves = rows[order[: len(rows) // 2]], rows[order[len(rows) // 2 :]]
        seed = int(random.integers(1 << 31))
        first, second = (spherical_kmeans(half, count, seed=seed, restarts=5) for half in halves)
        centres = np.stack([halves[0][first == i].sum(axis=0) for i in range(count)])
        predicted = (halves[1] @ unit(centres).T).argmax(axis=1)
        strengths.append(min(_together(predicted[second == i]) for i in range(count)))
    return float(np.mean(strengths))


def separation(rows: Double2, labels: Ids64) -> float:
    """Return how far apart the two nearest groups are, in their spread along the line between them.

    This is Ashman's D (Ashman, Bird, Zepf 1994). Halves of one normal distribution have 2.7.
    """
    groups = [rows[labels == number] for number in np.unique(labels)]
    apart = []
    for first, second in combinations(groups, 2):
        line = second.mean(axis=0) - first.mean(axis=0)
        a, b = first @ line, second @ line
        spread = np.sqrt((a.var() + b.var()) / 2)
        apart.append(float((b.mean() - a.mean()) / spread) if spread > 0 else np.inf)
    return min(apart, default=0.0)


def _together(predicted: Ids64) -> float:
    """Return which part of the pairs of a group have the same prediction."""
    size = len(predicted)
    if size < 2:
        return 0.0
    counts = np.bincount(predicted).astype(np.float64)
    return float((counts * (counts - 1)).sum() / (size * (size - 1)))


def _main_directions(contexts: Double2) -> Double2:
    """Return vectors less their mean, along the directions of most variance, at length 1."""
    if len(contexts) < 2:
        return contexts
    centred = contexts - contexts.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    rows: Double2 = unit(centred @ directions[:, ::-1][:, :_DIRECTIONS]).astype(np.float64)
    return rows
