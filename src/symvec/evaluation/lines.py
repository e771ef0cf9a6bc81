"""Reading the lines of a test set, and remembering those that cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from symvec.errors import FileError
from symvec.files import PathLike

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

    Comments begin with ``#`` or ``//``. Bytes that are not valid UTF-8 are kept (PEP 383).

    Raises:
        FileError: the file is not there or cannot be read.
    """
    try:
        # A test set is one of a few dozen kilobytes, and a line of it has a few words.
        with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:  # noqa: PTH123
            for number, line in enumerate(file, start=1):
                text = line.strip()
                if text and not text.startswith(_COMMENTS):
                    yield number, text
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot read {os.fspath(path)}: {reason}") from error
