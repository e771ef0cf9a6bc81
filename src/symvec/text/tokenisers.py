"""Text to words: what a word is, and how it is spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from symvec.arrays import Bytes1, Ids
from symvec.characters import CLASS_BITS, IGNORED
from symvec.errors import InputError
from symvec.text import character_tables

TokeniserName = Literal["words", "whitespace"]
Normalisation = Literal["NFC", "none"]

# One byte a class, in the order of symvec.characters: l letter, d digit, k katakana,
# i ideograph, m mark; then the joiners of letters, of digits, of like, of all, of shapes.
_CLASS_BYTES: Final = np.frombuffer(b" \nldkim-LDEAS", dtype=np.uint8)
_WORD: Final = re.compile(
    rb"(?: l (?: m | S(?=[ldm]) )* (?: [LE](?=l) | A(?=[ld]) )?"
    rb"  | d (?: m | S(?=[ldm]) )* (?: [DE](?=d) | A(?=[ld]) )? )+"
    rb"| (?: k m* )+"
    rb"| i m*",
    re.VERBOSE,
)
# Two at least, and nothing that stands for no byte at all, such as JSON's "\\ud83d".
_INVALID_BYTES: Final = re.compile(r"^(?!.*[\ud800-\udc7f\udd00-\udfff]).*[\udc80-\udcff]{2}", re.S)


@dataclass(frozen=True)
class Tokeniser:
    """How a text becomes words.

    Args:
        name: ``"words"`` finds the words of running text in any script; ``"whitespace"`` cuts
            at ASCII white space only, for text that is tokenised already.
        lowercase: whether words are lower-cased, by the rules of ``str.lower``.
        normalisation: ``"NFC"``, so that one spelling has one sequence of characters, or
            ``"none"``.

    Raises:
        InputError: a setting that there is not.

    Example:
        >>> Tokeniser().tokens("Don't pay 3.50 in Tübingen!")
        ["don't", 'pay', '3.50', 'in', 'tübingen']
        >>> Tokeniser("whitespace", lowercase=False).tokens("New_York , 1999")
        ['New_York', ',', '1999']
    """

    name: TokeniserName = "words"
    lowercase: bool = True
    normalisation: Normalisation = "NFC"

    def __post_init__(self) -> None:
        """Check the settings."""
        for setting, known in (("name", TokeniserName), ("normalisation", Normalisation)):
            value = getattr(self, setting)
            if value not in get_args(known):
                expected = " or ".join(map(repr, get_args(known)))
                raise InputError(f"a tokeniser's {setting} must be {expected}, got {value!r}")
        if not isinstance(self.lowercase, bool):
            raise InputError(
                f"a tokeniser's lowercase must be True or False, got {self.lowercase!r}"
            )

    def tokens(self, text: str) -> list[str]:
        """Return the words of a text, in order and spelled as in the vocabulary.

        Line ends separate words here as spaces do.

        Example:
            >>> Tokeniser().tokens("서울 2024년, 東京タワー")
            ['서울', '2024년', '東', '京', 'タワー']
        """
        code_points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        classes = self.classes[code_points] & CLASS_BITS
        kept = classes != IGNORED
        if not kept.all():
            text = "".join(map(chr, code_points[kept].tolist()))
        shape = _CLASS_BYTES[classes[kept]].tobytes()
        return [self._spelled(text[slice(*match.span())]) for match in _WORD.finditer(shape)]

    def normalise(self, word: str) -> str:
        """Return a word as the vocabulary spells it: for words that are asked for.

        Example:
            >>> Tokeniser().normalise("TU\u0308BINGEN")
            'tübingen'
        """
        if not word.isascii():
            classes = self.classes
            word = "".join(
                character for character in word if classes[ord(character)] & CLASS_BITS != IGNORED
            )
        return self._spelled(word)

    def to_metadata(self) -> dict[str, str | bool]:
        """Return the settings, for a file's header."""
        return {
            "name": self.name,
            "lowercase": self.lowercase,
            "normalisation": self.normalisation,
            "unicode": unicodedata.unidata_version,
        }

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, object]) -> Tokeniser:
        """Return the tokeniser that ``to_metadata`` describes.

        The version of Unicode is for people to read; words are found by the running Python's.

        Raises:
            InputError: a setting is missing or not known.

        Example:
            >>> Tokeniser.from_metadata(Tokeniser("whitespace").to_metadata()).name
            'whitespace'
        """
        settings = {}
        for setting in ("name", "lowercase", "normalisation"):
            if setting not in metadata:
                raise InputError(f"the tokeniser's settings have no {setting!r}: {dict(metadata)}")
            settings[setting] = metadata[setting]
        return cls(**settings)  # type: ignore[arg-type]  # __post_init__ checks them

    @property
    def classes(self) -> Bytes1:
        """What each code point does, (0x110000,) uint8; see ``symvec.characters``."""
        return character_tables.tokeniser_classes(self.name, self.lowercase, self.normalisation)

    @property
    def lowered(self) -> Ids:
        """The lower case of each code point that has a regular one, (0x20000,) int32."""
        return character_tables.lower_case() if self.lowercase else character_tables.same_case()

    def _spelled(self, word: str) -> str:
        """Return the spelling of a word without ignored characters."""
        if _INVALID_BYTES.search(word):
            # An ignored character may have stood between the bytes of another one.
            word = word.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
        if self.lowercase:
            word = word.lower()
        return unicodedata.normalize("NFC", word) if self.normalisation == "NFC" else word
