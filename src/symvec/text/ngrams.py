"""N-grams: the runs of a word's units that have rows of their own.

A cutting says what the units are. Here are characters, as in fastText; graphemes and jamo have
modules of their own. This is the way of a single word, in plain Python; a whole vocabulary goes
through ``symvec.kernels.ngrams``, which gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from symvec.errors import InputError

BEGIN: Final = b"<"
"""Stands before a word, as in fastText."""
END: Final = b">"
"""Stands behind a word, as in fastText."""
END_OF_SENTENCE: Final = b"</s>"
"""fastText's mark for the end of a line; it has no n-grams."""
LONGEST_NGRAM: Final = 1 << 10
_CONTINUATION: Final = frozenset(range(0x80, 0xC0))


@dataclass(frozen=True, slots=True)
class CutWord:
    """A word between its marks, cut into units.

    Args:
        text: the bytes that n-grams are cut from.
        units: where each unit begins, in bytes, and behind the last its end.
        groups: which units begin a group of units, such as a syllable of jamo, and behind the
            last their number; empty where units are not grouped.
    """

    text: bytes
    units: Sequence[int]
    groups: Sequence[int] = ()


class Cutting(Protocol):
    """What the n-grams of a word are."""

    @property
    def kind(self) -> str:
        """The name that settings and files know this cutting by."""

    @property
    def unit_name(self) -> str:
        """What messages call the units."""

    @property
    def min_n(self) -> int:
        """Units of the shortest n-gram."""

    @property
    def max_n(self) -> int:
        """Units of the longest n-gram."""

    @property
    def max_groups(self) -> int:
        """Groups of the longest n-gram of whole groups, 0 where units are not grouped."""

    def cut(self, word: bytes) -> CutWord:
        """Return the units of a word."""

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""


@dataclass(frozen=True)
class Characters:
    """N-grams of code points, as fastText cuts them.

    A unit is a byte that does not continue a UTF-8 sequence, with those that do: fastText's own
    rule, which also says what becomes of bytes that are not valid UTF-8.

    Args:
        min_n: characters of the shortest n-gram, the marks ``<`` and ``>`` included.
        max_n: characters of the longest n-gram.

    Raises:
        InputError: not 1 <= min_n <= max_n.

    Example:
        >>> [ngram.decode() for ngram in ngrams(Characters(3, 4), "tee".encode())]
        ['<te', '<tee', 'tee', 'tee>', 'ee>']
    """

    kind: ClassVar[str] = "chars"
    unit_name: ClassVar[str] = "characters"
    max_groups: ClassVar[int] = 0
    min_n: int = 3
    max_n: int = 6

    def __post_init__(self) -> None:
        """Check the lengths."""
        check_lengths(self.min_n, self.max_n)

    def cut(self, word: bytes) -> CutWord:
        """Return the characters of a word."""
        text = BEGIN + word + END
        units = [place for place, byte in enumerate(text) if byte not in _CONTINUATION]
        return CutWord(text, [*units, len(text)])

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""
        return {"kind": self.kind, "min_n": self.min_n, "max_n": self.max_n}


def ngrams(cutting: Cutting, word: bytes) -> list[bytes]:
    """Return the n-grams of a word, in fastText's order: by their first unit, then by length.

    The marks alone are no n-grams. N-grams of whole groups come behind those of units; one that
    is both is there once.
    """
    if word == END_OF_SENTENCE:
        return []
    cut = cutting.cut(word)
    return [cut.text[first:last] for first, last in spans(cutting, cut)]


def spans(cutting: Cutting, cut: CutWord) -> list[tuple[int, int]]:
    """Return where the n-grams of a word begin and end, in bytes of ``cut.text``."""
    units, shortest, longest = cut.units, cutting.min_n, cutting.max_n
    found = [
        (units[first], units[first + n])
        for first in range(len(units) - 1)
        for n in range(shortest, min(longest, len(units) - 1 - first) + 1)
        if not _is_mark(first, n, len(units) - 1)
    ]
    groups = cut.groups
    for first in range(len(groups) - 1):
        for n in range(1, min(cutting.max_groups, len(groups) - 1 - first) + 1):
            begin, end = groups[first], groups[first + n]
            is_unit_ngram = shortest <= end - begin <= longest
            if not is_unit_ngram and not _is_mark(first, n, len(groups) - 1):
                found.append((units[begin], units[end]))
    return found


def _is_mark(first: int, n: int, count: int) -> bool:
    return n == 1 and first in (0, count - 1)


def decode(word: bytes) -> str:
    """Return the text of a word; bytes that are not valid UTF-8 become lone surrogates."""
    return word.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes that ``decode`` made text of."""
    return text.encode("utf-8", "surrogateescape")


def check_lengths(min_n: int, max_n: int) -> None:
    """Check the lengths of n-grams.

    Raises:
        InputError: not whole numbers with 1 <= min_n <= max_n.
    """
    for name, value in (("min_n", min_n), ("max_n", max_n)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"{name} must be a whole number, got {value!r}")
    if not 1 <= min_n <= max_n <= LONGEST_NGRAM:
        raise InputError(
            f"n-grams need 1 <= min_n <= max_n <= {LONGEST_NGRAM}, got min_n={min_n} and "
            f"max_n={max_n}"
        )
