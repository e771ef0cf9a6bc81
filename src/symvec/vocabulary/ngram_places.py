"""Which rows n-grams have in tables that keep whole words' vectors and those of n-grams apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from symvec.arrays import AnyArray
from symvec.errors import InputError
from symvec.text.ngram_hashing import fnv1a, fnv1a_64_of_characters, fnv1a_of_characters
from symvec.text.ngrams import Characters
from symvec.vocabulary.subword_rows import check_bucket
from symvec.vocabulary.unseen import ngrams_of


class NgramPlaces(Protocol):
    """Where the n-grams of a word lie among the rows of n-grams."""

    @property
    def kind(self) -> str:
        """The name that files know this way by."""

    @property
    def cutting(self) -> Characters:
        """How long n-grams are."""

    @property
    def row_count(self) -> int:
        """How many rows n-grams have."""

    def of(self, word: str) -> list[int]:
        """Return the places of the n-grams that have one, as often as they come."""

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for JSON."""

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return the arrays that are needed besides, by name."""


def all_runs(cutting: Characters, word: str) -> list[str]:
    """Return every run of characters of a word between its marks; the marks alone are among them.

    gensim before 3.8 and finalfusion cut so, and of ``</s>`` as of any word; fastText does not.

    Example:
        >>> all_runs(Characters(1, 2), "a")
        ['<', '<a', 'a', 'a>', '>']
    """
    if not word:
        return []
    text = f"<{word}>"
    return [
        text[first : first + n]
        for first in range(len(text))
        for n in range(cutting.min_n, min(cutting.max_n, len(text) - first) + 1)
    ]


def _of_fasttext(cutting: Characters, word: str) -> list[int]:
    return [fnv1a(ngram) for ngram in ngrams_of(cutting, word)]


def _of_gensim(cutting: Characters, word: str) -> list[int]:
    return [fnv1a_of_characters(ngram) for ngram in all_runs(cutting, word)]


def _of_finalfusion(cutting: Characters, word: str) -> list[int]:
    return [fnv1a_64_of_characters(ngram) for ngram in all_runs(cutting, word)]


HASHES: Final[Mapping[str, Callable[[Characters, str], list[int]]]] = {
    "fasttext": _of_fasttext,
    "gensim": _of_gensim,
    "finalfusion": _of_finalfusion,
}
"""The hashes of a word's n-grams by the program whose way it is; ``gensim`` is that before 3.8."""


@dataclass(frozen=True)
class HashedPlaces:
    """An n-gram lies at the remainder of its hash by the number of rows.

    Args:
        cutting: how long n-grams are.
        bucket: how many rows there are.
        hash_name: one of ``HASHES``.

    Raises:
        InputError: there is no such hash, or ``bucket`` is out of its bounds.

    Example:
        >>> sorted(HashedPlaces(Characters(3, 6), 2**21, "finalfusion").of("hallo"))[:3]
        [75867, 104120, 136555]
    """

    kind: ClassVar[str] = "buckets"
    cutting: Characters
    bucket: int
    hash_name: str

    def __post_init__(self) -> None:
        """Check the settings."""
        check_bucket(self.bucket)
        if self.hash_name not in HASHES:
            raise InputError(f"the hash must be one of {', '.join(HASHES)}, got {self.hash_name!r}")

    @property
    def row_count(self) -> int:
        """How many rows n-grams have."""
        return self.bucket

    def of(self, word: str) -> list[int]:
        """Return the places of a word's n-grams."""
        return [number % self.bucket for number in HASHES[self.hash_name](self.cutting, word)]

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for JSON."""
        lengths = {"min_n": self.cutting.min_n, "max_n": self.cutting.max_n}
        return {**lengths, "bucket": self.bucket, "hash": self.hash_name}

    def to_tensors(self) -> Mapping[str, AnyArray]:
        """Return no arrays: the settings say it all."""
        return {}

    @classmethod
    def from_metadata(
        cls, settings: Mapping[str, object], _: Mapping[str, AnyArray]
    ) -> HashedPlaces:
        """Return the places that ``to_metadata`` describes.

        Raises:
            InputError: a setting is wrong.
            KeyError: a setting is missing.
        """
        cutting = cutting_of(settings)
        return cls(cutting, settings["bucket"], settings["hash"])  # type: ignore[arg-type]


def cutting_of(settings: Mapping[str, object]) -> Characters:
    """Return how long n-grams are, by the settings of places.

    Raises:
        InputError: the lengths are wrong.
        KeyError: one is missing.
    """
    return Characters(settings["min_n"], settings["max_n"])  # type: ignore[arg-type]
