"""The answers to many analogy questions at once.

A test set asks about few distinct words, so the cosines of those with a block of the vocabulary
are one matrix product; a question's scores are then three of its lines, added or multiplied.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from symvec.arrays import Float1, Float2, Ids64
from symvec.evaluation.folding import FoldedWords
from symvec.vectors import Method, SearchSpace
from symvec.vectors.asking import COSMUL_EPSILON
from symvec.vectors.cosine import unit

# 8 MiB: measured, smaller blocks wait longer for the threads of the matrix product.
_BLOCK_COSINES = 1 << 21


@dataclass(frozen=True, eq=False)
class Block:
    """A block of the vocabulary, ready to answer.

    Args:
        first: the word id of its first word.
        broken: (broken,) int64, the places of words that are no answers.
        multiplied: whether gains and losses are multiplied, or losses taken from gains.
        gains: (groups, words) float32, what each word gains by being near a group.
        losses: (groups, words) float32, what it loses by that.
    """

    first: int
    broken: Ids64
    multiplied: bool
    gains: Float2
    losses: Float2


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the questions, with their best answers so far.

    Args:
        questions: (questions, 3) int64 groups.
        groups: (groups + 1,) int64 where the words of each group begin, and their word ids.
        highest: (questions,) float32, changed.
        answers: (questions,) int64, changed.
    """

    questions: Ids64
    groups: tuple[Ids64, Ids64]
    highest: Float1
    answers: Ids64

    def add(self, block: Block) -> None:
        """Compare with the answers that a block has."""
        # Loaded here: scores of other kinds need no compiler.
        from symvec.kernels.analogies import LANES, best_answers

        scratch = np.empty(block.gains.shape[1] + LANES, dtype=np.float32)
        words, best = (block.first, block.broken), (self.highest, self.answers)
        best_answers(
            block.gains,
            block.losses,
            block.multiplied,
            words,
            self.questions,
            self.groups,
            scratch,
            best,
        )


def answer_all(
    space: SearchSpace, words: FoldedWords, questions: Ids64, methods: Sequence[Method]
) -> Ids64:
    """Return the word with the highest score for each question, the first of equal ones.

    Args:
        space: the words to choose from, from word id 0 on.
        words: the words that the questions ask about.
        questions: (questions, 3) int64 groups of ``words``: a, b and c.
        methods: the scores to maximise.

    Returns:
        (methods, questions) int64 word ids, -1 where no word is left to choose.
    """
    threads = os.cpu_count() or 1
    groups = _members(words, len(space.matrix))
    parts = [
        [
            Part(some, groups, np.full(len(some), -np.inf, np.float32), np.full(len(some), -1))
            for some in np.array_split(np.ascontiguousarray(questions), threads)
        ]
        for _ in methods
    ]
    directions = unit(words.vectors(space.matrix))
    with ThreadPoolExecutor(threads) as pool:
        for first, cosines in _cosine_blocks(space, directions):
            broken = np.flatnonzero(space.broken[first : first + cosines.shape[1]])
            cosines[:, broken] = 0
            for row, method in enumerate(methods):
                block = _block(first, broken, cosines, method)
                list(pool.map(lambda part, block=block: part.add(block), parts[row]))
    return np.stack([np.concatenate([part.answers for part in row]) for row in parts])


def _members(words: FoldedWords, count: int) -> tuple[Ids64, Ids64]:
    """Return where the words of each group begin, and the word ids, all below ``count``."""
    group_of_word = words.group_of_word[:count]
    members = np.argsort(group_of_word, kind="stable")
    begins = np.searchsorted(group_of_word[members], np.arange(len(words.groups) + 1))
    return begins.astype(np.int64), members.astype(np.int64)


def _cosine_blocks(space: SearchSpace, directions: Float2) -> Iterator[tuple[int, Float2]]:
    """Yield the first word of each block, and its (groups, words) float32 cosines."""
    step = max(1, _BLOCK_COSINES // max(1, len(directions)))
    for first in range(0, len(space.matrix), step):
        part = slice(first, first + step)
        with np.errstate(invalid="ignore", over="ignore"):
            cosines: Float2 = directions @ (space.matrix[part] * space.scales[part]).T
        yield first, cosines


def _block(first: int, broken: Ids64, cosines: Float2, method: Method) -> Block:
    """Prepare a block; ``cosines`` are (groups, words)."""
    if method == "3cosadd":
        return Block(first, broken, False, cosines, cosines)
    shifted: Float2 = np.clip((1 + cosines) / 2, 0, None, dtype=np.float32)
    losses = np.reciprocal(shifted + np.float32(COSMUL_EPSILON))
    return Block(first, broken, True, shifted, losses)
