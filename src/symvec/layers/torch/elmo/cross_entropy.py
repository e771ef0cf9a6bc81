"""Scores, softmax and loss at once, a few rows at a time, so that no table of scores is kept.

The scores of a batch would be larger than all else together, and would go through memory five
times. A few rows of them stay in the cache, and their gradient is found while they are there.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor

from symvec.layers.torch.elmo.precision import summing

# Numbers of a block of scores: what a processor's cache holds, and what keeps a card busy.
_BLOCK: Final = {"cpu": 1 << 21, "cuda": 1 << 26}


class LinearCrossEntropy(torch.autograd.Function):
    """The summed cross-entropy of the softmax of ``inputs @ weight + bias``.

    Inputs: inputs (N, D), weight (D, classes), bias (classes,) float32, classes (N,) int64.
    Returns a float32 scalar.
    """

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, inputs: Tensor, weight: Tensor, bias: Tensor, classes: Tensor
    ) -> Tensor:
        """Find the loss, and the gradients on the way if they will be asked for."""
        wide = summing(inputs)
        total = torch.zeros((), device=inputs.device, dtype=wide)
        learns = any(ctx.needs_input_grad)
        grads = (
            torch.empty_like(inputs),
            torch.zeros_like(weight, dtype=wide),
            torch.zeros_like(bias),
        )
        transposed = weight.mT.contiguous() if learns else weight
        rows = max(_BLOCK[inputs.device.type] // weight.shape[1], 1)
        for start in range(0, len(inputs), rows):
            block, wanted = inputs[start : start + rows], classes[start : start + rows, None]
            scores = torch.log_softmax((block @ weight).to(wide).add_(bias), dim=1)
            total -= scores.gather(1, wanted).sum()
            if learns:
                scores.exp_().scatter_add_(1, wanted, -torch.ones_like(scores[:, :1]))
                found = scores.to(inputs.dtype)
                torch.matmul(found, transposed, out=grads[0][start : start + rows])
                _add(grads[1], block, found)
                grads[2].add_(scores.sum(dim=0))
        ctx.save_for_backward(*grads if learns else ())
        return total

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        """Scale what was found."""
        inputs, weight, bias = ctx.saved_tensors
        return inputs * grad.to(inputs.dtype), weight * grad, bias * grad, None


def _add(sums: Tensor, block: Tensor, found: Tensor) -> None:
    if found.dtype == sums.dtype:
        sums.addmm_(block.mT, found)
    else:
        sums.add_(block.mT @ found)
