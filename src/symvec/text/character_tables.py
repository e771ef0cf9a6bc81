"""Tables that say what each code point does to a word; see ``symvec.characters``.

They follow the Unicode data of the running Python (``unicodedata.unidata_version``).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TypeVar

import numpy as np

from symvec.arrays import Bytes1, Ids
from symvec.characters import (
    CODE_POINTS,
    DIGIT,
    FIRST_INVALID,
    IDEOGRAPH,
    IGNORED,
    IRREGULAR,
    JOINS_ALL,
    JOINS_DIGITS,
    JOINS_LETTERS,
    JOINS_LIKE,
    JOINS_SHAPES,
    KATAKANA,
    LETTER,
    LINE_END,
    LOWERED_CODE_POINTS,
    MARK,
    SEPARATOR,
)

_Table = TypeVar("_Table", Bytes1, Ids)

_BYTE_ORDER_MARK = 0xFEFF
_CAPITAL_SIGMA = 0x3A3
_HANGUL = (0xAC00, 0xD7A4)
_VOWEL_JAMO = (0x1161, 0x1176)
_FINAL_JAMO = (0x11A8, 0x11C3)
# They may become a character when what stood between them is ignored.
_INVALID_BYTES = (FIRST_INVALID + 0x80, FIRST_INVALID + 0x100)
# Blocks in which each character is written without a space to its neighbours and is about a
# word: Han, Tangut, Khitan, Nushu and Hiragana (Unicode 16, Blocks.txt and Scripts.txt).
_IDEOGRAPHS = (
    (0x3005, 0x3006), (0x3007, 0x3008), (0x3021, 0x302A), (0x3038, 0x303C),
    (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x17000, 0x18D80),
    (0x1B170, 0x1B300), (0x20000, 0x323B0),
    (0x3041, 0x3097), (0x309D, 0x30A0), (0x1B001, 0x1B120), (0x1B132, 0x1B133),
    (0x1B150, 0x1B153),
)  # fmt: skip
_KATAKANA = (
    (0x30A1, 0x30FB), (0x30FC, 0x3100), (0x31F0, 0x3200), (0xFF66, 0xFFA0),
    (0x1AFF0, 0x1B001), (0x1B120, 0x1B123), (0x1B155, 0x1B156), (0x1B164, 0x1B168),
)  # fmt: skip
# Whole ranges of one category need no look at each character of theirs.
_UNIFORM = ((0x3400, 0x4DC0), (0x4E00, 0xA000), _HANGUL, (0x17000, 0x18D00), (0x20000, 0x2F800))
_LISTED_END = 0x2FA20
# Hebrew geresh is part of the letter before it, as in UAX #29.
_MORE_LETTERS = (0x5F3,)
# Hyphenation point, Catalan middle dot, Greek ano teleia, Armenian abbreviation, gershayim:
# MidLetter of UAX #29 without the colon, which in running text separates.
_JOIN_LETTERS = (0x2027, 0xB7, 0x387, 0x55F, 0x5F4)
# Full stop, comma and their Arabic and full-width forms: of MidNum and MidNumLet.
_JOIN_DIGITS = (0x2E, 0x2C, 0x66B, 0x66C, 0xFF0E, 0xFF0C)
# Apostrophes: typewriter, right single quotation mark, full width.
_JOIN_LIKE = (0x27, 0x2019, 0xFF07)
_JOIN_ALL = (0x5F,)
# Zero-width non-joiner and joiner: they choose the shapes of Persian, Hindi, Sinhala letters.
_JOIN_SHAPES = (0x200C, 0x200D)
# A line may end as on any system that wrote text: LF, CR LF, CR.
_LINE_ENDS = (0x0A, 0x0D)
# White space of ASCII, as ``bytes.split`` knows it.
_ASCII_SPACES = (0x20, 0x09, 0x0B, 0x0C)
# Zero-width space separates words of Khmer, Thai and Burmese though it is a format character.
_ZERO_WIDTH_SPACE = 0x200B


@lru_cache(maxsize=1)
def _listed() -> tuple[Ids, tuple[str, ...]]:
    """Return the code points whose category is not that of a whole range, and their category."""
    listed = np.ones(_LISTED_END, dtype=np.bool_)
    for first, end in _UNIFORM:
        listed[first:end] = False
    code_points = np.flatnonzero(listed).astype(np.int32)
    return code_points, tuple(map(unicodedata.category, map(chr, code_points.tolist())))


@lru_cache(maxsize=1)
def word_classes() -> Bytes1:
    """Return the classes of the words tokeniser, (0x110000,) uint8."""
    classes = np.full(CODE_POINTS, SEPARATOR, dtype=np.uint8)
    code_points, categories = _listed()
    kinds = np.array(categories)
    letters = np.isin(kinds, ["Lu", "Ll", "Lt", "Lm", "Lo", "Nl"])
    classes[code_points[letters]] = LETTER
    classes[_HANGUL[0] : _HANGUL[1]] = LETTER
    classes[code_points[kinds == "Nd"]] = DIGIT
    classes[code_points[np.isin(kinds, ["Mn", "Mc", "Me"])]] = MARK
    classes[0xE0100:0xE01F0] = MARK  # variation selectors of ideographs
    classes[code_points[kinds == "Cf"]] = IGNORED
    classes[0xE0001:0xE0080] = IGNORED  # tags
    for ranges, character_class in ((_IDEOGRAPHS, IDEOGRAPH), (_KATAKANA, KATAKANA)):
        for first, end in ranges:
            part = classes[first:end]
            part[(part == LETTER) | (first >= 0x3400)] = character_class
    for chosen, character_class in (
        (_MORE_LETTERS, LETTER),
        (_JOIN_LETTERS, JOINS_LETTERS), (_JOIN_DIGITS, JOINS_DIGITS), (_JOIN_LIKE, JOINS_LIKE),
        (_JOIN_ALL, JOINS_ALL), (_JOIN_SHAPES, JOINS_SHAPES), (_LINE_ENDS, LINE_END),
        ((_ZERO_WIDTH_SPACE,), SEPARATOR),
    ):  # fmt: skip
        classes[list(chosen)] = character_class
    classes[slice(*_INVALID_BYTES)] = LETTER
    return _unchangeable(classes)


@lru_cache(maxsize=1)
def whitespace_classes() -> Bytes1:
    """Return the classes of the white space tokeniser, (0x110000,) uint8."""
    classes = np.full(CODE_POINTS, LETTER, dtype=np.uint8)
    classes[list(_LINE_ENDS)] = LINE_END
    classes[list(_ASCII_SPACES)] = SEPARATOR
    # It marks the beginning of a file, and the middle of files that were put together.
    classes[_BYTE_ORDER_MARK] = IGNORED
    return _unchangeable(classes)


@lru_cache(maxsize=1)
def run_classes() -> Bytes1:
    """Return the classes of words with a space on either side, (0x110000,) uint8.

    Those of ``word_classes``, but signs of Han and Kana run together as letters do.
    """
    classes = word_classes().copy()
    classes[(classes == KATAKANA) | (classes == IDEOGRAPH)] = LETTER
    return _unchangeable(classes)


@lru_cache(maxsize=8)
def item_classes(separator: str | None) -> Bytes1:
    """Return the classes of opaque ids, (0x110000,) uint8; None separates at ASCII white space."""
    classes = np.full(CODE_POINTS, LETTER, dtype=np.uint8)
    classes[list(_LINE_ENDS)] = LINE_END
    separators = _ASCII_SPACES if separator is None else (ord(separator),)
    classes[list(separators)] = SEPARATOR
    return _unchangeable(classes)


@lru_cache(maxsize=1)
def unsettled_normal_form() -> Bytes1:
    """Return IRREGULAR for each character that normal form C may change, (0x110000,) uint8.

    A word without any of them is in normal form C (UAX #15, "Detecting Normalization Forms"):
    they are those that decompose for good, those that are reordered and those that compose with
    the character before them.
    """
    flags = np.zeros(CODE_POINTS, dtype=np.uint8)
    code_points, categories = _listed()
    for code_point, category in zip(code_points.tolist(), categories, strict=True):
        character = chr(code_point)
        if category[0] == "M" and unicodedata.combining(character):
            flags[code_point] = IRREGULAR
        parts = unicodedata.decomposition(character)
        if parts and parts[0] != "<":
            if unicodedata.normalize("NFC", character) != character:
                flags[code_point] = IRREGULAR
            if " " in parts:
                flags[int(parts.split()[1], 16)] = IRREGULAR
    for first, end in (_VOWEL_JAMO, _FINAL_JAMO, _INVALID_BYTES):
        flags[first:end] = IRREGULAR
    return _unchangeable(flags)


@lru_cache(maxsize=1)
def unsettled_lower_case() -> Bytes1:
    """Return IRREGULAR for each character whose lower case is not one character of its own."""
    flags = np.zeros(CODE_POINTS, dtype=np.uint8)
    flags[_CAPITAL_SIGMA] = IRREGULAR  # at the end of a word it has another small form
    for code_point in _cased():
        if len(chr(code_point).lower()) > 1:
            flags[code_point] = IRREGULAR
    flags[slice(*_INVALID_BYTES)] = IRREGULAR
    return _unchangeable(flags)


@lru_cache(maxsize=1)
def lower_case() -> Ids:
    """Return the lower case of each code point where it is one character, (0x20000,) int32."""
    lowered = np.arange(LOWERED_CODE_POINTS, dtype=np.int32)
    irregular = unsettled_lower_case()
    for code_point in _cased():
        if not irregular[code_point]:
            lowered[code_point] = ord(chr(code_point).lower())
    return _unchangeable(lowered)


@lru_cache(maxsize=1)
def same_case() -> Ids:
    """Return each code point itself, as ``lower_case`` does where there is no case."""
    return _unchangeable(np.arange(LOWERED_CODE_POINTS, dtype=np.int32))


@lru_cache(maxsize=8)
def tokeniser_classes(name: str, lowercase: bool, normalisation: str) -> Bytes1:
    """Return the classes of a tokeniser with the IRREGULAR bits that its settings need."""
    tables = {"words": word_classes, "runs": run_classes, "whitespace": whitespace_classes}
    classes = tables[name]()
    if lowercase:
        classes = classes | unsettled_lower_case()
    if normalisation == "NFC":
        classes = classes | unsettled_normal_form()
    return classes


def _cased() -> list[int]:
    """Return the code points that can have a lower case: capitals, numerals, circled letters."""
    code_points, categories = _listed()
    return [
        code_point
        for code_point, category in zip(code_points.tolist(), categories, strict=True)
        if category in ("Lu", "Lt", "Nl", "So")
    ]


def _unchangeable(array: _Table) -> _Table:
    array.flags.writeable = False
    return array
