"""Tokenisers for scripts without spaces: a library says where words part, symvec what words are."""

from __future__ import annotations

import codecs
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from symvec.arrays import Bytes1
from symvec.errors import InputError, MissingExtraError
from symvec.text import character_tables
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.segmenters import SEGMENTERS, Segmenter, installed_versions

if TYPE_CHECKING:
    from symvec.text.reading import Chunk

# Longer lines are cut, at the end of a sentence if there is one: libraries keep all of a line, and
# more of it in memory than a text without line ends allows for.
LONGEST_LINE: Final = 4096
_GOOD_CUTS: Final = "\n\t 。．！？.!?、，,；;"
# Ends of lines, and what no library takes: bytes that are not UTF-8, halves of characters, NUL.
_BETWEEN: Final = re.compile("([\n\r]|[\ud800-\udfff]+|\0)")


@dataclass(frozen=True)
class SegmentedTokeniser(CharacterTokeniser):
    """Puts a space wherever a segmenter parts words, then cuts as ``Tokeniser`` does.

    Signs of Han and Kana then run together up to the next space. Punctuation goes, case and
    normal form are those of ``Tokeniser``. Invalid bytes are kept, as words of their own.

    Args:
        segmenter: what finds words.
        lowercase: whether words are lower-cased.
        normalisation: ``"NFC"``, which also the segmenter's text is brought to, or ``"none"``.
        versions: of the packages that found the words of a model, for people to read.

    Raises:
        InputError: a setting that there is not.
    """

    segmenter: Segmenter
    lowercase: bool = True
    normalisation: str = "NFC"
    versions: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        """Check the settings."""
        if not isinstance(self.lowercase, bool) or self.normalisation not in ("NFC", "none"):
            raise InputError(
                "a tokeniser has lowercase=True or False, and normalisation='NFC' or 'none', got "
                f"{self.lowercase!r} and {self.normalisation!r}"
            )

    @classmethod
    def installed(cls, name: str, lowercase: bool = True) -> SegmentedTokeniser:
        """Return a tokeniser that goes by the library that is installed.

        Raises:
            MissingExtraError: it is not; the error says what to install.
        """
        segmenter = SEGMENTERS[name]
        return cls(segmenter, lowercase, versions=installed_versions(segmenter))

    @property
    def classes(self) -> Bytes1:
        """What each code point does, (0x110000,) uint8; see ``symvec.characters``."""
        return character_tables.tokeniser_classes("runs", self.lowercase, self.normalisation)

    def prepared(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Return the text with its words parted, a chunk for each chunk."""
        decoder, pending = _decoder(), ""
        for chunk in chunks:
            text = pending + decoder.decode(chunk.text, final=chunk.is_last)
            pending = "" if chunk.is_last else text[_last_cut(text) :]
            parted = self._parted(text[: len(text) - len(pending)])
            yield replace(chunk, text=parted.encode("utf-8", "surrogateescape"))
            if chunk.is_last:
                decoder = _decoder()

    def tokens(self, text: str) -> list[str]:
        """Return the words of a text, in order and spelled as in the vocabulary.

        Raises:
            MissingExtraError: the library is not installed.
        """
        return super().tokens(self._parted(text))

    def spellings(self, text: str) -> Iterator[str]:
        """Return it as it stands, then as the segmenter writes it if that is one word."""
        as_it_stands = self.normalise(text)
        yield as_it_stands
        try:
            tokens = self.tokens(text)
        except MissingExtraError as error:
            warnings.warn(
                f"{text!r} can be looked up only as it stands: {error}",
                RuntimeWarning,
                stacklevel=2,
            )
            return
        if len(tokens) == 1 and tokens[0] != as_it_stands:
            yield tokens[0]

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""
        return {
            "name": self.segmenter.name,
            "lowercase": self.lowercase,
            "normalisation": self.normalisation,
            "unicode": unicodedata.unidata_version,
            "versions": dict(self.versions),
        }

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> SegmentedTokeniser:
        """Return the tokeniser that ``to_metadata`` describes; no library is needed for it.

        Raises:
            InputError: a setting is missing or not known.
        """
        try:
            segmenter, versions = SEGMENTERS[metadata["name"]], dict(metadata["versions"])
            return cls(segmenter, metadata["lowercase"], metadata["normalisation"], versions)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"the tokeniser's settings are not complete: {error}") from error

    def _parted(self, text: str) -> str:
        """Return a text with a space between words, its lines as they were."""
        if self.normalisation == "NFC":
            text = unicodedata.normalize("NFC", text)
        pieces = _BETWEEN.split(text)
        lines = [list(_short_lines(line)) for line in pieces[::2]]
        found = self.segmenter.segmented(part for parts in lines for part in parts)
        parted = []
        for parts, between in zip(lines, [*pieces[1::2], ""], strict=True):
            parted += [" ".join(next(found)) for _ in parts]
            parted.append(between)
        return " ".join(parted)


def _short_lines(line: str) -> Iterator[str]:
    """Return the parts of a line that are segmented each for itself; none if it is blank."""
    while len(line) > LONGEST_LINE:
        end = max(line.rfind(sign, 0, LONGEST_LINE) for sign in _GOOD_CUTS) + 1
        end = end or LONGEST_LINE
        yield line[:end]
        line = line[end:]
    if line and not line.isspace():
        yield line


def _last_cut(text: str) -> int:
    """Return up to where a text may be segmented before what follows it is known."""
    begin = max(text.rfind("\n"), text.rfind("\r")) + 1
    pending = text[begin:]
    while len(pending) > LONGEST_LINE:
        part = next(_short_lines(pending))
        begin += len(part)
        pending = pending[len(part) :]
    return begin


def _decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")("surrogateescape")
