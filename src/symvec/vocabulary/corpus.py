"""An encoded corpus: word ids in a file, so that it may be larger than memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from symvec.arrays import Ids
from symvec.errors import InputError
from symvec.vocabulary.mapped import release

SENTENCE_END: Final = -1
"""Stands after the last word of each sentence."""
_IDS_PER_CHUNK: Final = 1 << 22


@dataclass(frozen=True, eq=False)
class EncodedCorpus:
    """Sentences as word ids, one after another.

    Args:
        ids: (words + sentences,) int32, as a rule a memory map: word ids, and SENTENCE_END
            after each sentence. No sentence is empty.
        word_count: how many of them are words.
        sentence_count: how many of them are ends of sentences.

    Raises:
        InputError: the ids are not as long as the counts say, or do not end a sentence.

    Example:
        >>> import numpy as np
        >>> corpus = EncodedCorpus(np.array([0, 2, -1, 1, -1], np.int32), 3, 2)
        >>> corpus.word_count, corpus.sentence_count
        (3, 2)
    """

    ids: Ids
    word_count: int
    sentence_count: int

    def __post_init__(self) -> None:
        """Check what can be checked without reading all ids."""
        if self.ids.ndim != 1 or self.ids.dtype != "int32":
            raise InputError(
                f"ids must be one-dimensional int32, got shape {self.ids.shape} of {self.ids.dtype}"
            )
        if self.ids.size != self.word_count + self.sentence_count:
            raise InputError(
                f"{self.word_count} words and {self.sentence_count} sentences need as many ids "
                f"together, got {self.ids.size}"
            )
        if self.ids.size and self.ids[-1] != SENTENCE_END:
            raise InputError(f"the last id must be {SENTENCE_END}, the end of a sentence")

    @cached_property
    def longest_sentence(self) -> int:
        """The number of words of the longest sentence; 0 where there is none.

        Example:
            >>> import numpy as np
            >>> EncodedCorpus(np.array([0, 2, -1, 1, -1], np.int32), 3, 2).longest_sentence
            2
        """
        longest, last_end = 0, -1
        for start in range(0, self.ids.size, _IDS_PER_CHUNK):
            ends = np.flatnonzero(self.ids[start : start + _IDS_PER_CHUNK] < 0) + start
            if ends.size:
                longest = max(longest, int(np.diff(ends, prepend=last_end).max()) - 1)
                last_end = int(ends[-1])
            release(self.ids, min(start + _IDS_PER_CHUNK, self.ids.size))
        return longest
