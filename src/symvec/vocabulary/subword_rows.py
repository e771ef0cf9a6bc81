"""Rows in fastText's manner: one for each word, and buckets that n-grams share by their hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64, RaggedRows
from symvec.errors import InputError
from symvec.text.cuttings import cutting_from_metadata
from symvec.text.ngram_hashing import fnv1a
from symvec.text.ngrams import Cutting
from symvec.vocabulary.bags import bag_means, offsets_of
from symvec.vocabulary.unseen import ngrams_of, too_short
from symvec.vocabulary.vocabulary import Vocabulary

MOST_BUCKETS: Final = 2**31 - 1
"""fastText's own bound: it counts buckets in 32 bits."""


@dataclass(frozen=True, eq=False)
class SubwordRows:
    """A row for each word, and behind them ``bucket`` rows that n-grams share.

    A word of the vocabulary has its own row and those of its n-grams; any other word has those
    of its n-grams. N-grams and hash are fastText's, bit for bit (Bojanowski et al. 2017).

    Args:
        vocabulary: the words.
        cutting: what n-grams are.
        bucket: how many rows n-grams share.

    Raises:
        InputError: ``bucket`` is not a whole number from 1 to 2^31 - 1.

    Example:
        >>> from symvec.text.ngrams import Characters
        >>> rows = SubwordRows(Vocabulary.from_words(["tee", "tea"]), Characters(3, 3), 10)
        >>> rows.row_count, rows.rows_of("tea").tolist(), rows.rows_of("teas").tolist()
        (12, [1, 10, 9, 7], [10, 9, 6, 9])
    """

    kind: ClassVar[str] = "subwords"
    vocabulary: Vocabulary
    cutting: Cutting
    bucket: int = 2_000_000

    def __post_init__(self) -> None:
        """Check the number of buckets."""
        check_bucket(self.bucket)

    @property
    def row_count(self) -> int:
        """How many rows the table must have: one a word, one a bucket."""
        return len(self.vocabulary) + self.bucket

    def word_rows(self) -> RaggedRows:
        """Return the row ids of every word, by word id."""
        from symvec.kernels.hashing import fill_bucket_rows
        from symvec.vocabulary.cut_words import cut_words, ngram_counts, spans_of_words

        cut = cut_words(self.cutting, self.vocabulary)
        counts = ngram_counts(self.cutting, cut)
        offsets = offsets_of(counts + 1)
        row_ids = np.empty(int(offsets[-1]), dtype=np.int64)
        for first, spans in spans_of_words(self.cutting, cut, counts):
            fill_bucket_rows(cut, spans, first, len(counts), self.bucket, row_ids, offsets)
        return RaggedRows(row_ids, offsets)

    def covers(self, word: str) -> bool:
        """Return whether a word has rows."""
        return word in self.vocabulary or bool(ngrams_of(self.cutting, word))

    def rows_of(self, word: str) -> Ids64:
        """Return the row ids of a word, (rows,) int64.

        Raises:
            UnknownSymbolError: the word is not in the vocabulary and too short for n-grams.
        """
        word_ids = self.vocabulary.find([word])
        words = len(self.vocabulary)
        shared = [words + fnv1a(ngram) % self.bucket for ngram in ngrams_of(self.cutting, word)]
        row_ids = [*word_ids[word_ids >= 0].tolist(), *shared]
        if not row_ids:
            raise too_short(self.vocabulary, self.cutting, word)
        return np.array(row_ids, dtype=np.int64)

    def word_matrix(self, table: Float2) -> Float2:
        """Return the vector of every word, (words, D) float32."""
        return bag_means(table, self.word_rows())

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings that make these rows from the vocabulary, for JSON."""
        return {"cutting": dict(self.cutting.to_metadata()), "bucket": self.bucket}

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return no arrays: vocabulary and settings say it all."""
        return {}

    @classmethod
    def from_metadata(
        cls, vocabulary: Vocabulary, settings: Mapping[str, object], _: Mapping[str, AnyArray]
    ) -> SubwordRows:
        """Return the rows that ``to_metadata`` describes.

        Raises:
            InputError: a setting is wrong.
            KeyError: a setting is missing.
        """
        cutting = cutting_from_metadata(settings["cutting"])  # type: ignore[arg-type]
        return cls(vocabulary, cutting, settings["bucket"])  # type: ignore[arg-type]


def check_bucket(bucket: object) -> None:
    """Check a number of buckets.

    Raises:
        InputError: not a whole number from 1 to 2^31 - 1.
    """
    if isinstance(bucket, bool) or not isinstance(bucket, int) or not 1 <= bucket <= MOST_BUCKETS:
        raise InputError(f"bucket must be a whole number from 1 to {MOST_BUCKETS}, got {bucket!r}")
