"""Numbers that training starts from."""

from __future__ import annotations

import torch
from torch import Generator, nn


def drawn(bound: float, generator: Generator, *shape: int) -> nn.Parameter:
    """Return weights that are drawn evenly between ``-bound`` and ``bound``.

    Args:
        bound: the largest.
        generator: of the processor, so that each device begins alike.
        shape: of the weights.
    """
    return nn.Parameter(torch.empty(*shape).uniform_(-bound, bound, generator=generator))
