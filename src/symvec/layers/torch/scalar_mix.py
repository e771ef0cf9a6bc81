"""One vector a word from the vectors of all layers of an ELMo, learned for a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch

from symvec.errors import InputError

# AllenNLP's, which keeps the division from failing.
_LEAST_VARIANCE: Final = 1e-12


class ScalarMix(torch.nn.Module):
    """gamma * sum of softmax(weights) * layer (Peters et al. 2018, equation 1), trainable.

    The same numbers as ``symvec.contextual.mix``. The layer norm goes over the words of each
    sentence, so that a sentence does not depend on those beside it; AllenNLP's goes over the
    whole batch.

    Args:
        layer_count: how many layers there are, an ELMo's words by themselves included.
        layer_norm: whether a layer is first brought to mean 0 and variance 1 over all numbers of
            a sentence.
        weights: where the weights begin, one a layer, before the softmax; 0 when left out.
        gamma: where the scale of the whole begins.

    Attributes:
        weights: (layer_count,), the parameter before the softmax.
        gamma: the parameter that scales the whole.

    Raises:
        InputError: there is not one weight for each layer, or no layer.

    Example:
        >>> layers = torch.tensor([[[1.0, 3.0]], [[3.0, 5.0]]])
        >>> ScalarMix(2)(layers).tolist()
        [[2.0, 4.0]]
    """

    def __init__(
        self,
        layer_count: int,
        *,
        layer_norm: bool = False,
        weights: Sequence[float] | None = None,
        gamma: float = 1.0,
    ) -> None:
        super().__init__()
        if layer_count < 1:
            raise InputError(f"a mix needs 1 layer or more, got {layer_count}")
        start = [0.0] * layer_count if weights is None else list(weights)
        if len(start) != layer_count:
            raise InputError(
                f"expected one weight for each of {layer_count} layers, got {len(start)}"
            )
        self.layer_norm = layer_norm
        self.weights = torch.nn.Parameter(torch.tensor(start, dtype=torch.float32))
        self.gamma = torch.nn.Parameter(torch.tensor(float(gamma)))

    def extra_repr(self) -> str:
        """Return what the module is shown with."""
        return f"{len(self.weights)} layers, layer_norm={self.layer_norm}"

    def forward(self, layers: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Return the mixed vectors.

        Args:
            layers: (layers, words, D) or (layers, sentences, words, D).
            mask: (words,) or (sentences, words), true where there is a word; all where left out.

        Returns:
            (words, D) or (sentences, words, D), zero where there is no word.

        Raises:
            InputError: another number of layers, or shapes that do not fit.
        """
        if layers.dim() not in (3, 4) or len(layers) != len(self.weights):
            raise InputError(
                f"expected ({len(self.weights)} layers, sentences, words, D), got shape "
                f"{tuple(layers.shape)}"
            )
        if mask is not None and mask.shape != layers.shape[1:-1]:
            raise InputError(
                f"expected a mask of shape {tuple(layers.shape[1:-1])}, got {tuple(mask.shape)}"
            )
        there = None if mask is None else mask.to(torch.bool)[..., None]
        if there is not None:  # what stands beside the words, NaN included, has no part in it
            layers = torch.where(there, layers, 0)
        if self.layer_norm:
            layers = _normalised(layers, there)
        shares = (self.gamma * torch.softmax(self.weights, dim=0)).to(layers.dtype)
        mixed = torch.tensordot(shares, layers, dims=1)
        return mixed if there is None else torch.where(there, mixed, 0)


def _normalised(layers: torch.Tensor, there: torch.Tensor | None) -> torch.Tensor:
    """Return each layer of each sentence at mean 0 and variance 1 over the numbers of words."""
    known = torch.ones_like(layers[0, ..., :1]) if there is None else there.to(layers.dtype)
    axes = (-2, -1)
    numbers = (known.sum(dim=axes, keepdim=True) * layers.shape[-1]).clamp(min=1)
    mean = (layers * known).sum(dim=axes, keepdim=True) / numbers
    centred = (layers - mean) * known
    variance = (centred * centred).sum(dim=axes, keepdim=True) / numbers
    return centred / torch.sqrt(variance + _LEAST_VARIANCE)
