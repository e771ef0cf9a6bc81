"""Soft cosine: the cosine of two texts in which like words count as partly the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from symvec.arrays import Double2
from symvec.vectors.texts.word_bag import WordBag, word_bag

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

# Charlet and Damnati 2017 (SimBow) square the cosines and drop the negative ones; so does gensim.
EXPONENT = 2.0


def soft_cosine(
    vectors: Vectors,
    first: str | Sequence[str],
    second: str | Sequence[str],
    *,
    exponent: float = EXPONENT,
) -> float | None:
    """Return the soft cosine of two texts (Sidorov et al. 2014), from 0 to 1.

    It is ``a S b / sqrt(a S a * b S b)`` for the counts a and b of their words, where S holds
    the words' cosines, negative ones as 0, to the power of ``exponent``.

    Returns:
        The value; None where one of the texts has no word with a vector.
    """
    a, b = word_bag(vectors, first), word_bag(vectors, second)
    if not a.words or not b.words:
        return None
    product = a.counts @ _likeness(a, b, exponent) @ b.counts
    lengths = [bag.counts @ _likeness(bag, bag, exponent) @ bag.counts for bag in (a, b)]
    return min(float(product / np.sqrt(lengths[0] * lengths[1])), 1.0)


def _likeness(first: WordBag, second: WordBag, exponent: float) -> Double2:
    cosines = np.clip(first.directions @ second.directions.T, 0, 1) ** exponent
    # A word is like itself even where its vector is zero.
    same = np.array([[word == other for other in second.words] for word in first.words])
    likeness: Double2 = np.where(same, 1.0, cosines)
    return likeness
