"""Which words of a corpus are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symvec.training.settings.checks import check_whole
from symvec.training.settings.part import Part, setting


@dataclass(frozen=True, kw_only=True)
class CorpusLimits(Part):
    """Which words of a corpus are kept, by their names in gensim.

    Args:
        min_count: rarer words are dropped from their sentences.
        max_vocabulary: how many of the most frequent words are kept; None keeps all.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> CorpusLimits(min_count=0)
        Traceback (most recent call last):
        symvec.errors.InputError: min_count must be 1 or more, got 0
    """

    heading: ClassVar[str] = "Words"

    min_count: int = setting(5, "Drop words that are rarer.", "N")
    max_vocabulary: int | None = setting(
        None, "Keep the N most frequent words.", "N", shown_default="all"
    )

    def __post_init__(self) -> None:
        """Check each value."""
        check_whole("min_count", self.min_count, 1)
        if self.max_vocabulary is not None:
            check_whole("max_vocabulary", self.max_vocabulary, 1)
