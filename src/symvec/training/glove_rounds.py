"""Which groups of words are trained with which, and when.

Two groups are trained together by one thread, which has their rows for itself. In a round no
group is in two such couples, so that threads need not wait for each other and the result is that
of one thread which goes through the couples in their order.
"""

from __future__ import annotations

from math import ceil
from typing import Final, TypeAlias

import numpy as np

Couple: TypeAlias = tuple[int, int]
"""Two groups, the lower number first; or twice the same group, for its own pairs."""

# Measured on 17 million words: the rows of two groups should stay in the processor's second-level
# cache; more groups than that only fetch the same rows more often.
_BYTES_A_GROUP: Final = 1 << 20
_LEAST_GROUPS, _MOST_GROUPS = 16, 256


def group_count(words: int, bytes_a_word: int) -> int:
    """Return how many groups words are dealt to: an even number, so that none is left over."""
    wanted = ceil(words * bytes_a_word / _BYTES_A_GROUP)
    return min(max(wanted + wanted % 2, _LEAST_GROUPS), _MOST_GROUPS)


def rounds(groups: int, seed: int, epoch: int) -> list[list[Couple]]:
    """Return the couples of an epoch, round by round: each two groups meet once.

    It is the schedule of a tournament: one group stays, the others go round it. In a last round
    each group is by itself. The order of the rounds is the seed's and the epoch's.

    Example:
        >>> sorted(couple for couples in rounds(4, 1, 0) for couple in couples)
        [(0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)]
    """
    alone = [(group, group) for group in range(groups)]
    plan = [alone, *(_round(groups, turn) for turn in range(groups - 1))]
    order = np.random.Generator(np.random.Philox([seed, epoch])).permutation(len(plan))
    return [plan[n] for n in order]


def _round(groups: int, turn: int) -> list[Couple]:
    others = groups - 1
    couples = [(turn, others)]
    for step in range(1, groups // 2):
        first, second = (turn + step) % others, (turn - step) % others
        couples.append((min(first, second), max(first, second)))
    return couples
