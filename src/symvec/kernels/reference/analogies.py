"""The twin of :mod:`symvec.kernels.analogies`, in plain NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Float1, Float2, Ids64


def best_answers(
    gains: Float2,
    losses: Float2,
    multiplied: bool,
    words: tuple[int, Ids64],
    questions: Ids64,
    groups: tuple[Ids64, Ids64],
    _scratch: Float1,
    best: tuple[Float1, Ids64],
) -> None:
    """Raise the best scores so far to those of a block of words, where they are higher."""
    first, broken = words
    begins, members = groups
    highest, answers = best
    for number, (a, b, c) in enumerate(questions.tolist()):
        if multiplied:
            scores = gains[b] * gains[c] * losses[a]
        else:
            scores = gains[b] + gains[c] - losses[a]
        for group in (a, b, c):
            places = members[begins[group] : begins[group + 1]] - first
            scores[places[(places >= 0) & (places < scores.size)]] = -np.inf
        scores[broken] = -np.inf
        place = int(scores.argmax()) if scores.size else 0
        if scores.size and scores[place] > highest[number]:
            highest[number], answers[number] = scores[place], first + place
