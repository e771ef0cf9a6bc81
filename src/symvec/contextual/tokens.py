"""Words to vectors by their characters: convolutions, highways, projection."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from symvec.arrays import AnyArray, Float2, Ids2
from symvec.contextual.architecture import Architecture
from symvec.contextual.weights import Highway, Weights

# Words are worked on so many at once, the last ones filled up: a product of another shape may
# be summed in another order, and a word's bits would depend on the words beside it.
WORDS_AT_ONCE: Final = 64


def token_vectors(weights: Weights, architecture: Architecture, character_ids: Ids2) -> Float2:
    """Return the vector of each word, which its context does not change.

    Args:
        weights: of the ELMo.
        architecture: of the ELMo.
        character_ids: (words, most_characters) int32.

    Returns:
        (words, projection_size) float32.
    """
    words = len(character_ids)
    vectors = np.empty((words, architecture.projection_size), dtype=np.float32)
    for start in range(0, words, WORDS_AT_ONCE):
        some = character_ids[start : start + WORDS_AT_ONCE]
        filled = np.resize(some, (WORDS_AT_ONCE, some.shape[1])) if len(some) else some
        vectors[start : start + len(some)] = _some_vectors(weights, architecture, filled)[
            : len(some)
        ]
    return vectors


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
