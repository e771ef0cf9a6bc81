"""Scoring aligned spaces by whether they find the translations of a dictionary."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import FormatError, InputError
from symvec.evaluation.items import ItemScores, share
from symvec.evaluation.lines import BadLine, read_lines
from symvec.files import PathLike
from symvec.vectors import Vectors
from symvec.vectors.alignment import AlignedSpaces, align_spaces


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
        words = _resolved(source, [word for word, _ in self.entries])
        others = _resolved(target, [other for _, other in self.entries])
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
    listed = list(dict.fromkeys(word for word, _ in lexicon.entries))
    places = _places(words, aligned.source, listed)
    scores = []
    for depth in depths:
        items = np.full((len(listed), 1), np.nan)
        items[places >= 0, 0] = correct[places[places >= 0], :depth].any(axis=1)
        scores.append(ItemScores("lexicon", f"precision at {depth}", share, items))
    return scores


def translation_items(
    source: Vectors,
    target: Vectors,
    lexicon: PathLike | Lexicon,
    *,
    held_out: float = 0.2,
    seed: int = 1,
    depth: int = 1,
) -> ItemScores:
    """Lay a model on another by one part of a lexicon and measure the precision on the rest.

    An item is a held-out word; the same words are held out for every model, so that models can be
    compared by them. See ``align_spaces`` and ``evaluate_lexicon``.

    Args:
        source: what is scored.
        target: vectors of the other language.
        lexicon: a file (see ``read_lexicon``), or what was read from one.
        held_out: the part of its words to test with.
        seed: of the division.
        depth: how many translations may be tried.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no word with its translation.
        InputError: no pair to learn from has both words in the models, or the part is not
            between 0 and 1.
    """
    entries = lexicon if isinstance(lexicon, Lexicon) else read_lexicon(lexicon)
    learned, tested = entries.split(held_out, seed=seed)
    aligned = align_spaces(source, target, learned.pairs(source, target))
    (score,) = evaluate_lexicon(aligned, tested, depths=[depth])
    name = score.name if isinstance(lexicon, Lexicon) else Path(lexicon).name
    return replace(score, name=name, details={"bad_lines": entries.bad_lines})


def _resolved(vectors: Vectors, words: Sequence[str]) -> list[str]:
    """Return the words as a model spells them; each is looked for once."""
    spelled = {word: vectors.resolve(word) for word in dict.fromkeys(words)}
    return [spelled[word] for word in words]


def _places(word_ids: Ids64, source: Vectors, listed: Sequence[str]) -> Ids64:
    """Return where the word id of each listed word is in sorted ``word_ids``, -1 if nowhere."""
    wanted = source.vocabulary.find([source.resolve(word) for word in listed])
    places = np.searchsorted(word_ids, wanted)
    there = places < len(word_ids)
    there[there] = word_ids[places[there]] == wanted[there]
    found: Ids64 = np.where(there, places, -1)
    return found
