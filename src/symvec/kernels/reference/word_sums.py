"""Twin of ``symvec.kernels.word_sums``."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from symvec.arrays import AnyArray, Float1, Ids64


def add_up_words(
    rows: AnyArray, order: Ids64, starts: Ids64, space: Float1, sums: AnyArray
) -> None:
    """Add up the rows of each word; of float32 or float64."""
    for word, (start, stop) in enumerate(pairwise(starts)):
        sums[word] = np.sum(rows[order[start:stop]], axis=0, dtype=space.dtype)
