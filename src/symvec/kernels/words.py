"""Where a word of a text ends, and how it is spelled: the rules of ``symvec.characters``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Bytes1, Ids
from symvec.characters import (
    CLASS_BITS,
    DIGIT,
    IDEOGRAPH,
    IGNORED,
    IRREGULAR,
    JOINS_DIGITS,
    JOINS_LETTERS,
    JOINS_LIKE,
    JOINS_SHAPES,
    KATAKANA,
    LETTER,
    LINE_END,
    MARK,
    SEPARATOR,
)
from symvec.kernels.compiling import Scalar, inlined, kernel
from symvec.kernels.utf8 import decoded, encode_into, is_cut
from symvec.kernels.word_table import NO_KEY, extended

INCOMPLETE = -1
"""Where a word stops when the text that follows may belong to it."""

# What CodePointTables.first_look says of a byte that is not a plain letter or digit.
SEPARATES = 0
ENDS_LINE = 1
PERHAPS_JOINS = 2
LOOK_CLOSER = 3


class CodePointTables(NamedTuple):
    """What a tokeniser says about characters; see ``symvec.characters``.

    Shapes: ``first_look`` (256,) uint8, the lower-cased byte of an ASCII letter or digit, and
    one of the four codes above for all else; ``classes`` (0x110000,) uint8; ``lowered``
    (0x20000,) int32.
    """

    first_look: Bytes1
    classes: Bytes1
    lowered: Ids


def code_point_tables(classes: Bytes1, lowered: Ids) -> CodePointTables:
    """Return the tables of a tokeniser that has these classes and lower-case forms."""
    ascii_classes, ascii_lowered = classes[:0x80], lowered[:0x80]
    look = np.full(0x80, LOOK_CLOSER, dtype=np.uint8)
    look[ascii_classes == SEPARATOR] = SEPARATES
    look[ascii_classes == LINE_END] = ENDS_LINE
    look[ascii_classes >= JOINS_LETTERS] = PERHAPS_JOINS
    # A control character whose number is a code's is looked at more closely, as is NUL.
    is_plain = np.isin(ascii_classes, (LETTER, DIGIT)) & (ascii_lowered > LOOK_CLOSER)
    look[is_plain] = ascii_lowered[is_plain]
    not_ascii = np.full(0x80, LOOK_CLOSER, dtype=np.uint8)
    return CodePointTables(np.concatenate([look, not_ascii]), classes, lowered)


@kernel
def _class_after(text: Bytes1, position: Scalar, is_last: bool, classes: Bytes1) -> Scalar:
    """Return the class of the first character from ``position`` on that is not ignored."""
    character_class: Scalar = IGNORED
    width = 0
    while character_class == IGNORED:
        position += width
        if position == text.size:
            character_class = SEPARATOR if is_last else INCOMPLETE
        elif is_cut(text, position, is_last):
            character_class = INCOMPLETE
        else:
            code_point, width = decoded(text, position)
            character_class = np.int64(classes[code_point]) & CLASS_BITS
    return character_class


@kernel
def _joins(joiner: Scalar, before: Scalar, after: Scalar) -> Scalar:
    """Return whether a character of class ``joiner`` keeps its neighbours one word."""
    if joiner == JOINS_LETTERS:
        return before == LETTER and after == LETTER
    if joiner == JOINS_DIGITS:
        return before == DIGIT and after == DIGIT
    if joiner == JOINS_LIKE:
        return before == after
    if joiner == JOINS_SHAPES and after == MARK:
        return True
    return after == LETTER or after == DIGIT


@inlined
def _goes_on(character_class: Scalar, kind: Scalar, after: Scalar) -> Scalar:
    """Return whether a character belongs to the word before it.

    Args:
        character_class: of the character.
        kind: the class of the word's last letter, digit or sign; SEPARATOR before the first.
        after: the class of the next character, if this one is a joiner.
    """
    if character_class == LETTER or character_class == DIGIT:
        return kind <= DIGIT
    if character_class == MARK:
        return True
    if character_class == KATAKANA:
        return kind == SEPARATOR or kind == KATAKANA
    if character_class == IDEOGRAPH:
        return kind == SEPARATOR
    return (
        character_class >= JOINS_LETTERS and kind <= DIGIT and _joins(character_class, kind, after)
    )


@inlined
def _spell(
    text: Bytes1, position: Scalar, character: Scalar, lowered: Ids, spellings: Bytes1, at: Scalar
) -> Scalar:
    """Write a character ``(code_point, width)`` in lower case; return the number of bytes.

    What has no other lower case, an invalid byte too, is copied as it stands.
    """
    code_point, width = character
    if code_point < lowered.size and lowered[code_point] != code_point:
        return encode_into(np.int64(lowered[code_point]), spellings, at)
    for place in range(width):
        spellings[at + place] = text[position + place]
    return width


@kernel
def read_word(
    text: Bytes1,
    position: Scalar,
    is_last: bool,
    tables: CodePointTables,
    spellings: Bytes1,
    at: Scalar,
) -> Scalar:
    """Spell the word that begins at ``position`` into ``spellings`` from ``at`` on.

    Returns:
        where it stops or INCOMPLETE, then what ``extended`` returns, then IRREGULAR or 0, then
        how many of its bytes are invalid.
    """
    kind: Scalar = SEPARATOR
    irregular: Scalar = 0
    invalid: Scalar = 0
    width = 0
    key, earlier, length = NO_KEY, NO_KEY, 0
    goes_on = True
    while goes_on:
        position += width
        character_class: Scalar = SEPARATOR
        after: Scalar = SEPARATOR
        entry, code_point = np.int64(SEPARATOR), np.int64(0)
        if position < text.size:
            code_point, width = decoded(text, position)
            entry = np.int64(tables.classes[code_point])
            character_class = entry & CLASS_BITS
            if is_cut(text, position, is_last):
                after = INCOMPLETE
            elif character_class >= JOINS_LETTERS:
                after = _class_after(text, position + width, is_last, tables.classes)
        elif not is_last:
            after = INCOMPLETE
        if after == INCOMPLETE:
            return INCOMPLETE, key, earlier, length, irregular, invalid
        if character_class != IGNORED:
            goes_on = _goes_on(character_class, kind, after)
            if goes_on:
                kind = character_class if character_class <= IDEOGRAPH else kind
                irregular |= entry & IRREGULAR
                invalid += width == 1 and code_point >= 0x80
                character = (code_point, width)
                begin = at + length
                end = begin + _spell(text, position, character, tables.lowered, spellings, begin)
                for place in range(begin, end):
                    key, earlier, length = extended(key, earlier, length, spellings[place])
    return position, key, earlier, length, irregular, invalid


@inlined
def read_plain_word(
    text: Bytes1, position: Scalar, first_look: Bytes1, spellings: Bytes1, at: Scalar
) -> Scalar:
    """As ``read_word`` for a word of ASCII letters and digits; INCOMPLETE if it is another.

    It is tried first: it reads English at three times the speed.
    """
    key, earlier, length = NO_KEY, NO_KEY, 0
    look: Scalar = first_look[text[position]]
    while look > LOOK_CLOSER:
        spellings[at + length] = look
        key, earlier, length = extended(key, earlier, length, look)
        position += 1
        look = first_look[text[position]] if position < text.size else np.uint8(LOOK_CLOSER)
    if look == PERHAPS_JOINS and position + 1 < text.size:
        look = first_look[text[position + 1]]
    return position if look <= ENDS_LINE else INCOMPLETE, key, earlier, length
