"""Buckets of n-grams of which only those were stored that training had met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.text.ngrams import Characters
from symvec.vocabulary.ngram_places import HashedPlaces

STORED_BUCKETS: Final = "ngram_buckets"
"""The name of the buckets in a file."""


@dataclass(frozen=True, eq=False)
class StoredPlaces:
    """Hashed places of which those alone were stored that training had met.

    An n-gram of another bucket has none, as in gensim from 3.3 to 3.7.

    Args:
        hashed: the bucket of each n-gram.
        buckets: (rows,) int64, rising: the bucket whose row each is.

    Raises:
        InputError: the buckets do not rise, or some are not there.
    """

    kind: ClassVar[str] = "stored-buckets"
    hashed: HashedPlaces
    buckets: Ids64

    def __post_init__(self) -> None:
        """Check the buckets."""
        bounds = np.concatenate([[-1], self.buckets, [self.hashed.bucket]])
        if np.any(np.diff(bounds) <= 0):
            raise InputError(
                f"the stored buckets must rise from 0 to at most {self.hashed.bucket - 1}"
            )

    @property
    def cutting(self) -> Characters:
        """How long n-grams are."""
        return self.hashed.cutting

    @property
    def row_count(self) -> int:
        """How many rows n-grams have."""
        return len(self.buckets)

    def of(self, word: str) -> list[int]:
        """Return the places of those n-grams of a word whose bucket was stored."""
        wanted = np.array(self.hashed.of(word), dtype=np.int64)
        places = np.searchsorted(self.buckets, wanted)
        found = places < len(self.buckets)
        found[found] = self.buckets[places[found]] == wanted[found]
        kept: list[int] = places[found].tolist()
        return kept

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for JSON; the buckets are a tensor."""
        return self.hashed.to_metadata()

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return the buckets."""
        return {STORED_BUCKETS: self.buckets}

    @classmethod
    def from_metadata(
        cls, settings: Mapping[str, object], tensors: Mapping[str, AnyArray]
    ) -> StoredPlaces:
        """Return the places that ``to_metadata`` and ``to_tensors`` describe.

        Raises:
            InputError: a setting or the buckets are wrong.
            KeyError: a setting or the buckets are missing.
        """
        return cls(HashedPlaces.from_metadata(settings, tensors), tensors[STORED_BUCKETS])
