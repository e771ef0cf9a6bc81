"""The cells of a recurrent layer at each step: compiled on a processor, PyTorch's elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import torch
from torch import Tensor

from symvec.arrays import AnyArray
from symvec.kernels.lstm_cells import close_cells, open_cells
from symvec.layers.torch.elmo.precision import array_of

STEPS: Final = -3
"""The axis of the steps: before it may stand directions."""


class Cells(Protocol):
    """The cells of all steps."""

    def opened(self, step: int, hidden: Tensor) -> None:
        """Squash the gates of a step, find its memories, and set ``hidden`` to what is shown."""

    def closed(self, step: int, hidden_grads: Tensor, carried: Tensor, gate_grads: Tensor) -> None:
        """Find the gradients of a step's gates before they were squashed.

        Args:
            step: counted from 0.
            hidden_grads: of what the cells show; may be changed.
            carried: of the memories, from the step after; changed to what the step before gets.
            gate_grads: of all steps; this one's are written.
        """


def cells_of(gates: Tensor, memories: Tensor, squashed: Tensor) -> Cells:
    """Return the cells that these numbers belong to, which change them.

    Args:
        gates: (..., steps, sentences, 4 m), see ``GATES``; before they are squashed, or after.
        memories: (..., steps, sentences, m).
        squashed: the same shape, the memories' tanh.
    """
    is_known = gates.dtype in (torch.float32, torch.bfloat16)
    is_plain = gates.dim() == 3 and is_known and not gates.is_cuda
    return (CompiledCells if is_plain else TorchCells)(gates, memories, squashed)


@dataclass(frozen=True)
class CompiledCells:
    """One pass over the numbers of a step, float32 or bfloat16; see `cells_of`."""

    gates: Tensor
    memories: Tensor
    squashed: Tensor

    def opened(self, step: int, hidden: Tensor) -> None:
        """See `Cells`."""
        open_cells(*self._arrays, array_of(hidden), step)

    def closed(self, step: int, hidden_grads: Tensor, carried: Tensor, gate_grads: Tensor) -> None:
        """See `Cells`."""
        own = array_of(hidden_grads), array_of(carried), array_of(gate_grads)
        close_cells(*self._arrays, *own, step)

    @cached_property
    def _arrays(self) -> tuple[AnyArray, AnyArray, AnyArray]:
        return array_of(self.gates), array_of(self.memories), array_of(self.squashed)


@dataclass(frozen=True)
class TorchCells:
    """The same by PyTorch, on any device and in any type; see `cells_of`."""

    gates: Tensor
    memories: Tensor
    squashed: Tensor

    def opened(self, step: int, hidden: Tensor) -> None:
        """See `Cells`."""
        gate, memory = self.gates.select(STEPS, step), self.memories.select(STEPS, step)
        size = memory.shape[-1]
        new, rest = gate[..., :size].tanh_(), gate[..., size:].sigmoid_()
        torch.mul(new, rest[..., :size], out=memory)
        if step:
            memory.addcmul_(self.memories.select(STEPS, step - 1), rest[..., size : 2 * size])
        shown = torch.tanh(memory, out=self.squashed.select(STEPS, step))
        torch.mul(shown, rest[..., 2 * size :], out=hidden)

    def closed(self, step: int, hidden_grads: Tensor, carried: Tensor, gate_grads: Tensor) -> None:
        """See `Cells`."""
        gate, own = self.gates.select(STEPS, step), gate_grads.select(STEPS, step)
        size = carried.shape[-1]
        new, entered, held, shown = gate.split(size, dim=-1)
        d_new, d_entered, d_held, d_shown = own.split(size, dim=-1)
        open_ = self.squashed.select(STEPS, step)
        torch.mul(hidden_grads, open_, out=d_shown)
        hidden = hidden_grads.mul_(shown)
        carried.add_(hidden).addcmul_(hidden, open_ * open_, value=-1)
        torch.mul(carried, entered, out=d_new)
        torch.mul(carried, new, out=d_entered)
        if step:
            torch.mul(carried, self.memories.select(STEPS, step - 1), out=d_held)
        else:
            d_held.zero_()
        carried.mul_(held)
        own[..., size:].mul_(gate[..., size:] * (1 - gate[..., size:]))
        d_new.mul_(1 - new * new)
