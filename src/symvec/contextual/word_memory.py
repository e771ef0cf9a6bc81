"""Words that were met, and their vectors: a text uses most of its words again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from symvec.arrays import Float2, Ids64

MOST_NUMBERS: Final = 1 << 25  # 128 MB: of `original` 65,536 words


class WordMemory:
    """Finds the vectors of words, and of those it has met without computing them again.

    Args:
        compute: returns the vectors of words, (words, size) float32; those of a word must not
            depend on the words beside it.
        size: of a vector.
        most_numbers: where all it has met would be more, it forgets them.

    Example:
        >>> memory = WordMemory(lambda words: np.float32([[len(word)] for word in words]), 1)
        >>> memory.vectors(["bank", "of"]).tolist()
        [[4.0], [2.0]]
    """

    def __init__(
        self,
        compute: Callable[[Sequence[str]], Float2],
        size: int,
        most_numbers: int = MOST_NUMBERS,
    ) -> None:
        self._compute = compute
        self._most_words = most_numbers // size
        self._rows: dict[str, int] = {}
        self._vectors: Float2 = np.empty((0, size), np.float32)

    def vectors(self, words: Sequence[str]) -> Float2:
        """Return the vectors of distinct words, (words, size) float32.

        Args:
            words: none of them twice.
        """
        new = [word for word in words if word not in self._rows]
        if len(self._rows) + len(new) > self._most_words:
            self._rows, new = {}, list(words)
        if new:
            found = self._compute(new)
            self._learn(new, found)
            if len(new) == len(words):
                return found
        rows: Ids64 = np.array([self._rows[word] for word in words], np.int64)
        return self._vectors[rows]

    def _learn(self, words: Sequence[str], vectors: Float2) -> None:
        first = len(self._rows)
        if first + len(words) > self._most_words:
            return
        if first + len(words) > len(self._vectors):
            room = min(max(2 * len(self._vectors), first + len(words)), self._most_words)
            larger = np.empty((room, vectors.shape[1]), np.float32)
            larger[:first] = self._vectors[:first]
            self._vectors = larger
        self._vectors[first : first + len(words)] = vectors
        self._rows.update(zip(words, range(first, first + len(words)), strict=True))
