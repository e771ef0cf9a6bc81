"""The scanner in plain Python: a dictionary for the hash table, characters for the bytes.

It has no chunks and no buffers, so it takes a whole text and returns what the kernel writes.
"""

from __future__ import annotations

from itertools import chain

from symvec.arrays import Bytes1, Ids
from symvec.characters import (
    CLASS_BITS,
    DIGIT,
    IDEOGRAPH,
    IGNORED,
    JOINS_ALL,
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

SENTENCE_END = -1

# Which pairs of neighbours a joiner holds together, as (class before, class after).
_ALIKE = {(LETTER, LETTER), (DIGIT, DIGIT)}
_ANY = _ALIKE | {(LETTER, DIGIT), (DIGIT, LETTER)}
_JOINED = {
    JOINS_LETTERS: {(LETTER, LETTER)},
    JOINS_DIGITS: {(DIGIT, DIGIT)},
    JOINS_LIKE: _ALIKE,
    JOINS_ALL: _ANY,
    JOINS_SHAPES: _ANY | {(LETTER, MARK), (DIGIT, MARK)},
}
# Which sign may follow which without a joiner; a mark may follow all.
_NEIGHBOURS = _ANY | {(KATAKANA, KATAKANA)}


def split_words(text: bytes, classes: Bytes1) -> list[list[str]]:
    """Return the words of each line, as they are spelled in the text.

    Args:
        text: UTF-8; invalid bytes become lone surrogates (PEP 383).
        classes: (0x110000,) uint8, of a tokeniser.
    """
    characters = text.decode("utf-8", "surrogateescape")
    codes = [int(classes[ord(character)]) & CLASS_BITS for character in characters]
    kept = [pair for pair in zip(characters, codes, strict=True) if pair[1] != IGNORED]
    kept.append(("\n", LINE_END))
    lines: list[list[str]] = [[]]
    kind = SEPARATOR  # the class of the word's last sign; SEPARATOR: no word goes on
    for (character, code), (_, after) in zip(kept, [*kept[1:], ("", SEPARATOR)], strict=True):
        belongs = code == MARK or (kind, code) in _NEIGHBOURS
        if kind != SEPARATOR and (belongs or (kind, after) in _JOINED.get(code, ())):
            lines[-1][-1] += character
            kind = code if LETTER <= code <= IDEOGRAPH else kind
        elif LETTER <= code <= IDEOGRAPH:
            lines[-1].append(character)
            kind = code
        else:
            kind = SEPARATOR
        if code == LINE_END:
            lines.append([])
    return lines


def scan_text(text: bytes, classes: Bytes1, lowered: Ids) -> tuple[list[bytes], list[int]]:
    """Return the distinct words in the order of first sight, and the ids of the text.

    Words are lower-cased character by character, as the kernel leaves them.
    """
    word_ids: dict[bytes, int] = {}
    ids: list[int] = []
    for line in split_words(text, classes):
        for word in line:
            lower = "".join(_lower(character, lowered) for character in word)
            spelling = lower.encode("utf-8", "surrogateescape")
            ids.append(word_ids.setdefault(spelling, len(word_ids)))
        if line:
            ids.append(SENTENCE_END)
    return list(word_ids), ids


def rewrite_ids(ids: list[int], new_ids: list[int]) -> list[int]:
    """Return ``new_ids[id]`` for each id; negative ones go, and sentences without words."""
    sentences: list[list[int]] = [[]]
    for old_id in ids:
        if old_id == SENTENCE_END:
            sentences.append([])
        elif new_ids[old_id] >= 0:
            sentences[-1].append(new_ids[old_id])
    return list(chain.from_iterable([*words, SENTENCE_END] for words in sentences if words))


def _lower(character: str, lowered: Ids) -> str:
    code_point = ord(character)
    return chr(lowered[code_point]) if code_point < lowered.size else character
