"""Rows of programs that store whole words' vectors, and n-grams for all other words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64, RaggedRows
from symvec.vocabulary.listed_places import ListedPlaces
from symvec.vocabulary.ngram_places import HashedPlaces, NgramPlaces
from symvec.vocabulary.stored_places import StoredPlaces
from symvec.vocabulary.unseen import ngrams_of, no_known_ngram, too_short
from symvec.vocabulary.vocabulary import Vocabulary

_PREFIX: Final = "words-or-"
_PLACES: Final = {places.kind: places for places in (HashedPlaces, StoredPlaces, ListedPlaces)}


@dataclass(frozen=True, eq=False)
class WordOrNgramRows:
    """A row for each word, and behind them rows that only words not in the vocabulary use.

    The row of a word is its whole vector, in which its n-grams already are; any other word has
    the rows of its n-grams. finalfusion's files and gensim's models before 3.8 are so.

    Args:
        vocabulary: the words.
        places: where n-grams lie among the rows behind those of the words.

    Example:
        >>> from symvec.text.ngrams import Characters
        >>> from symvec.vocabulary.ngram_places import HashedPlaces
        >>> places = HashedPlaces(Characters(3, 3), 8, "finalfusion")
        >>> rows = WordOrNgramRows(Vocabulary.from_words(["tee", "tea"]), places)
        >>> rows.row_count, rows.rows_of("tea").tolist(), rows.rows_of("teas").tolist()
        (10, [1], [5, 8, 3, 4])
    """

    vocabulary: Vocabulary
    places: NgramPlaces

    @property
    def kind(self) -> str:
        """The name that files know these rows by."""
        return f"{_PREFIX}{self.places.kind}"

    @property
    def row_count(self) -> int:
        """How many rows the table must have: one a word, and those of n-grams."""
        return len(self.vocabulary) + self.places.row_count

    def word_rows(self) -> RaggedRows:
        """Return the row ids of every word, by word id: one each."""
        return RaggedRows.single(np.arange(len(self.vocabulary), dtype=np.int64))

    def covers(self, word: str) -> bool:
        """Return whether a word has rows."""
        return word in self.vocabulary or bool(self.places.of(word))

    def rows_of(self, word: str) -> Ids64:
        """Return the row ids of a word, (rows,) int64.

        Raises:
            UnknownSymbolError: the word is not in the vocabulary and none of its n-grams has a
                row.
        """
        word_ids = self.vocabulary.find([word])
        if word_ids[0] >= 0:
            return word_ids
        places = self.places.of(word)
        if not places:
            if ngrams_of(self.places.cutting, word):
                raise no_known_ngram(self.vocabulary, word)
            raise too_short(self.vocabulary, self.places.cutting, word)
        return len(self.vocabulary) + np.array(places, dtype=np.int64)

    def word_matrix(self, table: Float2) -> Float2:
        """Return the first rows of the table, (words, D) float32, without a copy."""
        return table[: len(self.vocabulary)]

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings that make these rows from the vocabulary, for JSON."""
        return self.places.to_metadata()

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return the arrays that tell where n-grams lie."""
        return self.places.to_tensors()

    @classmethod
    def from_metadata(
        cls,
        kind: str,
        vocabulary: Vocabulary,
        settings: Mapping[str, object],
        tensors: Mapping[str, AnyArray],
    ) -> WordOrNgramRows:
        """Return the rows that ``to_metadata`` and ``to_tensors`` describe.

        Raises:
            InputError: a setting or an array is wrong.
            KeyError: a setting, an array or the kind is missing.
        """
        places = _PLACES[kind.removeprefix(_PREFIX)]
        return cls(vocabulary, places.from_metadata(settings, tensors))
