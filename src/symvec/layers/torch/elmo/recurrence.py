"""A recurrent layer with a backward pass written out.

Autograd would multiply by and add to the gradient of each weight once a step; here a step only
finds the gradient of its gates, and each weight takes one product at the end. PyTorch's own LSTM
with projections has no fast path on processors either.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import torch
from torch import Tensor

from symvec.layers.torch.elmo.cells import STEPS, cells_of
from symvec.layers.torch.elmo.precision import summing

# Gates lie in this order, so that three of them go through one sigmoid.
GATES: Final = ("new", "input", "forget", "output")


class ReadSteps(NamedTuple):
    """What is kept of steps that were read, for their gradients; see `cells_of`."""

    gates: Tensor
    memories: Tensor
    squashed: Tensor
    outputs: Tensor  # (..., steps, sentences, p)


def read_steps(gates: Tensor, output_kernel: Tensor, projection: Tensor) -> ReadSteps:
    """Read the steps in their order.

    Args:
        gates: (..., T, B, 4 m), what inputs and the bias add to them; changed.
        output_kernel: (..., p, 4 m).
        projection: (..., m, p).
    """
    size, out = projection.shape[-2:]
    memories = gates.new_empty(*gates.shape[:-1], size, dtype=summing(gates))
    squashed = gates.new_empty(memories.shape)
    outputs = gates.new_empty(*gates.shape[:-1], out)
    hidden = torch.empty_like(squashed.select(STEPS, 0))
    cells, rows = cells_of(gates, memories, squashed), outputs.unbind(STEPS)
    for step, gate in enumerate(gates.unbind(STEPS)):
        if step:
            _add_product(gate, rows[step - 1], output_kernel)
        cells.opened(step, hidden)
        torch.matmul(hidden, projection, out=rows[step])
    return ReadSteps(gates, memories, squashed, outputs)


def step_gradients(
    steps: ReadSteps, output_kernel: Tensor, projection: Tensor, grad: Tensor
) -> tuple[Tensor, Tensor]:
    """Go through the steps from the last to the first.

    Args:
        steps: that were read.
        output_kernel: see `read_steps`.
        projection: the same.
        grad: of the outputs.

    Returns:
        The gradients of the gates before they were squashed, and of the projection.
    """
    gates, memories, squashed, _ = steps
    output_grads = grad.clone(memory_format=torch.contiguous_format)
    gate_grads, carried = torch.empty_like(gates), torch.zeros_like(memories.select(STEPS, 0))
    to_memory, to_output = _turned(projection), _turned(output_kernel)
    cells, hidden_grads = (
        cells_of(gates, memories, squashed),
        torch.empty_like(carried, dtype=gates.dtype),
    )
    rows, gate_rows = output_grads.unbind(STEPS), gate_grads.unbind(STEPS)
    for step in range(len(rows) - 1, -1, -1):
        torch.matmul(rows[step], to_memory, out=hidden_grads)
        cells.closed(step, hidden_grads, carried, gate_grads)
        if step:  # completes the gradients of the outputs
            _add_product(rows[step - 1], gate_rows[step], to_output)
    hidden = gates[..., 3 * projection.shape[-2] :] * squashed
    return gate_grads, summed_product(hidden, output_grads)


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
        gates = _product(with_ones(inputs), torch.cat([input_kernel, bias], dim=-2))
        steps = read_steps(gates, output_kernel, projection)
        ctx.save_for_backward(inputs, input_kernel, output_kernel, projection, *steps)
        return steps.outputs

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        """Find the gates' gradients, then those of what made them."""
        inputs, input_kernel, output_kernel, projection, *kept = ctx.saved_tensors
        steps = ReadSteps(*kept)
        gate_grads, projection_grads = step_gradients(steps, output_kernel, projection, grad)
        size = inputs.shape[-1]
        # What all gates' weights were multiplied by, so that they take one product together.
        seen = torch.cat([one_step_later(steps.outputs), with_ones(inputs)], dim=-1)
        output_kernel_grads, input_kernel_grads, bias_grads = summed_product(
            seen, gate_grads
        ).split([size, size, 1], dim=-2)
        return (
            _product(gate_grads, input_kernel.mT),
            input_kernel_grads,
            output_kernel_grads,
            bias_grads,
            projection_grads,
        )


def one_step_later(outputs: Tensor) -> Tensor:
    """Return what each step has before it: zeros, then the outputs but the last."""
    steps = outputs.shape[STEPS]
    first = torch.zeros_like(outputs.narrow(STEPS, 0, min(steps, 1)))
    return torch.cat([first, outputs.narrow(STEPS, 0, max(steps - 1, 0))], dim=STEPS)


def with_ones(inputs: Tensor) -> Tensor:
    """Return inputs with a 1 behind each, which the bias is multiplied by."""
    return torch.cat([inputs, inputs.new_ones(*inputs.shape[:-1], 1)], dim=-1)


def _rows(tensor: Tensor) -> Tensor:
    """Return steps and sentences as one axis."""
    return tensor.flatten(STEPS, -2)


def _turned(weights: Tensor) -> Tensor:
    """Return the transpose, laid out as products with few rows are fastest.

    Measured on a processor: bfloat16 by oneDNN a tenth faster as it is, float32 slower.
    """
    return weights.mT if weights.dtype == torch.bfloat16 else weights.mT.contiguous()


def _product(left: Tensor, right: Tensor) -> Tensor:
    return (_rows(left) @ right).unflatten(-2, left.shape[STEPS:-1])


def summed_product(left: Tensor, right: Tensor) -> Tensor:
    """Return the sum of the outer products of rows, over steps and sentences."""
    return _rows(left).mT @ _rows(right)


def _add_product(target: Tensor, left: Tensor, right: Tensor) -> None:
    if target.dim() == 2:
        target.addmm_(left, right)
    else:
        target.baddbmm_(left, right)
