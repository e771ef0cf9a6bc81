"""The recurrent layers on a graphics card: cuDNN's, recorded and started by one call.

A step of small matrices takes a card some microseconds, and a program longer to ask for it. cuDNN
asks for all steps in one call; what it asks for is recorded the third time that batches have one
shape, and replayed from then on.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import torch
from torch import Tensor

from symvec.layers.torch.elmo.recurrence import GATES

_CUDNN_GATES: Final = ("input", "forget", "new", "output")
_APART: Final = ".*RNN module weights are not part of single contiguous chunk of memory.*"
_TIMES_UNTIL_RECORDED: Final = 3  # recording takes as long as some ten calls
_LARGEST_SHARE: Final = 0.1  # of the card's memory, that records may hold


def has_card_recurrence(inputs: Tensor) -> bool:
    """Return whether `card_recurrence` can compute these inputs."""
    is_nvidia = inputs.is_cuda and torch.version.hip is None
    return is_nvidia and inputs.dim() == 4 and torch.backends.cudnn.is_available()


def card_recurrence(
    inputs: Tensor, input_kernel: Tensor, output_kernel: Tensor, bias: Tensor, projection: Tensor
) -> Tensor:
    """Return what `ProjectedLstm` does, (2, T, B, p), of two directions; memories have its type.

    Args:
        inputs: (2, T, B, p).
        input_kernel: (2, p, 4 m); as the rest, see `ProjectedLstm`.
        output_kernel: (2, p, 4 m).
        bias: (2, 1, 4 m).
        projection: (2, m, p).
    """
    kernels = [_for_cudnn(each).mT.contiguous() for each in (input_kernel, output_kernel)]
    biases = _for_cudnn(bias).squeeze(-2)
    weights = [*kernels, biases, torch.zeros_like(biases), projection.mT.contiguous()]
    _, _, rows, size = inputs.shape
    first = inputs.new_zeros(1, rows, size), inputs.new_zeros(1, rows, projection.shape[1])
    settings = True, 1, 0.0, torch.is_grad_enabled(), False, False  # one layer, one direction
    with warnings.catch_warnings():  # cuDNN wants them in one piece, and puts them there
        warnings.filterwarnings("ignore", _APART)
        outputs = [
            torch.lstm(own, first, [each[n] for each in weights], *settings)
            for n, own in enumerate(inputs)
        ]
    return torch.stack([output for output, *_ in outputs])


class RecordedRecurrence:
    """The same for layers that follow each other, recorded by the shape of their inputs.

    What a layer has found must last until its gradient is asked for, so each has its own records.

    Args:
        layers: how many there are.
    """

    def __init__(self, layers: int) -> None:
        self._layers = layers
        self._seen: dict[tuple[object, ...], int] = {}
        self._records: dict[tuple[object, ...], Sequence[Callable[..., Tensor]]] = {}
        self._weights: list[list[Tensor]] = []  # what the records read, of each layer
        self._held = 0  # bytes
        self._pool: Any = None

    def __call__(self, layer: int, inputs: Tensor, *weights: Tensor) -> Tensor:
        """Return what `card_recurrence` does.

        Args:
            layer: which of them, counted from 0; they are called in turn, and their gradients are
                asked for in the opposite one, before the first is called again.
            inputs: see `card_recurrence`.
            weights: see `card_recurrence`; of one shape for all layers and calls.
        """
        if not torch.is_grad_enabled():
            return card_recurrence(inputs, *weights)
        case = (*inputs.shape, inputs.dtype)
        if layer == 0:
            self._seen[case] = self._seen.get(case, 0) + 1
            if self._seen[case] == _TIMES_UNTIL_RECORDED:
                self._record(case, inputs, weights)
        record = self._records.get(case)
        call = card_recurrence if record is None else record[layer]
        return call(inputs, *weights)

    def _record(self, case: tuple[object, ...], inputs: Tensor, weights: Sequence[Tensor]) -> None:
        held = self._layers * (4 * inputs.nbytes + sum(each.nbytes for each in weights))
        if self._held + held > torch.cuda.mem_get_info(inputs.device)[1] * _LARGEST_SHARE:
            return
        self._held += held
        if not self._weights:
            self._pool = torch.cuda.graph_pool_handle()
            self._weights = [[_like(each) for each in weights] for _ in range(self._layers)]
        samples = tuple((_like(inputs), *own) for own in self._weights)
        calls: Any = (card_recurrence,) * self._layers
        self._records[case] = torch.cuda.make_graphed_callables(calls, samples, pool=self._pool)


def _like(tensor: Tensor) -> Tensor:
    """Return zeros of a tensor's shape that get a gradient."""
    return torch.zeros_like(tensor).requires_grad_()


def _for_cudnn(gates: Tensor) -> Tensor:
    """Return numbers of gates, (..., 4 m), in the order of cuDNN."""
    parts = dict(zip(GATES, gates.chunk(len(GATES), dim=-1), strict=True))
    return torch.cat([parts[name] for name in _CUDNN_GATES], dim=-1)
