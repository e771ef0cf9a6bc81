"""Words to vectors by their characters: convolutions, highways, projection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from symvec.arrays import AnyArray, Float2, Ids2, Ids64
from symvec.contextual.architecture import Architecture
from symvec.contextual.weights import Highway, Weights

# Words are worked on so many at once, the last ones filled up: a product of another shape may
# be summed in another order, and a word's bits would depend on the words beside it.
FEW_WORDS: Final = 64
MANY_WORDS: Final = 512
"""Where products of either number are the same to the bit, these are faster."""
_LENGTH_STEP: Final = 8


def token_vectors(
    weights: Weights,
    architecture: Architecture,
    character_ids: Ids2,
    words_at_once: int = FEW_WORDS,
) -> Float2:
    """Return the vector of each word, which its context does not change.

    Args:
        weights: of the ELMo.
        architecture: of the ELMo.
        character_ids: (words, most_characters) int32.
        words_at_once: ``FEW_WORDS``, or ``MANY_WORDS`` where products of either are the same to
            the bit.

    Returns:
        (words, projection_size) float32.
    """
    found = np.empty((len(character_ids), architecture.filter_count), dtype=np.float32)
    lengths = _lengths(architecture, character_ids)
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for some, at_once in blocks(len(alike), FEW_WORDS):
            ids = character_ids[np.resize(alike[some], at_once), :length]
            found[alike[some]] = _filtered(weights, architecture, ids)[: len(alike[some])]
    vectors = np.empty((len(character_ids), architecture.projection_size), dtype=np.float32)
    for some, at_once in blocks(len(character_ids), words_at_once):
        active = filled(found[some], at_once)
        for highway in weights.highways:
            active = _highway(highway, active)
        projected = active @ weights.projection + weights.projection_bias
        vectors[some] = projected[: len(vectors[some])]
    return vectors


def blocks(count: int, words_at_once: int) -> Iterator[tuple[slice, int]]:
    """Go through words that are worked on at once, and how many these must be filled up to.

    Example:
        >>> [(some.stop, at_once) for some, at_once in blocks(600, MANY_WORDS)]
        [(512, 512), (576, 64), (640, 64)]
    """
    start = 0
    while start < count:
        at_once = words_at_once if start + words_at_once <= count else FEW_WORDS
        yield slice(start, start + at_once), at_once
        start += at_once


def filled(rows: Float2, count: int) -> Float2:
    """Return rows with zeros behind them, so that there are so many."""
    if len(rows) == count:
        return rows
    found = np.zeros((count, rows.shape[1]), np.float32)
    found[: len(rows)] = rows
    return found


def _lengths(architecture: Architecture, character_ids: Ids2) -> Ids64:
    """Return how much of each word is worked on: all but what is padding as before.

    The maximum over the places of a filter is the same with one window of padding as with many.
    A word's length depends on that word alone, and so do the bits of its vector.
    """
    widest = max(width for width, _ in architecture.filters)
    used = (character_ids != architecture.characters - 1).sum(axis=1)  # the last one is padding
    steps = -(-(used + widest) // _LENGTH_STEP)
    lengths: Ids64 = np.minimum(steps * _LENGTH_STEP, character_ids.shape[1])
    return lengths


def sigmoid(x: AnyArray) -> AnyArray:
    """Return 1 / (1 + exp(-x)) of float32, without overflow.

    Example:
        >>> sigmoid(np.array([-1000.0, 0.0], dtype=np.float32)).tolist()
        [0.0, 0.5]
    """
    half: AnyArray = np.tanh(x * np.float32(0.5))
    return half * np.float32(0.5) + np.float32(0.5)


def _filtered(weights: Weights, architecture: Architecture, character_ids: Ids2) -> Float2:
    """Return what the filters find in words, (words, filters) float32."""
    words, size = len(character_ids), architecture.character_size
    # A window of characters is one piece of a word's numbers.
    characters = weights.characters[character_ids].reshape(words, -1)
    parts = []
    for filters, bias in zip(weights.filters, weights.filter_biases, strict=True):
        width, _, number = filters.shape
        windows = sliding_window_view(characters, width * size, axis=1)[:, ::size]
        flat = windows.reshape(-1, width * size)
        scores = (flat @ filters.reshape(-1, number)).reshape(words, -1, number)
        parts.append(scores.max(axis=1) + bias)
    found = np.concatenate(parts, axis=1)
    active: Float2 = np.maximum(found, 0) if architecture.activation == "relu" else np.tanh(found)
    return active


def _highway(highway: Highway, x: Float2) -> Float2:
    gate = sigmoid(x @ highway.carry + highway.carry_bias)
    transformed = np.maximum(x @ highway.transform + highway.transform_bias, 0)
    mixed: Float2 = gate * transformed + (1 - gate) * x
    return mixed
