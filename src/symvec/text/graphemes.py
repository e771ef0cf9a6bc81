"""N-grams of graphemes: of what people see as one character.

A Thai consonant with its vowel and tone, a Devanagari conjunct, a flag or a family of emoji are
several code points. Cut between them, n-grams hold pieces that nobody would write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import ClassVar

from symvec.optional import require
from symvec.text.ngrams import BEGIN, END, CutWord, check_lengths, decode, encode


@dataclass(frozen=True)
class Graphemes:
    r"""N-grams of extended grapheme clusters (Unicode Standard Annex #29).

    The clusters are found by the package ``regex`` (``\X``), which follows the current Unicode,
    rule GB9c for conjuncts included; see docs/decisions/0010-subwords.md.

    Args:
        min_n: graphemes of the shortest n-gram, the marks ``<`` and ``>`` included.
        max_n: graphemes of the longest n-gram.

    Raises:
        InputError: not 1 <= min_n <= max_n.
        MissingExtraError: the package ``regex`` is not installed.

    Example:
        >>> from symvec.text.ngrams import ngrams
        >>> [ngram.decode() for ngram in ngrams(Graphemes(2, 2), "กำลัง".encode())]
        ['<กำ', 'กำลั', 'ลัง', 'ง>']
    """

    kind: ClassVar[str] = "graphemes"
    unit_name: ClassVar[str] = "graphemes"
    max_groups: ClassVar[int] = 0
    min_n: int = 3
    max_n: int = 6

    def __post_init__(self) -> None:
        """Check the lengths, and that the package is there."""
        check_lengths(self.min_n, self.max_n)
        _clusters()

    def cut(self, word: bytes) -> CutWord:
        """Return the graphemes of a word."""
        text = BEGIN + word + END
        if word.isascii() and b"\r" not in word:  # CR LF is the one cluster of ASCII
            return CutWord(text, range(len(text) + 1))
        widths = [len(encode(cluster)) for cluster in _clusters().findall(decode(word))]
        return CutWord(text, [0, *accumulate([*widths, len(END)], initial=len(BEGIN))])

    def to_metadata(self) -> Mapping[str, object]:
        """Return the settings, for a file's header."""
        return {"kind": self.kind, "min_n": self.min_n, "max_n": self.max_n}


@lru_cache(maxsize=1)
def _clusters():  # type: ignore[no-untyped-def]  # noqa: ANN202 - regex ships no types
    return require("regex", extra="graphemes").compile(r"\X")
