"""Fitting the à-la-carte map: on a text, or to the model alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Ids64
from symvec.errors import EmptyCorpusError, InputError
from symvec.vectors.contexts.context_map import (
    WINDOW,
    ContextMap,
    neighbour_weights,
    usable_rows,
)
from symvec.vectors.cosine import unit
from symvec.vectors.texts.sentences import word_probabilities

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_MIN_COUNT: Final = 20
_BATCH_WORDS: Final = 1 << 15
# Beside the mean product of context vectors; results hardly change from 1e-3 to 1e-1.
_RIDGE: Final = 1e-2
# Beside the mean variance of neighbours; from 0.1 to 1 accuracy on WiC differs by chance only.
_WHITENING_RIDGE: Final = 0.1


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
    weights = neighbour_weights(vectors)
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
    contexts = unit(sums[fitted]).astype(np.float64)
    return ContextMap(vectors, weights, ridge(vectors, contexts, counts[fitted], fitted), window)


def whitening_context_map(vectors: Vectors, *, window: int = WINDOW) -> ContextMap:
    """Return the map where there is no text: directions that all neighbours share count less.

    The matrix is the inverse square root of the neighbours' second moments, which the model's
    own counts tell. A map that was fitted on a text is nearer to the words' vectors.

    Raises:
        InputError: the window is below 1.
    """
    if window < 1:
        raise InputError(f"the window must be 1 word or more, got {window}")
    weights = neighbour_weights(vectors)
    matrix: Double2 = np.eye(vectors.vector_size)
    if len(vectors):
        rows = usable_rows(vectors, np.arange(len(vectors)))
        moments = (rows * (word_probabilities(vectors) * weights**2)[:, None]).T @ rows
        values, directions = np.linalg.eigh(moments)
        values = np.maximum(values, 0) / max(values.mean(), 1e-300) + _WHITENING_RIDGE
        matrix = (directions / np.sqrt(values)) @ directions.T
    return ContextMap(vectors, weights, matrix, window)


def ridge(vectors: Vectors, features: Double2, counts: Ids64, word_ids: Ids64) -> Double2:
    """Return the matrix from words' mean features to their unit vectors, (F, D) float64.

    Args:
        vectors: the model.
        features: (words, F) float64.
        counts: (words,) int64, how many occurrences each mean is of.
        word_ids: (words,) int64.
    """
    targets = unit(vectors.word_matrix[word_ids]).astype(np.float64)
    importance = np.log(counts)[:, None] + 1
    products = features.T @ (importance * features)
    size = len(products)
    products[np.diag_indices(size)] += max(_RIDGE * np.trace(products) / size, 1e-300)
    wanted: AnyArray = features.T @ (importance * targets)
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
    rows = usable_rows(vectors, np.maximum(ids, 0))
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
