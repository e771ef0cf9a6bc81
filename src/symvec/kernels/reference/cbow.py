"""What `symvec.kernels.cbow` computes, centre by centre in NumPy.

For the mean h of a centre's contexts, each times the vector of its place if places have one, the
centre c and the noise words n that are not its word:

    loss = -log sigmoid(h . c) - negative / noise * sum over n of log sigmoid(-h . n)
"""

from __future__ import annotations

import numpy as np

from symvec.kernels.reference.objectives import (
    TileResult,
    TileVectors,
    TileWindows,
    minus_log_sigmoid,
    place_weights,
    sigmoid,
    spread_change,
)


def train_cbow_tile(
    vectors: TileVectors, windows: TileWindows, alpha: float, *, whole_changes: bool
) -> TileResult:
    """Return the loss and -alpha times its gradient, or word2vec's update.

    Args:
        vectors: of the tile.
        windows: of the tile; a centre without a context is no example.
        alpha: learning rate.
        whole_changes: word2vec's update: the change of h goes whole to each context.
    """
    changes = TileVectors(*(np.zeros_like(matrix) for matrix in vectors))
    weight = windows.negative / len(vectors.noise)
    loss, examples = 0.0, 0
    for centre, contexts in enumerate(windows.contexts):
        if not contexts:
            continue
        c, n = vectors.centres[centre], vectors.noise[~windows.is_own[centre]]
        h = (vectors.inputs[contexts] * place_weights(vectors, windows, centre)).mean(axis=0)
        loss += minus_log_sigmoid(h @ c) + weight * minus_log_sigmoid(-(n @ h)).sum()
        examples += 1
        to_centre = 1 - sigmoid(h @ c)
        from_noise = weight * sigmoid(n @ h)
        change = alpha * (to_centre * c - from_noise @ n)
        spread_change(changes, vectors, windows, centre, change, whole=whole_changes)
        changes.centres[centre] += alpha * to_centre * h
        changes.noise[~windows.is_own[centre]] -= alpha * np.outer(from_noise, h)
    return TileResult(float(loss), examples, changes)
