"""What every tokeniser can do, whatever it goes by."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Protocol

from symvec.text.phrases import Phrases


class TextTokeniser(Protocol):
    """How a text becomes words, and how a question is spelled as the vocabulary is."""

    @abstractmethod
    def tokens(self, text: str) -> list[str]:
        """Return the words of a text, in order and spelled as in the vocabulary."""

    @abstractmethod
    def spellings(self, text: str) -> Iterator[str]:
        """Return the ways in which the vocabulary may have what is asked for, likely ones first."""

    @abstractmethod
    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""

    @property
    def phrases(self) -> Phrases | None:
        """The pairs of words that are one word, if there are any."""
        return None

    def summary(self) -> Mapping[str, object]:
        """Return the settings, for people."""
        return self.to_metadata()
