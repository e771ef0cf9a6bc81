"""Where sentences lie in a batch: in rows that are read side by side, one after another in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace

import numpy as np

from symvec.arrays import Ids64


@dataclass(frozen=True, eq=False)
class Streams:
    """The row of each sentence of a batch, and the step at which it begins there.

    Args:
        lengths: (rows,) int64, steps of each row.
        rows: (sentences,) int64.
        starts: (sentences,) int64, steps.
        begins: by step, the rows in which a sentence begins that knows nothing of the one before.
    """

    lengths: Ids64
    rows: Ids64
    starts: Ids64
    begins: Mapping[int, Ids64]

    @property
    def steps(self) -> int:
        """Steps of the longest row."""
        return int(self.lengths.max(initial=0))


def in_own_rows(sentence_lengths: Sequence[int], row_count: int) -> Streams:
    """Give each sentence a row of its own, of which it goes on with what was read there before.

    Example:
        >>> in_own_rows([5, 3], 4).lengths.tolist()
        [5, 3, 0, 0]
    """
    lengths = np.zeros(row_count, np.int64)
    lengths[: len(sentence_lengths)] = sentence_lengths
    sentences = np.arange(len(sentence_lengths))
    return Streams(lengths, sentences, np.zeros_like(sentences), {})


def one_after_another(sentence_lengths: Sequence[int], row_count: int) -> Streams:
    """Lay sentences into rows that are about equally long: each into the one that is shortest.

    The longest come first (Graham 1969, "Bounds on multiprocessing timing anomalies").

    Example:
        >>> found = one_after_another([2, 5, 3, 3], 2)
        >>> found.rows.tolist(), found.starts.tolist(), found.lengths.tolist()
        ([0, 0, 1, 1], [5, 0, 0, 3], [7, 6])
    """
    shortest = [(0, row) for row in range(row_count)]
    heapify(shortest)
    rows = np.empty(len(sentence_lengths), np.int64)
    starts = np.empty_like(rows)
    for sentence in sorted(range(len(rows)), key=lambda n: -sentence_lengths[n]):
        starts[sentence], rows[sentence] = shortest[0]
        ended = int(starts[sentence]) + sentence_lengths[sentence]
        heapreplace(shortest, (ended, int(rows[sentence])))
    lengths = np.zeros(row_count, np.int64)
    for length, row in shortest:
        lengths[row] = length
    begins = {int(step): rows[starts == step] for step in np.unique(starts) if step > 0}
    return Streams(lengths, rows, starts, begins)
