"""The vector of a word in its sentence, without a network: the à-la-carte map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Ids64
from symvec.vectors.contexts.places import Place, check_position, places_of
from symvec.vectors.cosine import unit
from symvec.vectors.texts.sentences import SMOOTHING, word_probabilities

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

WINDOW: Final = 10


@dataclass(frozen=True, eq=False)
class ContextMap:
    """Turns the words around a place into the vector that the word there would have.

    The mean of the neighbours' unit vectors, rare ones weighing more (SIF), is multiplied by a
    matrix that was fitted so that for known words the word's own vector comes out (Khodak et al.
    2018, "A La Carte Embedding").

    Args:
        vectors: the model.
        weights: (words,) float64, of neighbours.
        matrix: (D, D) float64.
        window: how many words on each side are looked at.
    """

    vectors: Vectors
    weights: Double1
    matrix: Double2
    window: int

    def contexts(self, sentences: Iterable[Sequence[str]], word: str) -> Double2:
        """Return the vector of the first occurrence of a word in each sentence that holds it.

        Returns:
            (occurrences, D) float64 of length 1; zero where no neighbour has a vector.
        """
        return self.at_each(places_of(word, sentences))

    def at_each(self, places: Iterable[Place]) -> Double2:
        """Return what ``at`` says of each of many places, (places, D) float64.

        Raises:
            InputError: a sentence has no such position.
        """
        found = [self.at(sentence, position) for sentence, position in places]
        return np.stack(found) if found else np.zeros((0, self.vectors.vector_size))

    def at(self, sentence: Sequence[str], position: int) -> Double1:
        """Return the vector of the word at a position, from its neighbours, (D,) float64.

        Raises:
            InputError: the sentence has no such position.
        """
        check_position(sentence, position)
        begin = max(0, position - self.window)
        around = [
            word
            for place, word in enumerate(sentence[begin : position + self.window + 1], begin)
            if place != position
        ]
        ids = self.vectors.vocabulary.find(around)
        ids = ids[ids >= 0]
        rows = usable_rows(self.vectors, ids)
        total = self.weights[ids] @ rows
        vector: Double1 = unit((total @ self.matrix)[None])[0].astype(np.float64)
        return vector


def neighbour_weights(vectors: Vectors) -> Double1:
    """Return how much each word counts as a neighbour, rare ones more (SIF), (words,) float64."""
    weights: Double1 = SMOOTHING / (SMOOTHING + word_probabilities(vectors))
    return weights


def usable_rows(vectors: Vectors, ids: Ids64) -> Double2:
    """Return unit vectors, zero for those that are not finite, (ids, D) float64."""
    found: AnyArray = vectors.word_matrix[ids]
    broken = ~np.isfinite(vectors.norms[ids])
    if broken.any():
        found = np.where(broken[:, None], 0, found)
    rows: Double2 = unit(found).astype(np.float64)
    return rows
