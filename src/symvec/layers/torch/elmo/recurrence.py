"""A recurrent layer with a backward pass written out.

Autograd would multiply by and add to the gradient of each weight once a step; here a step only
finds the gradient of its gates, and each weight takes one product at the end. PyTorch's own LSTM
with projections has no fast path on processors either.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor

from symvec.layers.torch.elmo.cells import STEPS, cells_of
from symvec.layers.torch.elmo.precision import summing

# Gates lie in this order, so that three of them go through one sigmoid.
GATES: Final = ("new", "input", "forget", "output")


class ProjectedLstm(torch.autograd.Function):
    """LSTM with projection (Sak et al. 2014), whose state begins at zero.

    Inputs, T steps, B sentences, p projection, m memory: inputs (T, B, p), input_kernel and
    output_kernel (p, 4 m), bias (1, 4 m), projection (m, p). Each may have one more axis in
    front, for directions side by side. Returns (T, B, p). Memories are float32 at least.
    """

    @staticmethod
    def forward(  # type: ignore[override]
        ctx: Any,
        inputs: Tensor,
        input_kernel: Tensor,
        output_kernel: Tensor,
        bias: Tensor,
        projection: Tensor,
    ) -> Tensor:
        """Read the steps in their order."""
        steps, size = inputs.shape[STEPS], projection.shape[-2]
        gates = _product(inputs, input_kernel).add_(bias.unsqueeze(STEPS))
        memories = gates.new_empty(*gates.shape[:-1], size, dtype=summing(inputs))
        squashed = gates.new_empty(memories.shape)
        outputs = torch.empty_like(inputs)
        cells = cells_of(gates, memories, squashed)
        for step in range(steps):
            if step:
                before = outputs.select(STEPS, step - 1)
                _add_product(gates.select(STEPS, step), before, output_kernel)
            torch.matmul(cells.opened(step), projection, out=outputs.select(STEPS, step))
        ctx.save_for_backward(
            inputs, input_kernel, output_kernel, projection, gates, memories, squashed, outputs
        )
        return outputs

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        """Go through the steps from the last to the first, then find the weights' gradients."""
        inputs, input_kernel, output_kernel, projection, *kept, outputs = ctx.saved_tensors
        gates, memories, squashed = kept
        output_grads = grad.clone(memory_format=torch.contiguous_format)
        gate_grads, carried = torch.empty_like(gates), torch.zeros_like(memories.select(STEPS, 0))
        to_memory, to_output = projection.mT.contiguous(), output_kernel.mT.contiguous()
        cells = cells_of(gates, memories, squashed)
        for step in range(gates.shape[STEPS] - 1, -1, -1):
            hidden_grads = output_grads.select(STEPS, step) @ to_memory
            cells.closed(step, hidden_grads, carried, gate_grads)
            if step:  # completes the gradients of the outputs
                before = output_grads.select(STEPS, step - 1)
                _add_product(before, gate_grads.select(STEPS, step), to_output)
        hidden = gates[..., 3 * projection.shape[-2] :] * squashed
        before, later = (
            outputs.narrow(STEPS, 0, outputs.shape[STEPS] - 1),
            gate_grads.narrow(STEPS, 1, gate_grads.shape[STEPS] - 1),
        )
        return (
            _product(gate_grads, input_kernel.mT),
            _summed_product(inputs, gate_grads),
            _summed_product(before, later),
            _rows(gate_grads).sum(dim=-2, keepdim=True),
            _summed_product(hidden, output_grads),
        )


def _rows(tensor: Tensor) -> Tensor:
    """Return steps and sentences as one axis."""
    return tensor.flatten(STEPS, -2)


def _product(left: Tensor, right: Tensor) -> Tensor:
    return (_rows(left) @ right).unflatten(-2, left.shape[STEPS:-1])


def _summed_product(left: Tensor, right: Tensor) -> Tensor:
    return _rows(left).mT @ _rows(right)


def _add_product(target: Tensor, left: Tensor, right: Tensor) -> None:
    if target.dim() == 2:
        target.addmm_(left, right)
    else:
        target.baddbmm_(left, right)
