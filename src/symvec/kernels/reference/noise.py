"""What `symvec.kernels.noise` computes, in Python."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1
from symvec.kernels.noise import AliasTable
from symvec.kernels.reference.random import below, draw, low_half


def draw_noise(table: AliasTable, key: int, counter: int) -> int:
    """Return a word id: the column's own word, or its alias."""
    bits = draw(key, counter)
    column = below(bits, len(table.aliases))
    return column if low_half(bits) <= table.thresholds[column] else int(table.aliases[column])


def probabilities(table: AliasTable) -> Double1:
    """Return how likely the table draws each word, (words,) float64."""
    own = (table.thresholds.astype(np.float64) + 1) / 2**32
    words = len(own)
    return (own + np.bincount(table.aliases, 1 - own, words)) / words
