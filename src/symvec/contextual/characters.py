"""Words as the numbers of their characters, the way ELMo reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from symvec.arrays import Ids, Ids2
from symvec.vocabulary.index import encode


class Characters(Protocol):
    """How words become rows of the table of characters."""

    @property
    def kind(self) -> str:
        """The name that files know it by."""

    @property
    def count(self) -> int:
        """Rows of the table."""

    def ids(self, words: Sequence[str], most: int) -> Ids2:
        """Return the row of each character of each word, (words, most) int32."""

    def sentence_marks(self, most: int) -> Ids2:
        """Return the same of the marks of a sentence's begin and end, (2, most) int32."""

    def to_metadata(self) -> object:
        """Return what a file says of it, as JSON can hold it."""


@dataclass(frozen=True, slots=True)
class ByteCharacters:
    """Bytes of UTF-8, and five marks, as in the published models (bilm-tf's vocabulary).

    A word is the mark of a begin, its bytes, the mark of an end, and padding. Bytes beyond the
    place that is left are not read: 48 of them count where a word has 50 places.

    Example:
        >>> ByteCharacters().ids(["é"], 6).tolist()
        [[258, 195, 169, 259, 260, 260]]
    """

    kind: ClassVar[str] = "bytes"
    count: ClassVar[int] = 261
    sentence_begin: ClassVar[int] = 256
    sentence_end: ClassVar[int] = 257
    word_begin: ClassVar[int] = 258
    word_end: ClassVar[int] = 259
    padding: ClassVar[int] = 260

    def ids(self, words: Sequence[str], most: int) -> Ids2:
        """Return the bytes of each word, (words, most) int32; the empty word has none.

        Raises:
            InputError: a word is not text.
        """
        ids = np.full((len(words), most), self.padding, dtype=np.int32)
        for row, word in zip(ids, words, strict=True):
            write_word(row, encode(word), self.word_begin)
        return ids

    def sentence_marks(self, most: int) -> Ids2:
        """Return the marks of a sentence's begin and end as words, (2, most) int32."""
        ids = np.full((2, most), self.padding, dtype=np.int32)
        write_word(ids[0], [self.sentence_begin], self.word_begin)
        write_word(ids[1], [self.sentence_end], self.word_begin)
        return ids

    def to_metadata(self) -> object:
        """Return the kind: there is nothing else to say."""
        return self.kind


def write_word(row: Ids, inner: bytes | Sequence[int], word_begin: int) -> None:
    """Write a word's characters between the marks of its begin and its end, the next number."""
    read = list(inner[: len(row) - 2])
    row[: len(read) + 2] = [word_begin, *read, word_begin + 1]
