"""Reading the lines of a test set, and remembering those that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from symvec.files import PathLike
from symvec.text.lines import read_lines as text_lines

_BYTE_ORDER_MARK = "\ufeff"
_COMMENTS = ("#", "//")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a test set that was passed over.

    Args:
        number: which line of the file, counted from 1.
        reason: what was expected and what came.
    """

    number: int
    reason: str


def read_lines(path: PathLike) -> Iterator[tuple[int, str]]:
    """Go through number and text of the lines that are not empty and not comments.

    The file may be compressed. Comments begin with ``#`` or ``//``. Bytes that are not valid UTF-8
    are kept (PEP 383).

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: its compressed data is damaged, or it is something else than text.
    """
    for number, line in enumerate(text_lines(Path(path)), start=1):
        text = line.removeprefix(_BYTE_ORDER_MARK if number == 1 else "").strip()
        if text and not text.startswith(_COMMENTS):
            yield number, text
