"""Twins of ``symvec.kernels.character_filters``."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Float2, Float3, Ids2


def strongest_windows(scores: Float3, best: Float2, places: Ids2) -> None:
    """Find each filter's largest score over the places of a word."""
    best[:], places[:] = scores.max(axis=1), scores.argmax(axis=1)


def window_gradients(
    grads: Float2,
    places: Ids2,
    characters: Float3,
    filters: Float2,
    filter_grads: Float2,
    character_grads: Float2,
) -> None:
    """Add the gradients of filters and characters, where a filter was strongest."""
    size, many = characters.shape[2], filters.shape[1]
    for (word, k), grad in np.ndenumerate(grads):
        window = slice(places[word, k] * size, places[word, k] * size + many)
        filter_grads[k] += grad * characters[word].reshape(-1)[window]
        character_grads[word, window] += grad * filters[k]
