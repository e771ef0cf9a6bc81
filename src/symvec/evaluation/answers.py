"""The answers to many analogy questions at once.

A test set asks about few distinct words, so the cosines of those with a block of the vocabulary
are one matrix product; a question's scores are then three of its lines, added or multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from symvec.arrays import Float1, Float2, Ids64
from symvec.evaluation.folding import FoldedWords
from symvec.vectors import Method, SearchSpace
from symvec.vectors.asking import COSMUL_EPSILON
from symvec.vectors.cosine import unit
from symvec.vectors.neighbours import score_blocks

# Questions worked on at a time: their scores stay in a core's cache.
_QUESTIONS = 128
_THREADS = 2


@dataclass(frozen=True, eq=False)
class Block:
    """A block of the vocabulary, ready to answer.

    Args:
        start: the word id of its first word.
        groups: (words,) int64, the group of each word, or -1.
        broken: (words,) bool, words that are no answers.
        join: adds or multiplies.
        gains: (groups, words) float32, what each word gains by being near a group.
        losses: (groups, words) float32, what it loses by that.
    """

    start: int
    groups: Ids64
    broken: Ids64
    join: np.ufunc
    gains: Float2
    losses: Float2

    def best(self, questions: Ids64) -> tuple[Ids64, Float1]:
        """Return the best word id for each question, and its score, -inf if there is none."""
        scores = self.join(self.gains[questions[:, 1]], self.gains[questions[:, 2]])
        self.join(scores, self.losses[questions[:, 0]], out=scores)
        asked_about = np.flatnonzero(self.groups >= 0)
        own = (self.groups[asked_about][:, None] == questions[:, None, :]).any(axis=2)
        lines, columns = np.nonzero(own)
        scores[lines, asked_about[columns]] = -np.inf
        scores[:, self.broken] = -np.inf
        places = scores.argmax(axis=1)
        return self.start + places, scores[np.arange(len(places)), places]


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
    highest = np.full((len(methods), len(questions)), -np.inf, dtype=np.float32)
    answers = np.full((len(methods), len(questions)), -1, dtype=np.int64)
    parts = [slice(begin, begin + _QUESTIONS) for begin in range(0, len(questions), _QUESTIONS)]
    directions = unit(words.vectors(space.matrix))
    with ThreadPoolExecutor(_THREADS) as pool:
        for start, scores in score_blocks(space, directions):
            groups = words.group_of_word[start : start + len(scores)]
            for row, method in enumerate(methods):
                block = _block(start, groups, scores, method)
                found = pool.map(block.best, [questions[part] for part in parts])
                for part, (word_ids, values) in zip(parts, found, strict=True):
                    better = np.flatnonzero(values > highest[row, part])
                    highest[row, part][better] = values[better]
                    answers[row, part][better] = word_ids[better]
    return answers


def _block(start: int, groups: Ids64, scores: Float2, method: Method) -> Block:
    """Prepare a block; ``scores`` are (words, groups) cosines."""
    cosines = np.ascontiguousarray(scores.T)
    broken = np.flatnonzero(np.isneginf(cosines).any(axis=0))
    cosines[:, broken] = 0
    if method == "3cosadd":
        return Block(start, groups, broken, np.add, cosines, -cosines)
    shifted: Float2 = np.clip((1 + cosines) / 2, 0, None, dtype=np.float32)
    losses = np.reciprocal(shifted + np.float32(COSMUL_EPSILON))
    return Block(start, groups, broken, np.multiply, shifted, losses)
