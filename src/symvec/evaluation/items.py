"""What vectors did with each item of a test set, and what that comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from symvec.arrays import Double1, Double2, Ids64
from symvec.evaluation.correlation import spearman

# From (items, columns) to one number, or None where the items do not define it.
Statistic: TypeAlias = Callable[[Double2], float | None]


@dataclass(frozen=True, eq=False)
class ItemScores:
    """A test set, item by item.

    Args:
        name: of the test set, or of a part of it.
        measure: what the statistic is called.
        statistic: what the items come to.
        items: (total, columns) float64, what the statistic is made of; NaN for an item that
            could not be asked, because a word of it is not there.
        details: what else there is to say.
    """

    name: str
    measure: str
    statistic: Statistic
    items: Double2
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def found(self) -> int:
        """How many items could be asked."""
        return int(np.isfinite(self.items).all(axis=1).sum())

    @property
    def value(self) -> float | None:
        """The statistic of the items that could be asked."""
        return self.statistic(self.items[np.isfinite(self.items).all(axis=1)])


def share(items: Double2) -> float | None:
    """Return the mean of the first column: the part of the items that is right.

    Example:
        >>> share(np.array([[1.0], [0.0], [1.0], [1.0]]))
        0.75
    """
    return float(items[:, 0].mean()) if len(items) else None


def rank_correlation(items: Double2) -> float | None:
    """Return Spearman's correlation of the two columns."""
    return spearman(items[:, 0], items[:, 1]) if len(items) else None


def in_main_category(clusters: Ids64, categories: Ids64) -> Double1:
    """Return 1 for each item that is in the main category of its cluster, 0 for others.

    Their mean is the purity of the clusters. Of an item, and not of all items together, it can be
    drawn anew for an interval: with fewer distinct items in a cluster, purity itself would rise.

    Example:
        >>> in_main_category(np.array([0, 0, 0, 1]), np.array([5, 5, 6, 6])).tolist()
        [1.0, 1.0, 0.0, 1.0]
    """
    if not len(clusters):
        return np.zeros(0)
    rows, columns = (np.unique(ids, return_inverse=True)[1] for ids in (clusters, categories))
    counts = np.zeros((rows.max() + 1, columns.max() + 1), dtype=np.int64)
    np.add.at(counts, (rows, columns), 1)
    marks: Double1 = (counts.argmax(axis=1)[rows] == columns).astype(np.float64)
    return marks


SIDE_X: Final = 0.0
SIDE_Y: Final = 1.0


def effect_size(items: Double2) -> float | None:
    """Return how far apart the means of two sides are, in standard deviations of all items.

    Column 0 is a number, column 1 the side (0 or 1); the deviation is that of a sample (n - 1).
    """
    x, y = (items[items[:, 1] == side, 0] for side in (SIDE_X, SIDE_Y))
    if not len(x) or not len(y):
        return None
    deviation = items[:, 0].std(ddof=1)
    return float((x.mean() - y.mean()) / deviation) if deviation > 0 else None
