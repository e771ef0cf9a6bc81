"""Words to vectors by their characters: convolutions, highways, projection."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from symvec.arrays import AnyArray, Float2, Ids2, Ids64
from symvec.contextual.architecture import Architecture
from symvec.contextual.weights import Highway, Weights

# Words are worked on so many at once, the last ones filled up: a product of another shape may
# be summed in another order, and a word's bits would depend on the words beside it.
WORDS_AT_ONCE: Final = 64
_LENGTH_STEP: Final = 8


def token_vectors(weights: Weights, architecture: Architecture, character_ids: Ids2) -> Float2:
    """Return the vector of each word, which its context does not change.

    Args:
        weights: of the ELMo.
        architecture: of the ELMo.
        character_ids: (words, most_characters) int32.

    Returns:
        (words, projection_size) float32.
    """
    vectors = np.empty((len(character_ids), architecture.projection_size), dtype=np.float32)
    lengths = _lengths(architecture, character_ids)
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for start in range(0, len(alike), WORDS_AT_ONCE):
            chosen = alike[start : start + WORDS_AT_ONCE]
            filled = np.resize(chosen, WORDS_AT_ONCE)
            found = _some_vectors(weights, architecture, character_ids[filled, :length])
            vectors[chosen] = found[: len(chosen)]
    return vectors


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


def _some_vectors(weights: Weights, architecture: Architecture, character_ids: Ids2) -> Float2:
    characters = weights.characters[character_ids]  # (words, most_characters, character_size)
    parts = []
    for filters, bias in zip(weights.filters, weights.filter_biases, strict=True):
        width, _, number = filters.shape
        windows = sliding_window_view(characters, width, axis=1)  # (words, places, size, width)
        places = windows.shape[1]
        flat = windows.transpose(0, 1, 3, 2).reshape(len(character_ids) * places, -1)
        scores = (flat @ filters.reshape(-1, number)).reshape(-1, places, number)
        parts.append(scores.max(axis=1) + bias)
    found = np.concatenate(parts, axis=1)
    active = np.maximum(found, 0) if architecture.activation == "relu" else np.tanh(found)
    for highway in weights.highways:
        active = _highway(highway, active)
    vectors: Float2 = active @ weights.projection + weights.projection_bias
    return vectors


def _highway(highway: Highway, x: Float2) -> Float2:
    gate = sigmoid(x @ highway.carry + highway.carry_bias)
    transformed = np.maximum(x @ highway.transform + highway.transform_bias, 0)
    mixed: Float2 = gate * transformed + (1 - gate) * x
    return mixed
