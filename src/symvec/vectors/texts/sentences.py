"""Sentence vectors: smooth inverse frequency, and what all sentences share removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Float2
from symvec.errors import InputError
from symvec.vectors.texts.word_bag import tokens_of

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

# The paper's default, of which it says that anything from 1e-4 to 1e-3 does as well.
SMOOTHING = 1e-3


@dataclass(frozen=True, eq=False)
class SentenceEncoder:
    """Turns texts into vectors (Arora, Liang, Ma 2017).

    A text's vector is the mean of its words' vectors, each weighted by ``a / (a + p(word))``,
    less its part in the direction that the sentences have in common.

    Args:
        vectors: of the words.
        weights: (words,) float64, by word id.
        common: (D,) float64 of length 1, or zero where nothing is removed.
    """

    vectors: Vectors
    weights: Double1
    common: Double1

    def encode(self, texts: Sequence[str | Sequence[str]]) -> Float2:
        """Return the vector of each text, (texts, D) float32; zero for one without known words."""
        means = weighted_means(self.vectors, self.weights, texts)
        encoded: Float2 = (means - np.outer(means @ self.common, self.common)).astype(np.float32)
        return encoded


def fit_sentence_encoder(
    vectors: Vectors, texts: Sequence[str | Sequence[str]], *, smoothing: float = SMOOTHING
) -> SentenceEncoder:
    """Return an encoder whose common direction is the first singular vector of ``texts``.

    Words are as frequent as the vectors' counts say. Where a file brings no counts, they are
    taken to follow Zipf's law in the order of the file, which is by frequency as a rule.

    Args:
        vectors: of the words.
        texts: sentences, as text or as lists of words; fewer than two have nothing in common.
        smoothing: the paper's a, above 0: the larger it is, the less rare words stand out.

    Raises:
        InputError: the smoothing is not above 0.
    """
    if not smoothing > 0:
        raise InputError(f"the smoothing must be above 0, got {smoothing}")
    weights = smoothing / (smoothing + word_probabilities(vectors))
    means = weighted_means(vectors, weights, texts)
    means = means[np.any(means != 0, axis=1)]
    common = np.zeros(vectors.vector_size)
    if len(means) > 1:
        common = _first_direction(means)
    return SentenceEncoder(vectors, weights, common)


def word_probabilities(vectors: Vectors) -> Double1:
    """Return how likely each word is, (words,) float64 by word id; see ``fit_sentence_encoder``."""
    counts = vectors.vocabulary.counts.astype(np.float64)
    if not counts.any():
        counts = 1 / np.arange(1, len(counts) + 1)
    probabilities: Double1 = counts / max(counts.sum(), 1e-300)
    return probabilities


def weighted_means(
    vectors: Vectors, weights: Double1, texts: Sequence[str | Sequence[str]]
) -> Double2:
    """Return the weighted mean of each text's words, (texts, D) float64."""
    means = np.zeros((len(texts), vectors.vector_size))
    for place, text in enumerate(texts):
        word_ids = vectors.vocabulary.find(tokens_of(vectors, text))
        word_ids = word_ids[word_ids >= 0]
        word_ids = word_ids[np.isfinite(vectors.norms[word_ids])]
        if word_ids.size:
            found: AnyArray = vectors.word_matrix[word_ids]
            means[place] = weights[word_ids] @ found / word_ids.size
    return means


def _first_direction(rows: Double2) -> Double1:
    """Return the first right singular vector, (D,), from the (D, D) matrix of products."""
    _, directions = np.linalg.eigh(rows.T @ rows)
    direction: Double1 = directions[:, -1]
    return direction
