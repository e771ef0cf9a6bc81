"""A recurrent layer with a backward pass written out.

Autograd would multiply by and add to the gradient of each weight once a step; here a step only
finds the gradient of its gates, and each weight takes one product at the end. PyTorch's own LSTM
with projections has no fast path on processors either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import torch
from torch import Tensor

from symvec.layers.torch.elmo.precision import summing

# Gates lie in this order, so that three of them go through one sigmoid.
GATES: Final = ("new", "input", "forget", "output")
_STEPS: Final = -3  # the axis of the steps: before it may stand directions


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
        steps, size = inputs.shape[_STEPS], projection.shape[-2]
        gates = _product(inputs, input_kernel).add_(bias.unsqueeze(_STEPS))
        memories = gates.new_empty(*gates.shape[:-1], size, dtype=summing(inputs))
        squashed = gates.new_empty(memories.shape)
        outputs = torch.empty_like(inputs)
        for step in range(steps):
            gate, memory = gates.select(_STEPS, step), memories.select(_STEPS, step)
            if step:
                _add_product(gate, outputs.select(_STEPS, step - 1), output_kernel)
            new, rest = gate[..., :size].tanh_(), gate[..., size:].sigmoid_()
            torch.mul(new, rest[..., :size], out=memory)
            if step:
                memory.addcmul_(memories.select(_STEPS, step - 1), rest[..., size : 2 * size])
            shown = torch.tanh(memory, out=squashed.select(_STEPS, step))
            hidden = torch.mul(shown, rest[..., 2 * size :])
            torch.matmul(hidden, projection, out=outputs.select(_STEPS, step))
        ctx.save_for_backward(
            inputs, input_kernel, output_kernel, projection, gates, memories, squashed, outputs
        )
        return outputs

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        """Go through the steps from the last to the first, then find the weights' gradients."""
        inputs, input_kernel, output_kernel, projection, *kept, outputs = ctx.saved_tensors
        output_grads = grad.clone(memory_format=torch.contiguous_format)
        gate_grads = _gate_gradients(output_grads, output_kernel, projection, kept)
        gates, _, squashed = kept
        hidden = gates[..., 3 * projection.shape[-2] :] * squashed
        before, later = (
            outputs.narrow(_STEPS, 0, outputs.shape[_STEPS] - 1),
            gate_grads.narrow(_STEPS, 1, gate_grads.shape[_STEPS] - 1),
        )
        return (
            _product(gate_grads, input_kernel.mT),
            _summed_product(inputs, gate_grads),
            _summed_product(before, later),
            _rows(gate_grads).sum(dim=-2, keepdim=True),
            _summed_product(hidden, output_grads),
        )


def _gate_gradients(
    output_grads: Tensor, output_kernel: Tensor, projection: Tensor, kept: Sequence[Tensor]
) -> Tensor:
    """Return the gradients of the gates before they are squashed; complete those of the outputs."""
    gates, memories, squashed = kept
    size = projection.shape[-2]
    to_memory, to_output = projection.mT.contiguous(), output_kernel.mT.contiguous()
    gate_grads = torch.empty_like(gates)
    carried = torch.zeros_like(memories.select(_STEPS, 0))
    for step in range(gates.shape[_STEPS] - 1, -1, -1):
        gate, own = gates.select(_STEPS, step), gate_grads.select(_STEPS, step)
        new, entered, held, shown = gate.split(size, dim=-1)
        d_new, d_entered, d_held, d_shown = own.split(size, dim=-1)
        open_, hidden = squashed.select(_STEPS, step), output_grads.select(_STEPS, step) @ to_memory
        torch.mul(hidden, open_, out=d_shown)
        hidden = hidden.mul_(shown)
        carried.add_(hidden).addcmul_(hidden, open_ * open_, value=-1)
        torch.mul(carried, entered, out=d_new)
        torch.mul(carried, new, out=d_entered)
        if step:
            torch.mul(carried, memories.select(_STEPS, step - 1), out=d_held)
        else:
            d_held.zero_()
        carried.mul_(held)
        own[..., size:].mul_(gate[..., size:] * (1 - gate[..., size:]))
        d_new.mul_(1 - new * new)
        if step:
            _add_product(output_grads.select(_STEPS, step - 1), own, to_output)
    return gate_grads


def _rows(tensor: Tensor) -> Tensor:
    """Return steps and sentences as one axis."""
    return tensor.flatten(_STEPS, -2)


def _product(left: Tensor, right: Tensor) -> Tensor:
    return (_rows(left) @ right).unflatten(-2, left.shape[_STEPS:-1])


def _summed_product(left: Tensor, right: Tensor) -> Tensor:
    return _rows(left).mT @ _rows(right)


def _add_product(target: Tensor, left: Tensor, right: Tensor) -> None:
    if target.dim() == 2:
        target.addmm_(left, right)
    else:
        target.baddbmm_(left, right)
