"""N-grams of jamo, the letters that Hangul syllables are built from.

Park et al. 2018, "Subword-level Word Vector Representations for Korean" (P18-1226): endings and
particles of Korean are often less than a syllable, so n-grams of jamo find what words share where
n-grams of syllables do not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from symvec.errors import InputError
from symvec.text.ngrams import (
    BEGIN,
    END,
    LONGEST_NGRAM,
    CutWord,
    check_lengths,
    decode,
    encode,
)

# The arithmetic of Hangul: the Unicode Standard, section 3.12.
FIRST_SYLLABLE: Final = 0xAC00
SYLLABLES: Final = 11_172
FIRST_INITIAL: Final = 0x1100
FIRST_VOWEL: Final = 0x1161
BEFORE_FINALS: Final = 0x11A7
INITIALS: Final = 19
VOWELS: Final = 21
FINALS: Final = 28
FINALS_AND_VOWELS: Final = FINALS * VOWELS
FILLER: Final = 0x3164
"""HANGUL FILLER stands for an empty final, so that each syllable is three units."""


@dataclass(frozen=True)
class Jamo:
    """N-grams of jamo, and of whole syllables.

    A syllable is three units: initial, vowel, and final or a filler. Any other character is one
    unit and stands beside syllables as their like. Words are composed (NFC) first, so that text
    written in either form has the same n-grams.

    Args:
        min_n: jamo of the shortest n-gram, the marks ``<`` and ``>`` included.
        max_n: jamo of the longest n-gram.
        max_syllables: syllables of the longest n-gram of whole syllables; 0: there are none.

    Raises:
        InputError: not 1 <= min_n <= max_n, or max_syllables is negative.

    Example:
        >>> from symvec.text.ngrams import ngrams
        >>> cut = Jamo(3, 3, max_syllables=2).cut("해달".encode())
        >>> len(cut.text.decode()), cut.groups  # <, three units for each syllable, >
        (8, [0, 1, 4, 7, 8])
        >>> len(ngrams(Jamo(3, 3, max_syllables=2), "해달".encode()))
        9
    """

    kind: ClassVar[str] = "jamo"
    unit_name: ClassVar[str] = "jamo"
    min_n: int = 3
    max_n: int = 5
    max_syllables: int = 4

    def __post_init__(self) -> None:
        """Check the lengths."""
        check_lengths(self.min_n, self.max_n)
        most = self.max_syllables
        if isinstance(most, bool) or not isinstance(most, int) or not 0 <= most <= LONGEST_NGRAM:
            raise InputError(
                f"max_syllables must be a whole number from 0 to {LONGEST_NGRAM}, got {most!r}"
            )

    @property
    def max_groups(self) -> int:
        """Syllables of the longest n-gram of whole syllables."""
        return self.max_syllables

    def cut(self, word: bytes) -> CutWord:
        """Return the jamo of a word, and where its syllables begin."""
        pieces, groups = [BEGIN], [0]
        for character in unicodedata.normalize("NFC", decode(word)):
            groups.append(len(pieces))
            pieces += [encode(unit) for unit in decomposed(character)]
        groups.append(len(pieces))
        pieces.append(END)
        units = [0]
        for piece in pieces:
            units.append(units[-1] + len(piece))
        return CutWord(b"".join(pieces), units, [*groups, len(pieces)])

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""
        return {
            "kind": self.kind,
            "min_n": self.min_n,
            "max_n": self.max_n,
            "max_syllables": self.max_syllables,
        }


def decomposed(character: str) -> str:
    """Return the three units of a Hangul syllable, or another character itself.

    Example:
        >>> [hex(ord(unit)) for unit in decomposed("해")]
        ['0x1112', '0x1162', '0x3164']
    """
    syllable = ord(character) - FIRST_SYLLABLE
    if not 0 <= syllable < SYLLABLES:
        return character
    initial, rest = divmod(syllable, FINALS_AND_VOWELS)
    vowel, final = divmod(rest, FINALS)
    last = BEFORE_FINALS + final if final else FILLER
    return chr(FIRST_INITIAL + initial) + chr(FIRST_VOWEL + vowel) + chr(last)
