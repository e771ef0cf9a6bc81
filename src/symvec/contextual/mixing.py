"""One vector a word from the vectors of all layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symvec.arrays import Float2, Float3
from symvec.errors import InputError

_LEAST_VARIANCE = 1e-12  # AllenNLP's, which keeps the division from failing


def mix(
    layers: Float3,
    weights: Sequence[float] | None = None,
    *,
    gamma: float = 1.0,
    layer_norm: bool = False,
) -> Float2:
    """Return gamma * sum of softmax(weights) * layer (Peters et al. 2018, equation 1).

    Args:
        layers: (layers, tokens, D) float32, as ``ContextualEncoder.encode`` returns them.
        weights: one a layer, before the softmax; all alike when left out.
        gamma: scale of the whole.
        layer_norm: whether each layer is first brought to mean 0 and variance 1 over all its
            numbers.

    Returns:
        (tokens, D) float32.

    Raises:
        InputError: there is not one weight for each layer.

    Example:
        >>> mix(np.array([[[1.0, 3.0]], [[3.0, 5.0]]], dtype=np.float32)).tolist()
        [[2.0, 4.0]]
    """
    layers = np.asarray(layers, dtype=np.float32)
    if layers.ndim != 3:
        raise InputError(f"expected (layers, tokens, D), got shape {layers.shape}")
    raw = np.zeros(len(layers)) if weights is None else np.asarray(weights, dtype=np.float64)
    if raw.shape != (len(layers),):
        raise InputError(f"expected one weight for each of {len(layers)} layers, got {raw.shape}")
    shares = np.exp(raw - raw.max())
    shares /= shares.sum()
    if layer_norm and layers.size:
        mean = layers.mean(axis=(1, 2), keepdims=True)
        variance = layers.var(axis=(1, 2), keepdims=True)
        layers = (layers - mean) / np.sqrt(variance + np.float32(_LEAST_VARIANCE))
    mixed: Float2 = np.tensordot((gamma * shares).astype(np.float32), layers, axes=1)
    return mixed
