"""Scoring aligned spaces by whether they find the translations of a dictionary."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import FormatError, InputError
from symvec.evaluation.items import ItemScores, share
from symvec.evaluation.lines import BadLine, read_lines
from symvec.files import PathLike
from symvec.vectors import Vectors
from symvec.vectors.alignment import AlignedSpaces


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and their translations.

    Args:
        entries: a word and one translation each; a word may come again with another one.
        bad_lines: lines that hold no such pair.
    """

    entries: tuple[tuple[str, str], ...]
    bad_lines: tuple[BadLine, ...] = ()

    def pairs(self, source: Vectors, target: Vectors) -> Ids64:
        """Return the word ids of the entries of which both words are there, (pairs, 2) int64."""
        words = [source.resolve(word) for word, _ in self.entries]
        others = [target.resolve(other) for _, other in self.entries]
        ids = np.stack([source.vocabulary.find(words), target.vocabulary.find(others)], axis=1)
        known: Ids64 = ids[(ids >= 0).all(axis=1)]
        for column, vectors in enumerate((source, target)):
            known = known[np.isfinite(vectors.norms[known[:, column]])]
        return known

    def split(self, part: float, *, seed: int = 1) -> tuple[Lexicon, Lexicon]:
        """Return a lexicon to learn from and one that is held out, which share no word.

        Args:
            part: how much is held out, of the words that are translated, 0 to 1.
            seed: of the draw.

        Raises:
            InputError: the part is not between 0 and 1.
        """
        if not 0 <= part <= 1:
            raise InputError(f"the held-out part must be from 0 to 1, got {part}")
        words = list(dict.fromkeys(word for word, _ in self.entries))
        order = np.random.default_rng(seed).permutation(len(words))
        held = {words[i] for i in order[: round(part * len(words))]}
        kept = tuple(entry for entry in self.entries if entry[0] not in held)
        return Lexicon(kept), Lexicon(tuple(e for e in self.entries if e[0] in held))


def read_lexicon(path: PathLike) -> Lexicon:
    """Read a file of ``word translation`` lines, cut at a tab, else at white space.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no such line.
    """
    entries: list[tuple[str, str]] = []
    bad: list[BadLine] = []
    for number, line in read_lines(path):
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) == 2 and fields[0].strip() and fields[1].strip():
            entries.append((fields[0].strip(), fields[1].strip()))
        else:
            bad.append(BadLine(number, f"expected a word and its translation, got {line[:80]!r}"))
    if not entries:
        raise FormatError(f"{os.fspath(path)} holds no word with its translation")
    return Lexicon(tuple(entries), tuple(bad))


def evaluate_lexicon(
    aligned: AlignedSpaces, lexicon: Lexicon, *, depths: Sequence[int] = (1, 5)
) -> list[ItemScores]:
    """Measure the precision at k: for how many words one of the k best is in the lexicon.

    An item is a word of the source; it could be asked if it and one of its translations are
    among the words looked at.

    Args:
        aligned: two spaces.
        lexicon: what is correct; none of it should have been learned from.
        depths: the values of k.

    Raises:
        InputError: a depth below 1.
    """
    if not depths or min(depths) < 1:
        raise InputError(f"precision needs depths of 1 or more, got {tuple(depths)}")
    pairs = lexicon.pairs(aligned.source, aligned.target)
    pairs = pairs[(pairs < aligned.words).all(axis=1)]
    words = np.unique(pairs[:, 0])
    found, _ = aligned.translate(words, max(depths))
    correct: AnyArray = np.zeros(found.shape, dtype=np.bool_)
    for place, word_id in enumerate(words):
        correct[place] = np.isin(found[place], pairs[pairs[:, 0] == word_id, 1])
    total = len({word for word, _ in lexicon.entries})
    scores = []
    for depth in depths:
        items = np.full((total, 1), np.nan)
        items[: len(words), 0] = correct[:, :depth].any(axis=1)
        scores.append(ItemScores("lexicon", f"precision at {depth}", share, items))
    return scores
