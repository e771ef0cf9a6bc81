"""Which rows of a table a word is read from: the seam between words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64, RaggedRows
from symvec.vocabulary.vocabulary import Vocabulary


class Rows(Protocol):
    """A vocabulary, and for each word a short list of row ids.

    A word's vector is the mean of its rows. Training, lookup and files need no more than this
    of how words become rows.
    """

    @property
    def kind(self) -> str:
        """The name that files know this kind of rows by."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words."""

    @property
    def row_count(self) -> int:
        """How many rows the table must have."""

    def word_rows(self) -> RaggedRows:
        """Return the row ids of every word, by word id."""

    def covers(self, word: str) -> bool:
        """Return whether a word has rows; words outside of the vocabulary may."""

    def rows_of(self, word: str) -> Ids64:
        """Return the row ids of a word, (rows,) int64.

        Raises:
            UnknownSymbolError: the word has no rows.
        """

    def word_matrix(self, table: Float2) -> Float2:
        """Return the vector of every word, (words, D) float32, from a (row_count, D) table."""

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings that make these rows from the vocabulary, for JSON."""

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return the arrays that these rows need besides the vocabulary, by name, for a file."""


@dataclass(frozen=True, eq=False)
class WordRows:
    """One row a word: the row id is the word id.

    Args:
        vocabulary: the words.

    Example:
        >>> rows = WordRows(Vocabulary.from_words(["tea", "coffee"]))
        >>> rows.row_count, rows.rows_of("coffee").tolist()
        (2, [1])
    """

    kind: ClassVar[str] = "words"
    vocabulary: Vocabulary

    @property
    def row_count(self) -> int:
        """How many rows the table must have: one a word."""
        return len(self.vocabulary)

    def word_rows(self) -> RaggedRows:
        """Return the row ids of every word, by word id."""
        return RaggedRows.single(np.arange(len(self.vocabulary), dtype=np.int64))

    def covers(self, word: str) -> bool:
        """Return whether the word is in the vocabulary."""
        return word in self.vocabulary

    def rows_of(self, word: str) -> Ids64:
        """Return the row id of a word, (1,) int64.

        Raises:
            UnknownSymbolError: the word is not in the vocabulary.
        """
        return np.array([self.vocabulary.word_id(word)], dtype=np.int64)

    def word_matrix(self, table: Float2) -> Float2:
        """Return the table itself, without a copy."""
        return table

    def to_metadata(self) -> Mapping[str, object]:
        """Return no settings: the vocabulary says it all."""
        return {}

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return no arrays: the vocabulary says it all."""
        return {}
