"""The words that a command is asked about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from symvec.errors import FileError, InputError

STANDARD_INPUT = "-"


def asked_words(words: Sequence[str]) -> list[str]:
    """Return the words, with those of standard input, one a line, in the place of ``-``.

    Invalid bytes are kept, as they are in a vocabulary (PEP 383).
    """
    asked: list[str] = []
    for word in words:
        asked += lines_of(STANDARD_INPUT) if word == STANDARD_INPUT else [word]
    return asked


def restriction(most_frequent: int | None, file: str | None) -> int | list[str] | None:
    """Return what answers are chosen among: the most frequent words, those of a file, or all.

    Raises:
        InputError: both were given.
        FileError: the file cannot be read.
    """
    if file is None:
        return most_frequent
    if most_frequent is not None:
        raise InputError("give --restrict-vocabulary or --restrict-to, not both")
    return lines_of(file)


def lines_of(file: str) -> list[str]:
    """Return the lines of a file, or of standard input for ``-``, without white space around.

    Empty lines are left out, invalid bytes kept.

    Raises:
        FileError: the file cannot be read.
    """
    try:
        content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot read {file}: {reason}") from error
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line]
