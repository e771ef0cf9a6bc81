"""The exact nearest neighbours of many vectors at once, by blocked matrix products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from symvec.arrays import AnyArray, Double2, Float1, Float2, Ids64
from symvec.vectors.best import RUN, BestSoFar
from symvec.vectors.cosine import cosines, inverse_norms, unit

# 4 MiB of scores: large enough for the matrix product, small enough for the cache that the
# passes over the scores run in.
_BLOCK_SCORES = 1 << 20
_BATCH_QUERIES = 1024
# float32 products differ in their last bits with the size of a batch. So many more candidates
# than asked for are scored again in float64, and the answers no longer depend on it.
SPARE = 16
_RESCORED_ROWS = 1 << 14


@dataclass(frozen=True, eq=False)
class SearchSpace:
    """Where neighbours are looked for.

    Args:
        matrix: (words, D) float32.
        norms: (words,) float32, the length of each row.
        word_ids: (words,) int64, rising, or None when the row number is the word id.
    """

    matrix: Float2
    norms: Float1
    word_ids: Ids64 | None = None

    @cached_property
    def scales(self) -> Float2:
        """1 / norm of each row, (words, 1) float32; 0 for rows that are zero or not finite."""
        return inverse_norms(self.norms)[:, None]

    @cached_property
    def broken(self) -> AnyArray:
        """Whether a row holds NaN or infinity, (words,) bool."""
        broken: AnyArray = ~np.isfinite(self.norms)
        return broken

    def first(self, words: int) -> SearchSpace:
        """Return the part that holds the most frequent ``words`` words, without a copy."""
        return SearchSpace(self.matrix[:words], self.norms[:words])

    def only(self, word_ids: Ids64) -> SearchSpace:
        """Return the part that holds the given words."""
        kept = np.unique(word_ids)
        return SearchSpace(self.matrix[kept], self.norms[kept], kept)

    def words(self, rows: Ids64) -> Ids64:
        """Return the word ids of row numbers."""
        return rows if self.word_ids is None else self.word_ids[rows]


def nearest(space: SearchSpace, queries: Float2, k: int) -> tuple[Ids64, Double2]:
    """Return the ``k`` words with the highest cosine to each query, best first.

    Equal cosines are ordered by word id. Rows that hold NaN or infinity are never answers; zero
    rows have the cosine 0. The answers to a query do not depend on the other queries.

    Args:
        space: the words to choose from.
        queries: (queries, D) finite floats, of any length.
        k: how many neighbours; no more are returned than there are words to compare with.

    Returns:
        word_ids (queries, k) int64 and cosines (queries, k) float64.

    Example:
        >>> table = np.array([[1, 0], [1, 1], [0, 1]], dtype=np.float32)
        >>> space = SearchSpace(table, np.array([1, 2**0.5, 1], dtype=np.float32))
        >>> nearest(space, np.array([[2.0, 0.0]], dtype=np.float32), 2)[0].tolist()
        [[0, 1]]
    """
    k = max(0, min(k, len(space.norms) - int(space.broken.sum())))
    word_ids = np.zeros((len(queries), k), dtype=np.int64)
    scores = np.zeros((len(queries), k), dtype=np.float64)
    if k:
        for start in range(0, len(queries), _BATCH_QUERIES):
            batch = slice(start, start + _BATCH_QUERIES)
            word_ids[batch], scores[batch] = _nearest_of_batch(space, queries[batch], k)
    return word_ids, scores


def score_blocks(space: SearchSpace, directions: Float2) -> Iterator[tuple[int, Float2]]:
    """Go through the cosines of all rows with unit vectors, in blocks of rows.

    Yields:
        The first row of the block, and (rows of the block, directions) float32 cosines, -inf
        for rows that are not finite. The array is overwritten by the next block.
    """
    columns = np.ascontiguousarray(directions.T)
    rows = _BLOCK_SCORES // max(1, len(directions)) // RUN * RUN
    rows = min(len(space.matrix), max(4 * RUN, rows))
    scores = np.empty((rows, len(directions)), dtype=np.float32)
    for start in range(0, len(space.matrix), max(1, rows)):
        block = slice(start, min(start + rows, len(space.matrix)))
        part = scores[: block.stop - start]
        with np.errstate(invalid="ignore", over="ignore"):
            if len(directions) > space.matrix.shape[1]:  # scale what is smaller
                np.matmul(space.matrix[block] * space.scales[block], columns, out=part)
            else:
                np.matmul(space.matrix[block], columns, out=part)
                part *= space.scales[block]
        part[space.broken[block]] = -np.inf
        yield start, part


def _nearest_of_batch(space: SearchSpace, queries: Float2, k: int) -> tuple[Ids64, Double2]:
    best = BestSoFar(len(queries), k + SPARE)
    for start, scores in score_blocks(space, unit(queries)):
        best.add(start, scores)
    query_ids, rows = best.candidates()
    exact = np.empty(len(rows), dtype=np.float64)
    for start in range(0, len(rows), _RESCORED_ROWS):
        part = slice(start, start + _RESCORED_ROWS)
        exact[part] = cosines(space.matrix[rows[part]], queries[query_ids[part]])
    order = np.lexsort((rows, -exact, query_ids))
    begins = np.searchsorted(query_ids[order], np.arange(len(queries)))
    kept = order[begins[:, None] + np.arange(k)]
    return space.words(rows[kept]), exact[kept]
