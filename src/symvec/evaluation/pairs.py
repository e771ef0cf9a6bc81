"""Scoring vectors by how people judge the likeness of pairs of words."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symvec.errors import FormatError
from symvec.evaluation.correlation import pearson, spearman
from symvec.evaluation.folding import folded_words
from symvec.evaluation.lines import BadLine, read_lines
from symvec.files import PathLike
from symvec.vectors import Vectors, cosines

Pair = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class PairsScore:
    """How well cosines agree with people's judgements.

    Args:
        name: of the test set.
        pearson: correlation of cosines and judgements, None for fewer than two pairs.
        spearman: the same of their ranks.
        found: pairs of which both words are there; only these count.
        total: all pairs of the test set.
        bad_lines: lines that hold no pair.
    """

    name: str
    pearson: float | None
    spearman: float | None
    found: int
    total: int
    bad_lines: tuple[BadLine, ...] = ()


def evaluate_pairs(
    vectors: Vectors,
    pairs: PathLike | Iterable[Pair],
    *,
    restrict_vocabulary: int | None = None,
) -> PairsScore:
    """Compare the cosines of pairs of words with people's judgements.

    Words are looked up in any case, the most frequent form first; pairs with a word that is not
    there do not count.

    Args:
        vectors: what is scored.
        pairs: a file (see ``read_pairs``), or first word, second word and judgement of each.
        restrict_vocabulary: look among so many of the most frequent words only.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no pair.

    Example:
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["tea", "coffee", "cat"]))
        >>> vectors = Vectors(words, np.array([[1, 0], [3, 4], [0, 2]], dtype=np.float32))
        >>> pairs = [("Tea", "cat", 1), ("cat", "coffee", 7), ("a", "b", 3)]
        >>> score = evaluate_pairs(vectors, pairs)
        >>> score.spearman, score.found, score.total
        (1.0, 2, 3)
    """
    if isinstance(pairs, str | os.PathLike):
        name, (judged, bad_lines) = Path(pairs).name, read_pairs(pairs)
    else:
        name, judged, bad_lines = "pairs", list(pairs), []
    words = [word for first, second, _ in judged for word in (first, second)]
    known = folded_words(vectors, words, restrict_vocabulary)
    groups = np.array(known.find(words), dtype=np.int64).reshape(-1, 2)
    both = (groups >= 0).all(axis=1)
    matrix, word_ids = vectors.word_matrix, known.word_ids[groups[both]]
    found = cosines(matrix[word_ids[:, 0]], matrix[word_ids[:, 1]])
    wanted = np.array([judgement for _, _, judgement in judged], dtype=np.float64)[both]
    return PairsScore(
        name=name,
        pearson=pearson(found, wanted),
        spearman=spearman(found, wanted),
        found=len(found),
        total=len(judged),
        bad_lines=tuple(bad_lines),
    )


def read_pairs(path: PathLike) -> tuple[list[Pair], list[BadLine]]:
    """Read a file of ``word word judgement`` lines, cut at tabs, else commas, else spaces.

    Columns after the third are passed over, and so are a line of column names at the beginning,
    empty lines and comments.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no pair.
    """
    pairs: list[Pair] = []
    bad_lines: list[BadLine] = []
    for place, (number, line) in enumerate(read_lines(path)):
        fields = _fields(line)
        judgement = _number(fields[2]) if len(fields) > 2 else None
        if judgement is not None and fields[0] and fields[1]:
            pairs.append((fields[0], fields[1], judgement))
        elif place > 0 or len(fields) < 3:
            reason = f"expected two words and a number, got {line[:80]!r}"
            bad_lines.append(BadLine(number, reason))
    if not pairs:
        example = f"; line {bad_lines[0].number}: {bad_lines[0].reason}" if bad_lines else ""
        raise FormatError(f"{os.fspath(path)} holds no pair of words with a judgement{example}")
    return pairs, bad_lines


def _fields(line: str) -> Sequence[str]:
    for separator in ("\t", ","):
        if separator in line:
            return [field.strip() for field in line.split(separator)]
    return line.split()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
