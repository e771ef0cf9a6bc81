"""Products of fewer digits where they are asked for, in functions with a backward of their own.

PyTorch's automatic casting does not look into such functions.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def cast_for_products(*tensors: Tensor) -> list[Tensor]:
    """Return tensors in the type that products have here; see ``torch.autocast``."""
    kind = tensors[0].device.type
    if not torch.is_autocast_enabled(kind):
        return list(tensors)
    return [tensor.to(torch.get_autocast_dtype(kind)) for tensor in tensors]


def summing(tensor: Tensor) -> torch.dtype:
    """Return the type for sums of a tensor's numbers: float32, or its own if that is wider."""
    return torch.promote_types(tensor.dtype, torch.float32)


def applied(function: type[torch.autograd.Function], *arguments: Tensor) -> Any:
    """Call a function with a backward of its own; its arguments are of the right types."""
    with torch.autocast(arguments[0].device.type, enabled=False):
        return function.apply(*arguments)
