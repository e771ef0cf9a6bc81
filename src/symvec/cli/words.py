"""The words that a command is asked about."""

from __future__ import annotations

import sys
from collections.abc import Sequence

STANDARD_INPUT = "-"


def asked_words(words: Sequence[str]) -> list[str]:
    """Return the words, with those of standard input, one a line, in the place of ``-``.

    Invalid bytes are kept, as they are in a vocabulary (PEP 383).
    """
    asked: list[str] = []
    for word in words:
        asked += _words_of_standard_input() if word == STANDARD_INPUT else [word]
    return asked


def _words_of_standard_input() -> list[str]:
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line]
