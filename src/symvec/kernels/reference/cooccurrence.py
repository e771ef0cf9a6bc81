"""What `symvec.kernels.cooccurrence` counts, two words at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from symvec.arrays import Ids, Ids64
from symvec.kernels.cooccurrence import Keys


def count_pairs(ids: Ids, units: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return what each two words of a corpus weigh, in units, the lower id first.

    Args:
        ids: (ids,) int32, word ids; -1 ends a sentence.
        units: the weight at distance 1, 2, ...
    """
    counts: Counter[tuple[int, int]] = Counter()
    for at, word in enumerate(ids.tolist()):
        for distance, unit in enumerate(units, start=1):
            if word < 0 or at < distance or ids[at - distance] < 0:
                break
            other = int(ids[at - distance])
            counts[min(word, other), max(word, other)] += unit * (2 if word == other else 1)
    return dict(counts)


def merge_runs(runs: Sequence[tuple[Keys, Ids64]]) -> tuple[Keys, Ids64]:
    """Return the keys of all runs, each once, with the sum of what they hold."""
    keys, places = np.unique(np.concatenate([keys for keys, _ in runs]), return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, places, np.concatenate([sums for _, sums in runs]))
    return keys, sums
