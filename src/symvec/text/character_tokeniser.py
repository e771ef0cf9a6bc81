"""What all tokenisers that go by classes of characters have in common."""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import Bytes1, Ids
from symvec.characters import CLASS_BITS, IGNORED
from symvec.text import character_tables
from symvec.text.tokenising import TextTokeniser

if TYPE_CHECKING:
    from symvec.text.reading import Chunk

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


class CharacterTokeniser(TextTokeniser):
    """Cuts text by the class of each character: what is short to say, and fast for a kernel.

    A kind of tokeniser adds its ``classes``, and may prepare the text for them.
    """

    lowercase: bool
    normalisation: str

    @property
    @abstractmethod
    def classes(self) -> Bytes1:
        """What each code point does, (0x110000,) uint8; see ``symvec.characters``."""

    @abstractmethod
    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""

    @property
    def lowered(self) -> Ids:
        """The lower case of each code point that has a regular one, (0x20000,) int32."""
        return character_tables.lower_case() if self.lowercase else character_tables.same_case()

    def prepared(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """Return a text as it is to be cut by ``classes``: here as it stands."""
        yield from chunks

    def tokens(self, text: str) -> list[str]:
        """Return the words of a text, in order and spelled as in the vocabulary.

        Line ends separate words here as spaces do.

        Example:
            >>> from symvec.text.tokenisers import Tokeniser
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
            >>> from symvec.text.tokenisers import Tokeniser
            >>> Tokeniser().normalise("TU\u0308BINGEN")
            'tübingen'
        """
        if not word.isascii():
            classes = self.classes
            word = "".join(
                character for character in word if classes[ord(character)] & CLASS_BITS != IGNORED
            )
        return self._spelled(word)

    def spellings(self, text: str) -> Iterator[str]:
        """Return the ways in which the vocabulary may have what is asked for, likely ones first."""
        yield self.normalise(text)

    def _spelled(self, word: str) -> str:
        """Return the spelling of a word without ignored characters."""
        if _INVALID_BYTES.search(word):
            # An ignored character may have stood between the bytes of another one.
            word = word.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
        if self.lowercase:
            word = word.lower()
        return unicodedata.normalize("NFC", word) if self.normalisation == "NFC" else word
