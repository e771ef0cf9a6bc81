"""Text to words: what a word is, and how it is spelled."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from symvec.arrays import Bytes1
from symvec.errors import InputError
from symvec.text import character_tables
from symvec.text.character_tokeniser import CharacterTokeniser

TokeniserName = Literal["words", "whitespace"]
Normalisation = Literal["NFC", "none"]


@dataclass(frozen=True)
class Tokeniser(CharacterTokeniser):
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
