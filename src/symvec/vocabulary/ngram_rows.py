"""Rows of an explicit vocabulary of n-grams: one for each word, one for each frequent n-gram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64, RaggedRows
from symvec.text.cuttings import cutting_from_metadata
from symvec.text.ngrams import Cutting
from symvec.vocabulary.bags import bag_means, offsets_of
from symvec.vocabulary.index import decode
from symvec.vocabulary.unseen import ngrams_of, no_known_ngram, too_short
from symvec.vocabulary.vocabulary import Vocabulary

_TENSORS: Final = {
    "ngrams": "blob",
    "ngram_offsets": "offsets",
    "ngram_counts": "counts",
    "ngram_order": "order",
}
"""The arrays of the n-grams' vocabulary by their names in a file."""


@dataclass(frozen=True, eq=False)
class NgramRows:
    """A row for each word, and behind them one for each n-gram of a list.

    No two n-grams share a row, and rare ones have none. A word of the vocabulary has its own
    row and those of its listed n-grams; any other word has those of its listed n-grams.

    Args:
        vocabulary: the words.
        cutting: what n-grams are.
        ngrams: those that have a row, with how often they occurred.

    Example:
        >>> from symvec.text.ngrams import Characters
        >>> words = Vocabulary.from_words(["tee", "tea"], counts=[5, 4])
        >>> rows = NgramRows.of(words, Characters(3, 3), min_count=9)
        >>> list(rows.ngrams), rows.rows_of("ten").tolist()
        (['<te'], [2])
    """

    kind: ClassVar[str] = "ngrams"
    vocabulary: Vocabulary
    cutting: Cutting
    ngrams: Vocabulary

    @classmethod
    def of(cls, vocabulary: Vocabulary, cutting: Cutting, min_count: int) -> NgramRows:
        """Return rows for the n-grams that occur ``min_count`` times in the counted words.

        The more frequent n-grams come first; those alike in the order in which they are met.
        """
        from symvec.vocabulary.ngram_counting import frequent_ngrams

        return cls(vocabulary, cutting, frequent_ngrams(cutting, vocabulary, min_count))

    @property
    def row_count(self) -> int:
        """How many rows the table must have: one a word, one an n-gram."""
        return len(self.vocabulary) + len(self.ngrams)

    def word_rows(self) -> RaggedRows:
        """Return the row ids of every word, by word id."""
        from symvec.vocabulary.ngram_counting import listed_ngrams

        words = len(self.vocabulary)
        found = listed_ngrams(self.cutting, self.vocabulary, self.ngrams)
        offsets = offsets_of(found.lengths + 1)
        row_ids = np.empty(int(offsets[-1]), dtype=np.int64)
        own = np.zeros(len(row_ids), dtype=np.bool_)
        own[offsets[:-1]] = True
        row_ids[own] = np.arange(words)
        row_ids[~own] = words + found.row_ids
        return RaggedRows(row_ids, offsets)

    def covers(self, word: str) -> bool:
        """Return whether a word has rows."""
        return word in self.vocabulary or len(self._listed(word)) > 0

    def rows_of(self, word: str) -> Ids64:
        """Return the row ids of a word, (rows,) int64.

        Raises:
            UnknownSymbolError: the word is not in the vocabulary and none of its n-grams has a
                row.
        """
        word_ids = self.vocabulary.find([word])
        row_ids = np.concatenate(
            [word_ids[word_ids >= 0], len(self.vocabulary) + self._listed(word)]
        )
        if not row_ids.size:
            if ngrams_of(self.cutting, word):
                raise no_known_ngram(self.vocabulary, word)
            raise too_short(self.vocabulary, self.cutting, word)
        return row_ids

    def _listed(self, word: str) -> Ids64:
        ngram_ids = self.ngrams.find(map(decode, ngrams_of(self.cutting, word)))
        return ngram_ids[ngram_ids >= 0]

    def word_matrix(self, table: Float2) -> Float2:
        """Return the vector of every word, (words, D) float32."""
        return bag_means(table, self.word_rows())

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for JSON; the n-grams themselves are tensors."""
        return {"cutting": dict(self.cutting.to_metadata())}

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return the n-grams as the arrays of a vocabulary."""
        return {name: getattr(self.ngrams, field) for name, field in _TENSORS.items()}

    @classmethod
    def from_metadata(
        cls, vocabulary: Vocabulary, settings: Mapping[str, object], tensors: Mapping[str, AnyArray]
    ) -> NgramRows:
        """Return the rows that ``to_metadata`` and ``to_tensors`` describe.

        Raises:
            InputError: a setting or an array is wrong.
            KeyError: a setting or an array is missing.
        """
        cutting = cutting_from_metadata(settings["cutting"])  # type: ignore[arg-type]
        ngrams = Vocabulary(**{field: tensors[name] for name, field in _TENSORS.items()})
        return cls(vocabulary, cutting, ngrams)
