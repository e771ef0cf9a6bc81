"""Word Mover's Distance: how far the words of one text have to go to become those of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from symvec.arrays import Double2
from symvec.vectors.texts.transport import transport
from symvec.vectors.texts.word_bag import WordBag, word_bag

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors


def word_movers_distance(
    vectors: Vectors, first: str | Sequence[str], second: str | Sequence[str]
) -> float | None:
    """Return the Word Mover's Distance of two texts (Kusner et al. 2015), 0 or more.

    Each text's words share a mass of 1; the distance is the least total of mass times Euclidean
    distance that turns one into the other. Vectors are taken at length 1, as gensim does, so
    that two words are at most 2 apart.

    Returns:
        The distance; None where one of the texts has no word with a vector.
    """
    return movers_distance(word_bag(vectors, first), word_bag(vectors, second))


def movers_distance(first: WordBag, second: WordBag) -> float | None:
    """Return the distance of two bags of words; see ``word_movers_distance``."""
    if not first.words or not second.words:
        return None
    costs = distances(first, second)
    # Whole numbers, so that no rounding decides which word goes where.
    supply = first.counts * second.counts.sum()
    demand = second.counts * first.counts.sum()
    flow = transport(supply, demand, costs)
    return float((flow * costs).sum() / supply.sum())


def distances(first: WordBag, second: WordBag) -> Double2:
    """Return the Euclidean distance of each word to each, (words, others) float64."""
    between = first.directions[:, None, :] - second.directions[None, :, :]
    apart: Double2 = np.sqrt(np.einsum("ijk,ijk->ij", between, between))
    return apart
