"""Translations by CSLS, which keeps a few words from being everybody's neighbour."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Float2, Ids64
from symvec.vectors.neighbours import SearchSpace

# The paper's: results hardly change from 5 to 50.
NEIGHBOURHOOD = 10
_BATCH = 512


def mean_similarity(
    queries: AnyArray, space: SearchSpace, neighbourhood: int = NEIGHBOURHOOD
) -> Double1:
    """Return the mean cosine of each query with its nearest words, (queries,) float64."""
    usable = np.flatnonzero(~space.broken)
    k = max(0, min(neighbourhood, len(usable)))
    means = np.zeros(len(queries))
    if k:
        directions = space.matrix[usable] * space.scales[usable]
        for start in range(0, len(queries), _BATCH):
            part = slice(start, start + _BATCH)
            # A whole selection of a line is quicker than keeping the best in order.
            cosines = _unit_lines(queries[part]) @ directions.T
            best = np.partition(cosines, len(usable) - k, axis=1)[:, len(usable) - k :]
            means[part] = best.mean(axis=1, dtype=np.float64)
    return means


def csls_nearest(
    queries: AnyArray,
    space: SearchSpace,
    hubness: Double1,
    k: int,
    *,
    own: Double1 | None = None,
) -> tuple[Ids64, Double2]:
    """Return the ``k`` best words for each query by CSLS (Conneau et al. 2018).

    A word's score is ``2 cos - r_query - r_word``, where r is the mean cosine with the nearest
    of the other space.

    Args:
        queries: (queries, D) finite floats.
        space: the words to choose from.
        hubness: (words,) float64, ``r_word``: see ``mean_similarity``.
        k: how many.
        own: (queries,) float64, ``r_query`` where it is known; else it is computed.

    Returns:
        word_ids (queries, k) int64 and scores (queries, k) float64, best first.
    """
    k = max(0, min(k, len(space.norms) - int(space.broken.sum())))
    word_ids = np.zeros((len(queries), k), dtype=np.int64)
    scores = np.zeros((len(queries), k))
    if not k:
        return word_ids, scores
    own = mean_similarity(queries, space) if own is None else own
    directions = space.matrix * space.scales
    penalty = np.where(space.broken, np.inf, hubness)
    directions[space.broken] = 0
    for start in range(0, len(queries), _BATCH):
        part = slice(start, start + _BATCH)
        values = 2 * (_unit_lines(queries[part]) @ directions.T) - penalty - own[part, None]
        best = np.argpartition(-values, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(values, best, axis=1), axis=1, kind="stable")
        rows = np.take_along_axis(best, order, axis=1)
        word_ids[part] = space.words(rows)
        scores[part] = np.take_along_axis(values, rows, axis=1)
    return word_ids, scores


def _unit_lines(queries: AnyArray) -> Float2:
    wide = np.asarray(queries, dtype=np.float64)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    directions = np.divide(wide, lengths, out=np.zeros_like(wide), where=lengths > 0)
    lines: Float2 = directions.astype(np.float32)
    return lines
