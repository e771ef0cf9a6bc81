"""Scoring vectors by how people judge the likeness of pairs of words."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symvec.arrays import AnyArray, Double2, Float2
from symvec.errors import FormatError
from symvec.evaluation.correlation import pearson, spearman
from symvec.evaluation.folding import folded_words
from symvec.evaluation.items import ItemScores, rank_correlation
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
        found: pairs of which both words have a vector; only these count.
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

    Words are looked up in any case, the most frequent form first; pairs with a word that has no
    vector do not count. Where all words are looked at, one that is not there may have a vector of
    its n-grams.

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
    name, judged, bad_lines = _named(pairs)
    found, wanted = _judged(vectors, judged, restrict_vocabulary).T
    asked = np.isfinite(found)
    return PairsScore(
        name=name,
        pearson=pearson(found[asked], wanted[asked]),
        spearman=spearman(found[asked], wanted[asked]),
        found=int(asked.sum()),
        total=len(judged),
        bad_lines=tuple(bad_lines),
    )


def pair_items(
    vectors: Vectors, pairs: PathLike | Iterable[Pair], *, restrict_vocabulary: int | None = None
) -> ItemScores:
    """Return the cosine and the judgement of each pair; see ``evaluate_pairs``."""
    name, judged, bad_lines = _named(pairs)
    items = _judged(vectors, judged, restrict_vocabulary)
    return ItemScores(name, "Spearman", rank_correlation, items, {"bad_lines": bad_lines})


def _named(pairs: PathLike | Iterable[Pair]) -> tuple[str, list[Pair], list[BadLine]]:
    if isinstance(pairs, str | os.PathLike):
        return Path(pairs).name, *read_pairs(pairs)
    return "pairs", list(pairs), []


def _judged(vectors: Vectors, judged: Sequence[Pair], restrict_vocabulary: int | None) -> Double2:
    """Return the cosine of each pair, NaN where a word is not there, and its judgement."""
    words = [word for first, second, _ in judged for word in (first, second)]
    found, there = _word_vectors(vectors, words, restrict_vocabulary)
    both = there.reshape(-1, 2).all(axis=1)
    items = np.full((len(judged), 2), np.nan)
    items[:, 1] = [judgement for _, _, judgement in judged]
    items[both, 0] = cosines(found[::2][both], found[1::2][both])
    return items


def _word_vectors(
    vectors: Vectors, words: Sequence[str], restrict_vocabulary: int | None
) -> tuple[Float2, AnyArray]:
    """Return the vector of each word and whether it has one, be it of its n-grams alone."""
    known = folded_words(vectors, words, restrict_vocabulary)
    groups = np.array(known.find(words), dtype=np.int64)
    there = groups >= 0
    found = np.zeros((len(words), vectors.vector_size), dtype=np.float32)
    found[there] = vectors.word_matrix[known.word_ids[groups[there]]]
    if restrict_vocabulary is None:
        for place in np.flatnonzero(~there).tolist():
            word = vectors.resolve(words[place])
            if word not in vectors.vocabulary and vectors.rows.covers(word):
                found[place], there[place] = vectors[word], True
    return found, there


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
