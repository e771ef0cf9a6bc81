"""What `symvec.kernels.holding_out` computes, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence

from symvec.kernels.reference.random import draw, low_half


def part_sentences(
    sentences: Sequence[Sequence[int]], key: int, threshold: int
) -> tuple[list[Sequence[int]], list[Sequence[int]]]:
    """Return the sentences that are kept, and those that are held out."""
    parts: tuple[list[Sequence[int]], list[Sequence[int]]] = [], []
    for number, sentence in enumerate(sentences):
        parts[low_half(draw(key, number)) < threshold].append(sentence)
    return parts


def mark_held(pairs: Sequence[int], key: int, threshold: int) -> list[bool]:
    """Return which pairs are held out."""
    return [low_half(draw(key, pair)) < threshold for pair in pairs]
