"""Keeping the best of a stream of scores, for many queries at once."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Float1, Float2, Ids64

# A run of scores is looked into only if its largest one is good enough.
RUN = 64
# From so many queries on, NumPy's own maximum over a run is the quicker one.
_QUERIES_IN_A_LOOP = 64


class BestSoFar:
    """The ``k`` highest scores of each query, of those that were added so far.

    A score that is not above a query's threshold, the ``k``-th best when last sorted, is passed
    over; the others are set aside and sorted when there are as many as there are best ones.
    That happens about once for each doubling of the rows seen, and nearly all scores are read
    once, to find the largest of their run.

    Args:
        queries: how many queries.
        k: how many scores to keep of each.
    """

    def __init__(self, queries: int, k: int) -> None:
        self._k = k
        self._thresholds: Float1 = np.full(queries, -np.inf, dtype=np.float32)
        self._waiting = 0
        self._parts: list[tuple[Ids64, Ids64, Float1]] = []

    def add(self, start: int, scores: Float2) -> None:
        """Add a block of scores.

        Args:
            start: the row that the first line stands for; it rises from call to call.
            scores: (rows, queries) float32; -inf is never kept.
        """
        whole = len(scores) - len(scores) % RUN
        runs = scores[:whole].reshape(whole // RUN, RUN, scores.shape[1])
        maxima = _maxima(runs)
        if not self._parts:
            self._begin(scores, maxima)
        run_ids, query_ids = np.nonzero(maxima > self._thresholds)
        self._keep(runs[run_ids, :, query_ids], query_ids, start + run_ids * RUN)
        if whole < len(scores):
            every = np.arange(scores.shape[1])
            self._keep(scores[whole:].T, every, np.full(len(every), start + whole))
        if self._waiting > max(self._k * scores.shape[1], 1 << 12):
            self._sort()

    def candidates(self) -> tuple[Ids64, Ids64]:
        """Return (kept,) query numbers, rising, and the (kept,) rows of the best scores."""
        if not self._parts:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        self._sort()
        query_ids, rows, _ = self._parts[0]
        return query_ids, rows

    def _begin(self, scores: Float2, maxima: Float2) -> None:
        """Set the thresholds just below what ``k`` scores of the first block reach.

        The ``k``-th best maximum of a run is such a bound, and is found among far fewer numbers.
        """
        among = maxima if self._k <= len(maxima) else scores
        if self._k < len(scores):
            place = len(among) - self._k
            lowest = np.partition(among.T, place, axis=1)[:, place]
            self._thresholds = np.nextafter(lowest, np.float32(-np.inf))

    def _keep(self, scores: Float2, query_ids: Ids64, starts: Ids64) -> None:
        """Set aside the scores above the threshold; a line of ``scores`` begins at a row."""
        lines, places = np.nonzero(scores > self._thresholds[query_ids, None])
        self._parts.append((query_ids[lines], starts[lines] + places, scores[lines, places]))
        self._waiting += len(lines)

    def _sort(self) -> None:
        """Leave the ``k`` best of each query, and raise the thresholds to the last of them."""
        query_ids, rows, scores = (
            np.concatenate([part[i] for part in self._parts]) for i in range(3)
        )
        # Equal scores stay in the order of their rows.
        order = np.lexsort((rows, -scores, query_ids))
        query_ids, rows, scores = query_ids[order], rows[order], scores[order]
        begins = np.searchsorted(query_ids, query_ids)
        kept = np.arange(len(query_ids)) - begins < self._k
        self._parts = [(query_ids[kept], rows[kept], scores[kept])]
        full = np.flatnonzero(np.arange(len(query_ids)) - begins == self._k - 1)
        self._thresholds[query_ids[full]] = scores[full]
        self._waiting = 0


def _maxima(runs: Float2) -> Float2:
    """Return the largest score of each run, (runs, queries) float32.

    Args:
        runs: (runs, RUN, queries) float32, one after another in memory.
    """
    count, _, queries = runs.shape
    if queries >= _QUERIES_IN_A_LOOP:
        largest: Float2 = runs.max(axis=1)
        return largest
    # NumPy's loops are as long as there are queries: halves of runs make longer ones.
    folded = runs.reshape(count, RUN * queries)
    while folded.shape[1] > queries:
        half = folded.shape[1] // 2
        folded = np.maximum(folded[:, :half], folded[:, half:])
    return folded
