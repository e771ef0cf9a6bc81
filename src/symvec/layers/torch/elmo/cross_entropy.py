"""Scores, softmax and loss at once, a few rows at a time, so that no table of scores is kept.

The scores of a batch would be larger than all else together, and would go through memory five
times. A few rows of them stay in the cache, and their gradient is found while they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor

from symvec.layers.torch.elmo.precision import summing

_BLOCK: Final = 1 << 21  # numbers of a block of scores: what a processor's cache holds


class LinearCrossEntropy(torch.autograd.Function):
    """The summed cross-entropy of the softmax of ``inputs @ weight + bias``.

    Inputs: inputs (N, D), weight (D, classes), bias (classes,) float32, classes (N,) int64.
    Returns a float32 scalar, and the loss of each row, (N,) float32, which has no gradient.
    """

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any, inputs: Tensor, weight: Tensor, bias: Tensor, classes: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Find the loss, and the gradients on the way if they will be asked for."""
        losses = torch.empty(len(inputs), device=inputs.device, dtype=summing(inputs))
        learns = any(ctx.needs_input_grad)
        with_ones = torch.cat([inputs, inputs.new_ones(len(inputs), 1)], dim=1)
        scores_of = _scoring(weight, bias)
        input_grads = torch.empty_like(inputs)
        grads = bias.new_zeros(weight.shape[0] + 1, weight.shape[1])  # of the bias last
        transposed = weight.mT.contiguous() if learns else weight
        rows = min(max(_BLOCK // weight.shape[1], 1), len(inputs))
        space = bias.new_empty(2, rows, weight.shape[1])  # used by all blocks
        for start in range(0, len(inputs), max(rows, 1)):
            block, wanted = with_ones[start : start + rows], classes[start : start + rows, None]
            scores = scores_of(block, space[0, : len(block)])
            shares, own = _shares(scores, wanted, space[1, : len(block)])
            losses[start : start + rows] = own[:, 0]
            if learns:
                shares.scatter_add_(1, wanted, -torch.ones_like(own))
                found = shares.to(inputs.dtype)
                torch.matmul(found, transposed, out=input_grads[start : start + rows])
                _add(grads, block, found)
        if learns:
            ctx.save_for_backward(input_grads, grads[:-1], grads[-1])
        ctx.mark_non_differentiable(losses)
        return losses.sum(), losses

    @staticmethod
    def backward(  # type: ignore[override]
        ctx: Any, grad: Tensor, _: Tensor
    ) -> tuple[Tensor | None, ...]:
        """Scale what was found."""
        inputs, weight, bias = ctx.saved_tensors
        return inputs * grad.to(inputs.dtype), weight * grad, bias * grad, None


def _shares(scores: Tensor, wanted: Tensor, out: Tensor) -> tuple[Tensor, Tensor]:
    """Return the softmax of scores, in ``out``, and the losses of what is wanted, (rows, 1)."""
    shares = torch.softmax(scores, dim=1, out=out)
    logarithms = shares.gather(1, wanted).log()
    if not logarithms.isfinite().all():  # a share that is too small for its type
        logarithms = torch.log_softmax(scores, dim=1).gather(1, wanted)
    return shares, -logarithms


def _scoring(weight: Tensor, bias: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    """Return what gives the scores of rows that a 1 follows."""
    if weight.dtype == bias.dtype:  # one more row of the weight: one pass over the scores less
        matrix = torch.cat([weight, bias[None]])
        return lambda rows, out: torch.mm(rows, matrix, out=out)
    return lambda rows, out: torch.add(rows[:, :-1] @ weight, bias, out=out)


def _add(sums: Tensor, block: Tensor, found: Tensor) -> None:
    if found.dtype == sums.dtype:
        sums.addmm_(block.mT, found)
    else:
        sums.add_(block.mT @ found)
