"""Listed n-grams, each at the row that the list says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.text.ngrams import Characters
from symvec.vocabulary.ngram_places import all_runs, cutting_of
from symvec.vocabulary.vocabulary import Vocabulary

LISTED_TENSORS: Final = {
    "ngrams": "blob",
    "ngram_offsets": "offsets",
    "ngram_counts": "counts",
    "ngram_order": "order",
}
"""The arrays of the n-grams' vocabulary by their names in a file."""
LISTED_ROWS: Final = "ngram_rows"
"""The name of their rows in a file."""


@dataclass(frozen=True, eq=False)
class ListedPlaces:
    """An n-gram lies where a list says; several may lie at one place, others have none.

    Args:
        cutting: how long n-grams are.
        ngrams: those that have a place.
        rows: (n-grams,) int64, the place of each.
        row_count: how many rows there are.

    Raises:
        InputError: there is not one place for each n-gram, or one is not there.
    """

    kind: ClassVar[str] = "ngrams"
    cutting: Characters
    ngrams: Vocabulary
    rows: Ids64
    row_count: int

    def __post_init__(self) -> None:
        """Check the places."""
        if len(self.rows) != len(self.ngrams):
            raise InputError(f"{len(self.ngrams):,} n-grams have {len(self.rows):,} places")
        if len(self.rows) and not 0 <= self.rows.min() <= self.rows.max() < self.row_count:
            raise InputError(f"an n-gram lies at a row that is none of the {self.row_count:,}")

    def of(self, word: str) -> list[int]:
        """Return the places of those n-grams of a word that are listed."""
        ngram_ids = self.ngrams.find(all_runs(self.cutting, word))
        places: list[int] = self.rows[ngram_ids[ngram_ids >= 0]].tolist()
        return places

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for JSON; n-grams and places are tensors."""
        lengths = {"min_n": self.cutting.min_n, "max_n": self.cutting.max_n}
        return {**lengths, "row_count": self.row_count}

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return the n-grams as the arrays of a vocabulary, and their places."""
        named = {name: getattr(self.ngrams, field) for name, field in LISTED_TENSORS.items()}
        return {**named, LISTED_ROWS: self.rows}

    @classmethod
    def from_metadata(
        cls, settings: Mapping[str, object], tensors: Mapping[str, AnyArray]
    ) -> ListedPlaces:
        """Return the places that ``to_metadata`` and ``to_tensors`` describe.

        Raises:
            InputError: a setting or an array is wrong.
            KeyError: a setting or an array is missing.
        """
        row_count = settings["row_count"]
        if isinstance(row_count, bool) or not isinstance(row_count, int):
            raise InputError(f"row_count must be a whole number, got {row_count!r}")
        ngrams = Vocabulary(**{field: tensors[name] for name, field in LISTED_TENSORS.items()})
        return cls(cutting_of(settings), ngrams, tensors[LISTED_ROWS], row_count)
