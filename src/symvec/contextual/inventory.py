"""Words as code points or jamo of a list that was learned from a text."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from symvec.arrays import Ids2
from symvec.contextual.characters import ByteCharacters, Characters, write_word
from symvec.errors import InputError
from symvec.text.jamo import (
    BEFORE_FINALS,
    FILLER,
    FINALS,
    FIRST_INITIAL,
    FIRST_VOWEL,
    INITIALS,
    VOWELS,
    decomposed,
)

CharacterKind: TypeAlias = Literal["bytes", "code-points", "jamo"]

# A sign that a text has less often teaches nothing; what is left out trains the row for unknown.
MIN_COUNT: Final = 3
# Above what Korean, Japanese and Chinese text together use often; a row costs a few numbers.
MOST_CHARACTERS: Final = 20_000
_MARKS: Final = 6
_LAST_CODE_POINT: Final = 0x10FFFF


@dataclass(frozen=True)
class InventoryCharacters:
    """Code points or jamo of a list, and six marks.

    The rows are those of the list, then: an unknown character, the begin and the end of a
    sentence, the begin and the end of a word, padding. Words are composed (NFC) first, so that
    both spellings of a text are read alike. For ``"jamo"`` a syllable of Hangul is three
    characters: initial, vowel, and final or a filler. Characters beyond the place that is left
    are not read; a byte that was no valid UTF-8 is a character like others.

    Args:
        kind: ``"code-points"`` or ``"jamo"``.
        inventory: code points, each once; ``learn_characters`` finds them.

    Raises:
        InputError: another kind, or a list that holds something else or something twice.

    Example:
        >>> characters = InventoryCharacters("code-points", (ord("배"), ord("a")))
        >>> characters.ids(["배x"], 5).tolist()  # begin, 배, unknown, end, padding
        [[5, 0, 2, 6, 7]]
    """

    kind: str
    inventory: tuple[int, ...]
    _rows: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the list, and index it."""
        if self.kind not in _UNITS:
            raise InputError(f"the kind must be 'code-points' or 'jamo', got {self.kind!r}")
        for code_point in self.inventory:
            is_whole = isinstance(code_point, int) and not isinstance(code_point, bool)
            if not is_whole or not 0 <= code_point <= _LAST_CODE_POINT:
                raise InputError(f"the list of characters holds no code point: {code_point!r}")
        rows = {chr(code_point): row for row, code_point in enumerate(self.inventory)}
        if len(rows) != len(self.inventory):
            raise InputError("the list of characters holds a code point twice")
        object.__setattr__(self, "_rows", rows)

    @property
    def count(self) -> int:
        """Rows of the table."""
        return len(self.inventory) + _MARKS

    @property
    def unknown(self) -> int:
        """The row of characters that are not in the list."""
        return len(self.inventory)

    @property
    def padding(self) -> int:
        """The row of places behind a word."""
        return self.count - 1

    def ids(self, words: Sequence[str], most: int) -> Ids2:
        """Return the row of each character of each word, (words, most) int32.

        Raises:
            InputError: a word is not text.
        """
        rows, units, unknown = self._rows, _UNITS[self.kind], self.unknown
        ids = np.full((len(words), most), self.padding, dtype=np.int32)
        for row, word in zip(ids, words, strict=True):
            inner = [rows.get(unit, unknown) for unit in units(_text(word))[: most - 2]]
            write_word(row, inner, self.padding - 2)
        return ids

    def sentence_marks(self, most: int) -> Ids2:
        """Return the marks of a sentence's begin and end as words, (2, most) int32."""
        ids = np.full((2, most), self.padding, dtype=np.int32)
        for row, mark in zip(ids, (self.unknown + 1, self.unknown + 2), strict=True):
            write_word(row, [mark], self.padding - 2)
        return ids

    def to_metadata(self) -> object:
        """Return what a file says of it."""
        return {"kind": self.kind, "inventory": list(self.inventory)}


def learn_characters(
    kind: CharacterKind,
    words: Iterable[str],
    counts: Iterable[int] | None = None,
    *,
    min_count: int = MIN_COUNT,
    most: int = MOST_CHARACTERS,
) -> Characters:
    """Return how words are read, from the words of a text.

    Args:
        kind: ``"bytes"``, which learns nothing; ``"code-points"``; ``"jamo"``, which has all jamo
            of modern Hangul whether they come in the text or not.
        words: of the text, each once if ``counts`` tells how often they come.
        counts: for each word, how often it comes.
        min_count: rarer characters are read as unknown; that also trains the row of the unknown.
        most: keep so many of the most frequent ones.

    Raises:
        InputError: another kind, a number below 1, or a word that is not text.

    Example:
        >>> learn_characters("code-points", ["tea", "eat"], min_count=1).inventory
        (97, 101, 116)
    """
    if kind not in get_args(CharacterKind):
        kinds = ", ".join(map(repr, get_args(CharacterKind)))
        raise InputError(f"the kind of characters must be one of {kinds}, got {kind!r}")
    if min_count < 1 or most < 1:
        raise InputError(f"min_count and most must be 1 or more, got {min_count} and {most}")
    if kind == ByteCharacters.kind:
        return ByteCharacters()
    counted: Counter[str] = Counter()
    once = repeat(1) if counts is None else counts
    for word, count in zip(words, once, strict=counts is not None):
        for unit in _UNITS[kind](_text(word)):
            counted[unit] += int(count)
    frequent = sorted(
        (unit for unit, count in counted.items() if count >= min_count),
        key=lambda unit: (-counted[unit], unit),
    )
    found = [ord(unit) for unit in frequent[:most]]
    if kind == "jamo":
        found += sorted(set(_MODERN_JAMO).difference(found))
    return InventoryCharacters(kind, tuple(found))


def characters_from_metadata(metadata: object) -> Characters:
    """Return what ``to_metadata`` described.

    Raises:
        InputError: it describes no characters.
    """
    if metadata == ByteCharacters.kind:
        return ByteCharacters()
    if isinstance(metadata, Mapping) and set(metadata) == {"kind", "inventory"}:
        inventory = metadata["inventory"]
        if isinstance(inventory, list) and isinstance(metadata["kind"], str):
            return InventoryCharacters(metadata["kind"], tuple(inventory))
    raise InputError(f"there is no way to read words that is described as {str(metadata)[:100]}")


def _code_points(word: str) -> str:
    return unicodedata.normalize("NFC", word)


def _jamo(word: str) -> str:
    return "".join(map(decomposed, unicodedata.normalize("NFC", word)))


def _text(word: str) -> str:
    if not isinstance(word, str):
        raise InputError(f"a word must be text, got {word!r} of type {type(word).__name__}")
    return word


_UNITS: Final[Mapping[str, Callable[[str], str]]] = {"code-points": _code_points, "jamo": _jamo}
_MODERN_JAMO: Final = (
    *range(FIRST_INITIAL, FIRST_INITIAL + INITIALS),
    *range(FIRST_VOWEL, FIRST_VOWEL + VOWELS),
    *range(BEFORE_FINALS + 1, BEFORE_FINALS + FINALS),
    FILLER,
)
