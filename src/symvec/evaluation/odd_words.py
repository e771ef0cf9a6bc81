"""Scoring vectors by whether they find the word that does not belong to the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from symvec.errors import FormatError
from symvec.evaluation.folding import folded_words
from symvec.evaluation.items import ItemScores, share
from symvec.evaluation.lines import BadLine, read_lines
from symvec.files import PathLike
from symvec.vectors import Vectors, cosines
from symvec.vectors.cosine import unit


def evaluate_odd_words(
    vectors: Vectors, questions: PathLike | Iterable[Sequence[str]]
) -> ItemScores:
    """Find the odd word of each list and count what is correct.

    The odd word is the one with the lowest cosine with the mean of the others' unit vectors and
    its own, as ``Vectors.doesnt_match`` has it. Lists with a word that is not there do not
    count.

    Args:
        vectors: what is scored.
        questions: a file (see ``read_odd_words``), or lists whose last word is the odd one.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no list.
    """
    if isinstance(questions, str | os.PathLike):
        name, (lists, bad) = Path(questions).name, read_odd_words(questions)
    else:
        name, lists, bad = "odd words", [list(words) for words in questions], []
    known = folded_words(vectors, {word for words in lists for word in words}, None)
    items = np.full((len(lists), 1), np.nan)
    for place, words in enumerate(lists):
        groups = known.find(words)
        if min(groups) >= 0:
            directions = unit(vectors.word_matrix[known.word_ids[groups]])
            centre = np.broadcast_to(directions.mean(axis=0), directions.shape)
            items[place] = int(cosines(directions, centre).argmin()) == len(words) - 1
    return ItemScores(name, "accuracy", share, items, {"bad_lines": bad})


def read_odd_words(path: PathLike) -> tuple[list[list[str]], list[BadLine]]:
    """Read a file of lists of three words or more, a list a line, the odd word last.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no list.
    """
    lists: list[list[str]] = []
    bad: list[BadLine] = []
    for number, line in read_lines(path):
        words = line.split()
        if len(words) > 2:
            lists.append(words)
        else:
            bad.append(BadLine(number, f"expected three words or more, got {line[:80]!r}"))
    if not lists:
        raise FormatError(f"{os.fspath(path)} holds no list of three words or more")
    return lists, bad
