"""The best answers to many analogy questions among a block of words, question by question.

A question's scores are three lines of a matrix, added or multiplied; they stay in the first-level
cache until their largest one is found. The twin in ``kernels.reference.analogies`` states it.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Float1, Float2, Ids64
from symvec.kernels.compiling import Scalar, inlined, numeric_kernel

LANES = 64
"""So many largest scores are kept beside each other: a loop over them has no order to keep."""
_NONE = np.float32(-np.inf)


@inlined
def _largest(scores: Float1, width: Scalar, lanes: Float1) -> Scalar:
    """Return the largest of the first ``width`` scores, none of which is NaN."""
    whole = width - width % LANES
    for lane in range(LANES):
        lanes[lane] = _NONE
    for begin in range(0, whole, LANES):
        for lane in range(LANES):
            score = scores[begin + lane]
            lanes[lane] = score if score > lanes[lane] else lanes[lane]
    largest: Scalar = _NONE
    for lane in range(LANES):
        largest = max(largest, lanes[lane])
    for place in range(whole, width):
        largest = max(largest, scores[place])
    return largest


@numeric_kernel
def best_answers(
    gains: Float2,
    losses: Float2,
    multiplied: bool,
    words: tuple[int, Ids64],
    questions: Ids64,
    groups: tuple[Ids64, Ids64],
    scratch: Float1,
    best: tuple[Float1, Ids64],
) -> None:
    """Raise the best scores so far to those of a block of words, where they are higher.

    Args:
        gains: (groups, words) float32, what a word gains by being near a group.
        losses: (groups, words) float32, what it loses by that.
        multiplied: whether the three are multiplied, or the loss is taken from the gains.
        words: the word id of the block's first word, and the (broken,) int64 places in the block
            of words that are no answers.
        questions: (questions, 3) int64 groups: a, b and c.
        groups: (groups + 1,) int64 where the words of each group begin, and their word ids.
        scratch: (words + LANES or more,) float32, written.
        best: (questions,) float32 highest scores and (questions,) int64 their word ids, changed.
    """
    first, broken = words
    begins, members = groups
    highest, answers = best
    width = gains.shape[1]
    lanes, scores = scratch[:LANES], scratch[LANES:]
    for question in range(questions.shape[0]):
        loss, one, two = (
            losses[questions[question, 0]],
            gains[questions[question, 1]],
            gains[questions[question, 2]],
        )
        if multiplied:
            for place in range(width):
                scores[place] = one[place] * two[place] * loss[place]
        else:
            for place in range(width):
                scores[place] = one[place] + two[place] - loss[place]
        for role in range(3):
            group = questions[question, role]
            for member in range(begins[group], begins[group + 1]):
                place = members[member] - first
                if 0 <= place < width:
                    scores[place] = _NONE
        for number in range(broken.size):
            scores[broken[number]] = _NONE
        largest = _largest(scores, width, lanes)
        if largest > highest[question]:
            place = 0
            while scores[place] != largest:
                place += 1
            highest[question], answers[question] = largest, first + place
