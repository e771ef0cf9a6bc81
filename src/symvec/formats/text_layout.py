"""How a text file of vectors is laid out: with or without a header, and how many numbers a line.

A line is a word and its ``D`` numbers, separated by spaces (0x20) alone. word2vec and fastText
begin with a line of two integers, the number of words and ``D``; GloVe does not. Words may hold
any byte but a line end, spaces included: the numbers are counted from the end of the line.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from symvec.formats.content import Content

HEADER = re.compile(rb" *(\d{1,18}) +(\d{1,18}) *\r?\n")
NUMBER = re.compile(rb"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE)
_COUNTED = re.compile(rb".* \d+ *\r?")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
HEAD_BYTES = 1 << 20
# A line of a million numbers is shorter; what has no line end till there is no text of vectors.
_LONGEST_LINE_BYTES = 1 << 24
_LINES = 64


@dataclass(frozen=True)
class Header:
    """The first line of a file that has one.

    Args:
        words: how many words it claims.
        vector_size: how many numbers each has, it says.
    """

    words: int
    vector_size: int


@dataclass(frozen=True)
class Layout:
    """How a text file of vectors is laid out.

    Args:
        vector_size: numbers in a line, as the first lines have them.
        header: what the first line claims, or None where it is a word's.
        begin: the byte at which the first word's line begins.
    """

    vector_size: int
    header: Header | None
    begin: int

    @property
    def name(self) -> str:
        """The name of the format."""
        return "GloVe text" if self.header is None else "word2vec text"


def find_header(head: bytes) -> tuple[Header, int] | None:
    """Return a first line of two integers and where it ends, or None."""
    mark = len(_BYTE_ORDER_MARK) if head.startswith(_BYTE_ORDER_MARK) else 0
    match = HEADER.match(head, mark)
    return None if match is None else (Header(*map(int, match.groups())), match.end())


def find_layout(content: Content) -> Layout | None:
    """Return how the lines are made, or None if this is no text of vectors."""
    head = _head(content)
    header, begin = find_header(head) or (None, 0)
    if header is not None:
        lines = _first_lines(content, head, begin)
        sizes = [_numbers_in(line) for line in lines]
        if not lines and header.vector_size > 0 and not head[begin:].strip():
            return Layout(header.vector_size, header, begin)
        if sizes and (sizes[0] >= header.vector_size > 0):
            return Layout(header.vector_size, header, begin)
        guessed = _commonest(sizes, lines)
        return None if guessed is None else Layout(guessed, header, begin)
    begin = len(_BYTE_ORDER_MARK) if head.startswith(_BYTE_ORDER_MARK) else 0
    lines = _first_lines(content, head, begin)
    guessed = _commonest([_numbers_in(line) for line in lines], lines)
    if guessed is None or (guessed == 1 and all(map(_COUNTED.fullmatch, lines))):
        return None  # words and their counts are no vectors
    return Layout(guessed, None, begin)


def count_fields(line: bytes) -> int:
    """Return how many fields follow the first one."""
    return len(line.rstrip(b"\r").split()) - 1


def _commonest(sizes: list[int], lines: list[bytes]) -> int | None:
    """Return the size that most lines have, and None if that is less than half of them."""
    counted = Counter(filter(None, sizes)).most_common(1)
    if not counted or 2 * counted[0][1] < len(sizes) or any(b"\0" in line for line in lines[:1]):
        return None
    return counted[0][0]


def _head(content: Content) -> bytes:
    head = content.bytes(0, HEAD_BYTES)
    return head if b"\n" in head else content.bytes(0, _LONGEST_LINE_BYTES)


def _first_lines(content: Content, head: bytes, begin: int) -> list[bytes]:
    """Return the first lines from ``begin`` on that are there as a whole."""
    if begin and b"\n" not in head[begin:]:
        head = content.bytes(0, begin + _LONGEST_LINE_BYTES)
    whole = head if len(head) == content.octets.size else head[: head.rfind(b"\n") + 1]
    lines = whole[begin:].split(b"\n", _LINES)[:_LINES]
    return [line for line in lines if line.strip()]


def _numbers_in(line: bytes) -> int:
    """Return how many numbers stand at the end of a line, its first field left out."""
    fields = line.rstrip(b" \r").split(b" ")[1:]
    numbers = 0
    for field in reversed(fields):
        if field and not NUMBER.fullmatch(field):
            break
        numbers += bool(field)
    return numbers
