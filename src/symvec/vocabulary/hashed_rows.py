"""Rows in floret's manner: words and n-grams alike are one to four rows of a small table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64, RaggedRows
from symvec.errors import InputError
from symvec.text.cuttings import cutting_from_metadata
from symvec.text.ngram_hashing import MOST_HASHES, murmur3
from symvec.text.ngrams import Cutting
from symvec.vocabulary.bags import bag_means, offsets_of
from symvec.vocabulary.index import encode
from symvec.vocabulary.subword_rows import check_bucket
from symvec.vocabulary.unseen import ngrams_of
from symvec.vocabulary.vocabulary import Vocabulary

HASH_SEED: Final = 2166136261
"""floret's own."""
_MOST_SEED: Final = 2**32 - 1


@dataclass(frozen=True, eq=False)
class HashedRows:
    """``bucket`` rows that words and n-grams share, each by several hashes.

    Two words that share one row by chance rarely share all of them (Svenstrup et al. 2017, "Hash
    Embeddings"), so a table of some ten thousand rows suffices. No word has a row of its own, and
    every word but the empty one has rows. The hash is MurmurHash3, n-grams and rows are floret's.

    Args:
        vocabulary: the words.
        cutting: what n-grams are.
        bucket: how many rows there are.
        hash_count: rows of an n-gram or word, 1 to 4.
        hash_seed: of the hash.

    Raises:
        InputError: a number out of its bounds.

    Example:
        >>> from symvec.text.ngrams import Characters
        >>> rows = HashedRows(Vocabulary.from_words(["tea"]), Characters(5, 5), 1000, hash_count=2)
        >>> rows.row_count, len(rows.rows_of("tea")), len(rows.rows_of("a"))
        (1000, 4, 2)
    """

    kind: ClassVar[str] = "hashed"
    vocabulary: Vocabulary
    cutting: Cutting
    bucket: int = 2_000_000
    hash_count: int = 1
    hash_seed: int = HASH_SEED

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_bucket(self.bucket)
        for name, least, most in (("hash_count", 1, MOST_HASHES), ("hash_seed", 0, _MOST_SEED)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise InputError(
                    f"{name} must be a whole number from {least} to {most}, got {value!r}"
                )

    @property
    def row_count(self) -> int:
        """How many rows the table must have."""
        return self.bucket

    def word_rows(self) -> RaggedRows:
        """Return the row ids of every word, by word id."""
        from symvec.kernels.hashing import fill_hashed_rows
        from symvec.vocabulary.cut_words import cut_words, ngram_counts, spans_of_words

        cut = cut_words(self.cutting, self.vocabulary)
        counts = ngram_counts(self.cutting, cut)
        offsets = offsets_of((counts + 1) * self.hash_count)
        row_ids = np.empty(int(offsets[-1]), dtype=np.int64)
        for first, spans in spans_of_words(self.cutting, cut, counts):
            fill_hashed_rows(
                cut, spans, first, self.bucket, self.hash_seed, self.hash_count, row_ids, offsets
            )
        return RaggedRows(row_ids, offsets)

    def covers(self, word: str) -> bool:
        """Return whether a word has rows: each has, but the empty one."""
        return bool(word)

    def rows_of(self, word: str) -> Ids64:
        """Return the row ids of a word, (rows,) int64.

        Raises:
            UnknownSymbolError: the word is empty.
        """
        if not word:
            self.vocabulary.word_id(word)
        whole = self.cutting.cut(encode(word)).text
        row_ids = [
            value % self.bucket
            for piece in [whole, *ngrams_of(self.cutting, word)]
            for value in murmur3(piece, self.hash_seed, self.hash_count)
        ]
        return np.array(row_ids, dtype=np.int64)

    def word_matrix(self, table: Float2) -> Float2:
        """Return the vector of every word, (words, D) float32."""
        return bag_means(table, self.word_rows())

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings that make these rows from the vocabulary, for JSON."""
        return {
            "cutting": dict(self.cutting.to_metadata()),
            "bucket": self.bucket,
            "hash_count": self.hash_count,
            "hash_seed": self.hash_seed,
        }

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return no arrays: the settings say it all."""
        return {}

    @classmethod
    def from_metadata(
        cls, vocabulary: Vocabulary, settings: Mapping[str, object], _: Mapping[str, AnyArray]
    ) -> HashedRows:
        """Return the rows that ``to_metadata`` describes.

        Raises:
            InputError: a setting is wrong.
            KeyError: a setting is missing.
        """
        numbers = {name: settings[name] for name in ("bucket", "hash_count", "hash_seed")}
        cutting = cutting_from_metadata(settings["cutting"])  # type: ignore[arg-type]
        return cls(vocabulary, cutting, **numbers)  # type: ignore[arg-type]
