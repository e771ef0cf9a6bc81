"""Sentences of a corpus, in batches of about as many words, in an order that the seed gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import Ids, Ids64
from symvec.vocabulary.corpus import EncodedCorpus

MARKS: Final = 2  # of a sentence's begin and end
_BATCHES_SORTED_TOGETHER: Final = 64  # pieces of like length lie side by side


@dataclass(frozen=True, eq=False)
class Sentences:
    """A corpus as pieces of bounded length.

    Args:
        ids: (tokens,) int32, word ids and -1 behind each sentence; as a rule a memory map.
        starts: (pieces,) int64, where each begins.
        lengths: (pieces,) int64, its words.
        begins: (pieces,) bool, whether it is the begin of its sentence.
        ends: (pieces,) bool, whether it is the end of its sentence.
    """

    ids: Ids
    starts: Ids64
    lengths: Ids64
    begins: npt.NDArray[np.bool_]
    ends: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, corpus: EncodedCorpus, longest: int) -> Sentences:
        """Return the sentences of a corpus; those of more than ``longest`` words are cut evenly.

        Example:
            >>> corpus = EncodedCorpus(np.array([0, 2, 3, -1, 1, -1], np.int32), 4, 2)
            >>> Sentences.of(corpus, 2).lengths.tolist()
            [1, 2, 1]
        """
        stops = np.flatnonzero(corpus.ids < 0).astype(np.int64)
        firsts = np.concatenate([[0], stops[:-1] + 1]).astype(np.int64)[: len(stops)]
        words = stops - firsts
        pieces = -(-words // longest)
        number = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        count, words = np.repeat(pieces, pieces), np.repeat(words, pieces)
        cuts, later = number * words // count, (number + 1) * words // count
        starts = np.repeat(firsts, pieces) + cuts
        return cls(corpus.ids, starts, later - cuts, number == 0, number == count - 1)

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.starts)

    @property
    def word_count(self) -> int:
        """Words of all pieces."""
        return int(self.lengths.sum())

    def first(self, words: int) -> Sentences:
        """Return the pieces at the front that have at most ``words`` words, but at least one."""
        most = max(int(np.searchsorted(np.cumsum(self.lengths), words, "right")), 1)
        return Sentences(
            self.ids, self.starts[:most], self.lengths[:most], self.begins[:most], self.ends[:most]
        )

    def batches(self, words: int, seed: Sequence[int]) -> list[Ids64]:
        """Return the pieces of each batch: at most ``words`` places, padding and marks included.

        Args:
            words: places of a batch; a longer piece is a batch by itself.
            seed: whatever the order is to depend on.
        """
        random = np.random.default_rng(list(seed))
        order = random.permutation(len(self))
        together = max(int(words * _BATCHES_SORTED_TOGETHER / (self.lengths.mean() + MARKS)), 1)
        batches: list[Ids64] = []
        for start in range(0, len(order), together):
            some = order[start : start + together]
            some = some[np.argsort(self.lengths[some], kind="stable")]
            batches += _cut(some, self.lengths[some] + MARKS, words)
        return [batches[n] for n in random.permutation(len(batches))]


def _cut(pieces: Ids64, places: Ids64, words: int) -> Iterator[Ids64]:
    """Cut pieces of rising length where one more would make more than ``words`` places."""
    begin = 0
    for n in range(1, len(pieces) + 1):
        if n == len(pieces) or (n + 1 - begin) * places[n] > words:
            yield pieces[begin:n]
            begin = n
