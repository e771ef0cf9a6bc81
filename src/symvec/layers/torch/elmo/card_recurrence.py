"""The recurrent layer on a graphics card: cuDNN's, which starts all steps in one call.

A step of small matrices takes a card some microseconds, and Python longer to ask for it.
"""

from __future__ import annotations

import warnings
from typing import Final

import torch
from torch import Tensor

from symvec.layers.torch.elmo.recurrence import GATES

_CUDNN_GATES: Final = ("input", "forget", "new", "output")
_APART: Final = ".*RNN module weights are not part of single contiguous chunk of memory.*"


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


def _for_cudnn(gates: Tensor) -> Tensor:
    """Return numbers of gates, (..., 4 m), in the order of cuDNN."""
    parts = dict(zip(GATES, gates.chunk(len(GATES), dim=-1), strict=True))
    return torch.cat([parts[name] for name in _CUDNN_GATES], dim=-1)
