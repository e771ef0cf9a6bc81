"""The vector of a word in its sentence, without a network: the à-la-carte map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Ids64
from symvec.errors import EmptyCorpusError, InputError
from symvec.vectors.cosine import unit
from symvec.vectors.texts.sentences import SMOOTHING, word_probabilities

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

WINDOW: Final = 10
_MIN_COUNT: Final = 20
_BATCH_WORDS: Final = 1 << 15
# Beside the mean product of context vectors; results hardly change from 1e-3 to 1e-1.
_RIDGE: Final = 1e-2


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
        found = [
            self.at(sentence, list(sentence).index(word))
            for sentence in sentences
            if word in sentence
        ]
        return np.stack(found) if found else np.zeros((0, self.vectors.vector_size))

    def at(self, sentence: Sequence[str], position: int) -> Double1:
        """Return the vector of the word at a position, from its neighbours, (D,) float64.

        Raises:
            InputError: the sentence has no such position.
        """
        if not 0 <= position < len(sentence):
            raise InputError(
                f"positions go from 0 to {len(sentence) - 1} in this sentence, got {position}"
            )
        begin = max(0, position - self.window)
        around = [
            word
            for place, word in enumerate(sentence[begin : position + self.window + 1], begin)
            if place != position
        ]
        ids = self.vectors.vocabulary.find(around)
        ids = ids[ids >= 0]
        rows = _usable(self.vectors, ids)
        total = self.weights[ids] @ rows
        vector: Double1 = unit((total @ self.matrix)[None])[0].astype(np.float64)
        return vector


def fit_context_map(
    vectors: Vectors,
    sentences: Iterable[Sequence[str]],
    *,
    window: int = WINDOW,
    min_count: int = _MIN_COUNT,
    words: int | None = 1_000_000,
) -> ContextMap:
    """Fit the map on a text: by ridge regression from mean contexts to the words' vectors.

    Each word counts by the logarithm of its occurrences, as in the paper.

    Args:
        vectors: the model.
        sentences: a text like the one that the model learned from, as lists of words.
        window: how many words on each side make a context.
        min_count: words that are rarer in the text are not fitted to.
        words: read so many words at most, None for all.

    Raises:
        InputError: the window is below 1.
        EmptyCorpusError: no word of the model comes often enough.
    """
    if window < 1:
        raise InputError(f"the window must be 1 word or more, got {window}")
    weights = SMOOTHING / (SMOOTHING + word_probabilities(vectors))
    sums = np.zeros((len(vectors), vectors.vector_size))
    counts = np.zeros(len(vectors), dtype=np.int64)
    for ids, sentence_ids in _batches(vectors, sentences, words):
        around = _window_sums(vectors, weights, ids, sentence_ids, window)
        known = np.flatnonzero(ids >= 0)
        order = known[np.argsort(ids[known], kind="stable")]
        present, starts = np.unique(ids[order], return_index=True)
        if len(order):
            sums[present] += np.add.reduceat(around[order], starts, axis=0)
        counts += np.bincount(ids[known], minlength=len(vectors))
    fitted = np.flatnonzero((counts >= min_count) & np.isfinite(vectors.norms))
    if not fitted.size:
        raise EmptyCorpusError(
            f"no word of the model comes {min_count} times in the text; give a longer text, or "
            "lower min_count"
        )
    return ContextMap(vectors, weights, _ridge(vectors, sums, counts, fitted), window)


def _ridge(vectors: Vectors, sums: Double2, counts: Ids64, fitted: Ids64) -> Double2:
    contexts = unit(sums[fitted]).astype(np.float64)
    targets = unit(vectors.word_matrix[fitted]).astype(np.float64)
    importance = np.log(counts[fitted])[:, None] + 1
    products = contexts.T @ (importance * contexts)
    products[np.diag_indices(len(products))] += _RIDGE * np.trace(products) / len(products)
    wanted: AnyArray = contexts.T @ (importance * targets)
    matrix: AnyArray = np.linalg.solve(products, wanted)
    return matrix


def _batches(
    vectors: Vectors, sentences: Iterable[Sequence[str]], limit: int | None
) -> Iterator[tuple[Ids64, Ids64]]:
    """Go through word ids (-1 for unknown words) and sentence numbers, some sentences at a time."""
    flat: list[str] = []
    numbers: list[int] = []
    read = 0
    for number, sentence in enumerate(sentences):
        flat.extend(sentence)
        numbers.extend([number] * len(sentence))
        read += len(sentence)
        is_last = limit is not None and read >= limit
        if len(flat) >= _BATCH_WORDS or is_last:
            yield vectors.vocabulary.find(flat), np.array(numbers, dtype=np.int64)
            flat, numbers = [], []
        if is_last:
            return
    if flat:
        yield vectors.vocabulary.find(flat), np.array(numbers, dtype=np.int64)


def _window_sums(
    vectors: Vectors, weights: Double1, ids: Ids64, sentence_ids: Ids64, window: int
) -> Double2:
    """Return the weighted sum of the unit vectors around each place, (places, D)."""
    rows = _usable(vectors, np.maximum(ids, 0))
    rows *= np.where(ids >= 0, weights[ids], 0)[:, None]
    before = np.zeros((len(rows) + 1, rows.shape[1]))
    np.cumsum(rows, axis=0, out=before[1:])
    places = np.arange(len(ids))
    first = np.searchsorted(sentence_ids, sentence_ids, side="left")
    last = np.searchsorted(sentence_ids, sentence_ids, side="right")
    begins = np.maximum(first, places - window)
    ends = np.minimum(last, places + window + 1)
    sums: Double2 = before[ends] - before[begins] - rows
    return sums


def _usable(vectors: Vectors, ids: Ids64) -> Double2:
    """Return unit vectors, zero for those that are not finite, (ids, D) float64."""
    found: AnyArray = vectors.word_matrix[ids]
    broken = ~np.isfinite(vectors.norms[ids])
    if broken.any():
        found = np.where(broken[:, None], 0, found)
    rows: Double2 = unit(found).astype(np.float64)
    return rows
