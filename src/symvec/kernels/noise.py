"""Negative words, drawn from the noise distribution."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from symvec.arrays import Double1, Ids, Ids64
from symvec.kernels.compiling import Scalar, kernel, merged
from symvec.kernels.random import below, draw, low_half

_FULL = 2**32 - 1


class AliasTable(NamedTuple):
    """A discrete distribution that is sampled in constant time (Walker 1977).

    Args:
        thresholds: (words,) uint32, the share of a word's column that is its own, times 2^32 - 1.
        aliases: (words,) int32, the word that has the rest of the column.
    """

    thresholds: npt.NDArray[np.uint32]
    aliases: Ids


@merged
def draw_noise(table: AliasTable, key: Scalar, counter: Scalar) -> Scalar:
    """Return a word id drawn from the table by the key and the counter."""
    bits = draw(key, counter)
    column = below(bits, len(table.thresholds))
    return column if low_half(bits) <= table.thresholds[column] else np.int64(table.aliases[column])


@kernel
def fill_alias_table(columns: Double1, todo: Ids64, table: AliasTable) -> None:
    """Set up a table; Vose 1991, "A linear algorithm for generating random numbers".

    Args:
        columns: (words,) float64, probabilities times the number of words; overwritten.
        todo: (words,) int64, overwritten: low columns from the front, high ones from the back.
        table: `AliasTable`, written.
    """
    words = len(columns)
    low = 0
    high = words
    for word in range(words):
        table.aliases[word] = word
        table.thresholds[word] = _FULL
        if columns[word] < 1:
            todo[low] = word
            low += 1
        else:
            high -= 1
            todo[high] = word
    while low > 0 and high < words:
        low -= 1
        small, large = todo[low], todo[high]
        table.thresholds[small] = np.uint32(columns[small] * _FULL)
        table.aliases[small] = large
        columns[large] -= 1 - columns[small]
        if columns[large] < 1:
            high += 1
            todo[low] = large
            low += 1
