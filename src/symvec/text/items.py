"""Lines of items that are no words: sessions, baskets, walks. An id is taken as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from symvec.arrays import Bytes1
from symvec.errors import InputError
from symvec.text import character_tables
from symvec.text.character_tokeniser import CharacterTokeniser

if TYPE_CHECKING:
    from symvec.text.reading import Chunk

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_ESCAPES: Final = {"\\t": "\t", "\\0": "\0"}


@dataclass(frozen=True)
class ItemTokeniser(CharacterTokeniser):
    r"""Cuts lines at a separator and changes nothing else.

    Args:
        separator: one character, or ``"\\t"`` written out; None: ASCII white space. With a tab
            or a comma, ids may have spaces within, and around them, too.

    Raises:
        InputError: the separator is not one character, or ends a line.

    Example:
        >>> ItemTokeniser().tokens("sku-1 SKU-1  a,b")
        ['sku-1', 'SKU-1', 'a,b']
        >>> ItemTokeniser(",").tokens("New York,Ålesund,,Rome")
        ['New York', 'Ålesund', 'Rome']
    """

    separator: str | None = None
    name: ClassVar[str] = "items"
    lowercase: ClassVar[bool] = False  # type: ignore[misc]  # of this kind, not of each
    normalisation: ClassVar[str] = "none"  # type: ignore[misc]

    def __post_init__(self) -> None:
        """Check the separator."""
        separator = self.separator
        if isinstance(separator, str) and separator in _ESCAPES:
            object.__setattr__(self, "separator", _ESCAPES[separator])
        elif separator is not None and (not isinstance(separator, str) or len(separator) != 1):
            raise InputError(
                f"the separator of items must be one character, such as ',' or a tab, got "
                f"{separator!r}"
            )
        if self.separator in ("\n", "\r"):
            raise InputError(
                "the separator of items must not be the end of a line: a line is a list of items"
            )

    @property
    def classes(self) -> Bytes1:
        """What each code point does, (0x110000,) uint8: all but separators make ids."""
        return character_tables.item_classes(self.separator)

    def prepared(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Return the text without the mark that some programs begin a file with."""
        is_first = True
        for chunk in chunks:
            if is_first and chunk.text.startswith(_BYTE_ORDER_MARK):
                chunk = replace(chunk, text=chunk.text[len(_BYTE_ORDER_MARK) :])
            yield chunk
            is_first = chunk.is_last

    def normalise(self, word: str) -> str:
        """Return an id as it stands."""
        return word

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""
        return {"name": self.name, "separator": self.separator}
