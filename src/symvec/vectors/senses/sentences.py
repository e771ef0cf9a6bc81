"""The sentences of a text as words, a line at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from symvec.files import PathLike
from symvec.text.lines import read_lines
from symvec.text.sources import STANDARD_INPUT
from symvec.vectors.texts.word_bag import tokens_of

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors


def read_sentences(
    vectors: Vectors, source: PathLike, *, containing: str | None = None
) -> Iterator[list[str]]:
    """Go through the lines of a text, plain or compressed, cut into words as the model's were.

    Args:
        vectors: how words are cut.
        source: a file, or ``"-"`` for standard input.
        containing: pass over lines without this text, in any case, before they are cut.

    Raises:
        FileError: the file cannot be read.
        FormatError: it holds something else than text.
    """
    wanted = None if containing is None else containing.casefold()
    for line in read_lines(STANDARD_INPUT if source == STANDARD_INPUT else Path(source)):
        if wanted is None or wanted in line.casefold():
            words = tokens_of(vectors, line)
            if words:
                yield words
