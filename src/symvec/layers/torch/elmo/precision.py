"""Products of fewer digits where they are asked for, in functions with a backward of their own.

PyTorch's automatic casting does not look into such functions.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from symvec.arrays import AnyArray


def cast_for_products(*tensors: Tensor) -> list[Tensor]:
    """Return tensors in the type that products have here; see ``torch.autocast``."""
    kind = tensors[0].device.type
    if not torch.is_autocast_enabled(kind):
        return list(tensors)
    return [tensor.to(torch.get_autocast_dtype(kind)) for tensor in tensors]


def summing(tensor: Tensor) -> torch.dtype:
    """Return the type for sums of a tensor's numbers: float32, or its own if that is wider."""
    return torch.promote_types(tensor.dtype, torch.float32)


def array_of(tensor: Tensor) -> AnyArray:
    """Return the memory of a tensor as compiled kernels take it: bfloat16 as its bits, uint16.

    Example:
        >>> array_of(torch.ones(2, dtype=torch.bfloat16)).tolist()
        [16256, 16256]
    """
    held = tensor.view(torch.uint16) if tensor.dtype == torch.bfloat16 else tensor
    array: AnyArray = held.numpy()
    return array


def applied(
    function: type[torch.autograd.Function], tensor: Tensor, *arguments: Tensor | int
) -> Any:
    """Call a function with a backward of its own; its arguments are of the right types."""
    with torch.autocast(tensor.device.type, enabled=False):
        return function.apply(tensor, *arguments)
