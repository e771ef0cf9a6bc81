"""What one pass over a corpus leaves: its distinct words, counted, and what was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, TypeAlias

import numpy as np

from symvec.arrays import Bytes1, Ids64

OnProgress: TypeAlias = Callable[[int, int | None], None]
"""Called with the bytes read so far and with all there are, None where that is not known."""

_SECONDS_BETWEEN_REPORTS: Final = 0.25


@dataclass(frozen=True)
class ReadingReport:
    """What was read, so that nothing is dropped in silence.

    Args:
        bytes_read: of text, after decompression.
        raw_words: all words of the text.
        kept_words: those that are in the vocabulary.
        sentences: lines with at least one word.
        invalid_bytes: bytes within words that are not valid UTF-8; they were kept.
        distinct_words: before the rare ones were dropped.
        sha256: of the text, after decompression and in the order in which it was read.
    """

    bytes_read: int
    raw_words: int
    kept_words: int
    sentences: int
    invalid_bytes: int
    distinct_words: int
    sha256: str


@dataclass(frozen=True, eq=False)
class FirstPass:
    """The distinct words of a corpus whose ids were written as the words were met.

    A word may have been met under several provisional ids, where its spellings differ only in
    what normalisation takes away.

    Args:
        blob: (bytes,) uint8, the distinct words one after another.
        offsets: (words + 1,) int64, where each begins.
        counts: (words,) int64; 0 for a spelling that became another word.
        first_seen: (words,) int64, rising in the order in which they were met.
        word_of: (provisional ids,) int64, which word each provisional id stands for.
        bytes_read: see ``ReadingReport``, as for those that follow.
    """

    blob: Bytes1
    offsets: Ids64
    counts: Ids64
    first_seen: Ids64
    word_of: Ids64
    bytes_read: int
    sentences: int
    invalid_bytes: int
    sha256: str

    @property
    def distinct_words(self) -> int:
        """The number of words that occur."""
        return int(np.count_nonzero(self.counts))

    @property
    def raw_words(self) -> int:
        """The number of all words of the corpus."""
        return int(self.counts.sum())

    def word(self, word: int) -> bytes:
        """Return the bytes of a word."""
        return self.blob[self.offsets[word] : self.offsets[word + 1]].tobytes()


def throttled(on_progress: OnProgress | None) -> OnProgress:
    """Return a callback that passes on a few calls a second, and those that complete a total."""
    last_seconds = -_SECONDS_BETWEEN_REPORTS

    def report(bytes_read: int, total_bytes: int | None) -> None:
        nonlocal last_seconds
        now_seconds = monotonic()
        is_due = now_seconds - last_seconds >= _SECONDS_BETWEEN_REPORTS
        if on_progress is not None and (is_due or bytes_read == total_bytes):
            last_seconds = now_seconds
            on_progress(bytes_read, total_bytes)

    return report
