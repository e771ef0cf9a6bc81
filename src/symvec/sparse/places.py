"""How words are ordered within pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from symvec.arrays import Ids
from symvec.errors import InputError
from symvec.kernels.cooccurrence import PairBits

_BITS: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """How words are ordered within pairs: by groups, and within a group by an index.

    Args:
        of_words: (words,) int32, group * 2^index_bits + index.
        group_bits: bits that a group takes; 0 where all words are one group.
        index_bits: bits that an index takes.

    Example:
        >>> Places.dealt(5, 2).of_words.tolist()
        [0, 4, 1, 5, 2]
    """

    of_words: Ids
    group_bits: int
    index_bits: int

    @classmethod
    def dealt(cls, words: int, groups: int) -> Places:
        """Return places of words that are dealt to groups in turn, like cards."""
        word_ids = np.arange(words, dtype=np.int64)
        index_bits = ((words - 1) // groups).bit_length() if words else 0
        places = (word_ids % groups << index_bits) | word_ids // groups
        return cls(places.astype(np.int32), (groups - 1).bit_length(), index_bits)

    def bits(self, window: int) -> PairBits:
        """Return how a pair of words up to ``window`` apart is written as one number.

        Raises:
            InputError: there are too many words for so large a window.
        """
        distance = (window - 1).bit_length()
        if 2 * (self.group_bits + self.index_bits) + distance > _BITS:
            raise InputError(
                f"pairs of {len(self.of_words):,} words at {window} distances do not fit "
                f"{_BITS} bits; lower the window, or drop rare words with a higher min_count"
            )
        return PairBits(self.group_bits, self.index_bits, distance)
