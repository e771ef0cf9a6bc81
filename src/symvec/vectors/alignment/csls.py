"""Translations by CSLS, which keeps a few words from being everybody's neighbour."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Ids64
from symvec.vectors.neighbours import SearchSpace, nearest

# The paper's: results hardly change from 5 to 50.
NEIGHBOURHOOD = 10
_BATCH = 512


def mean_similarity(
    queries: AnyArray, space: SearchSpace, neighbourhood: int = NEIGHBOURHOOD
) -> Double1:
    """Return the mean cosine of each query with its nearest words, (queries,) float64."""
    _, scores = nearest(space, queries, neighbourhood)
    if not scores.shape[1]:
        return np.zeros(len(queries))
    means: Double1 = scores.mean(axis=1)
    return means


def csls_nearest(
    queries: AnyArray, space: SearchSpace, hubness: Double1, k: int
) -> tuple[Ids64, Double2]:
    """Return the ``k`` best words for each query by CSLS (Conneau et al. 2018).

    A word's score is ``2 cos - r_query - r_word``, where r is the mean cosine with the nearest
    of the other space.

    Args:
        queries: (queries, D) finite floats.
        space: the words to choose from.
        hubness: (words,) float64, ``r_word``: see ``mean_similarity``.
        k: how many.

    Returns:
        word_ids (queries, k) int64 and scores (queries, k) float64, best first.
    """
    k = max(0, min(k, len(space.norms) - int(space.broken.sum())))
    word_ids = np.zeros((len(queries), k), dtype=np.int64)
    scores = np.zeros((len(queries), k))
    if not k:
        return word_ids, scores
    own = mean_similarity(queries, space)
    directions = space.matrix * space.scales
    penalty = np.where(space.broken, np.inf, hubness)
    directions[space.broken] = 0
    for start in range(0, len(queries), _BATCH):
        part = slice(start, start + _BATCH)
        wide = np.asarray(queries[part], dtype=np.float64)
        lengths = np.linalg.norm(wide, axis=1, keepdims=True)
        cosines = np.divide(wide, lengths, out=np.zeros_like(wide), where=lengths > 0)
        values = 2 * (cosines.astype(np.float32) @ directions.T) - penalty - own[part, None]
        best = np.argpartition(-values, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(values, best, axis=1), axis=1, kind="stable")
        rows = np.take_along_axis(best, order, axis=1)
        word_ids[part] = space.words(rows)
        scores[part] = np.take_along_axis(values, rows, axis=1)
    return word_ids, scores
