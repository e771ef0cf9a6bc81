"""What `symvec.kernels.skipgram` computes, pair by pair in NumPy.

For a context x, its centre c and the noise words n that are not the centre's word:

    loss = -log sigmoid(x . c) - negative / noise * sum over n of log sigmoid(-x . n)
"""

from __future__ import annotations

import numpy as np

from symvec.kernels.reference.objectives import (
    TileResult,
    TileVectors,
    TileWindows,
    minus_log_sigmoid,
    sigmoid,
)


def train_skipgram_tile(vectors: TileVectors, windows: TileWindows, alpha: float) -> TileResult:
    """Return the loss and -alpha times its gradient."""
    changes = TileVectors(*(np.zeros_like(matrix) for matrix in vectors))
    weight = windows.negative / len(vectors.noise)
    loss, pairs = 0.0, 0
    for centre, contexts in enumerate(windows.contexts):
        c, n = vectors.centres[centre], vectors.noise[~windows.is_own[centre]]
        for context in contexts:
            x = vectors.inputs[context]
            loss += minus_log_sigmoid(x @ c) + weight * minus_log_sigmoid(-(n @ x)).sum()
            pairs += 1
            to_centre = 1 - sigmoid(x @ c)
            from_noise = weight * sigmoid(n @ x)
            changes.inputs[context] += alpha * (to_centre * c - from_noise @ n)
            changes.centres[centre] += alpha * to_centre * x
            changes.noise[~windows.is_own[centre]] -= alpha * np.outer(from_noise, x)
    return TileResult(float(loss), pairs, changes)
