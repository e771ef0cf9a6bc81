"""Phrases in plain Python: a dictionary counts pairs, lists hold sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

SENTENCE_END = -1


def pair_counts(ids: Sequence[int]) -> Counter[tuple[int, int]]:
    """Return how often each pair of words stands side by side in a sentence."""
    return Counter(pair for pair in pairwise(ids) if SENTENCE_END not in pair)


def join_pairs(ids: Sequence[int], joined: Mapping[tuple[int, int], int]) -> list[int]:
    """Return the ids with each pair of ``joined`` as one word, taken from left to right."""
    result: list[int] = []
    place = 0
    while place < len(ids):
        pair = tuple(ids[place : place + 2])
        new_id = joined.get(pair) if len(pair) == 2 else None
        result.append(ids[place] if new_id is None else new_id)
        place += 1 if new_id is None else 2
    return result
