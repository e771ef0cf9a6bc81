"""Bags read where nothing is learned: one kernel that checks, sums and divides."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from symvec.arrays import AnyArray
from symvec.kernels.row_gather import sum_unchecked_bags
from symvec.kernels.row_threads import even_bounds, run_ranges
from symvec.layers.reductions import REDUCTIONS, Sum
from symvec.layers.torch.registry import MARK
from symvec.layers.torch.team import torch_threads

_KERNEL_TYPES = (np.dtype(np.float32), np.dtype(np.float64))
_INDICES = np.dtype(np.int64)
_KINDS = (torch.nn.Parameter, torch.Tensor)


def read_bags(
    layer: Any, ids: Any, offsets: Any, weights: torch.Tensor | None
) -> torch.Tensor | None:
    """Return one vector for each bag, (bags, D), or ``None`` if this way is not for the arguments.

    That includes all arguments that deserve an error. The numbers are those of the reductions. A
    forward pass takes a fraction of a millisecond, so little is asked and in few calls.

    Args:
        layer: an ``EmbeddingBag``.
        ids: flat int64 ids.
        offsets: (bags,) int64, where each bag begins.
        weights: a weight for each id, of the table's type, or ``None``.
    """
    table = layer._parameters.get("weight")
    if type(ids) is not torch.Tensor or type(offsets) is not torch.Tensor:
        return None
    if not _only_reads(layer, table, weights):
        return None
    reduction = REDUCTIONS[layer.mode]
    try:  # NumPy takes what lies in memory as numbers of its own types, and nothing else
        given, starts, rows = ids.numpy(), offsets.numpy(), table.detach().numpy()
        numbers = None if weights is None else _numbers(weights)
    except (RuntimeError, TypeError):
        return None
    if not isinstance(reduction, Sum) or not _fit(given, starts, rows, numbers):
        return None
    out = torch.empty(starts.size, rows.shape[1], dtype=table.dtype)
    faults = np.zeros(1, np.int64)
    each = -(-given.size // starts.size) * rows.shape[1]
    bounds = even_bounds(starts.size, each, torch_threads())
    arguments = given, starts, numbers, reduction.divisor, out.numpy(), faults
    run_ranges(sum_unchecked_bags, bounds, rows, *arguments)
    return None if faults[0] else out


def _numbers(weights: torch.Tensor) -> AnyArray:
    numbers: AnyArray = (weights.detach() if weights.requires_grad else weights).numpy()
    return numbers


def _fit(ids: AnyArray, offsets: AnyArray, table: AnyArray, weights: AnyArray | None) -> bool:
    """Return whether arrays have the kernel's types and lie in order, and weights are as many."""
    return (
        ids.dtype == _INDICES == offsets.dtype
        and table.dtype in _KERNEL_TYPES
        and ids.ndim == offsets.ndim == 1
        and offsets.size > 0
        and ids.flags.c_contiguous
        and offsets.flags.c_contiguous
        and table.flags.c_contiguous
        and table.ndim == 2
        and table.shape[1] > 0
        and (
            weights is None
            or (
                weights.dtype == table.dtype
                and weights.shape == ids.shape
                and weights.flags.c_contiguous
            )
        )
    )


def _only_reads(layer: Any, table: torch.Tensor, weights: torch.Tensor | None) -> bool:
    """Return whether no gradient, no other row and no mode of torch takes part."""
    if (
        type(table) not in _KINDS
        or (weights is not None and type(weights) not in _KINDS)
        or MARK in table.__dict__
        or layer.padding_idx is not None
        or layer.max_norm is not None
        or layer.include_last_offset
        or layer.missing != "raise"
    ):
        return False
    if torch.is_grad_enabled() and (
        table.requires_grad or (weights is not None and weights.requires_grad)
    ):
        return False
    return (
        torch._C._len_torch_dispatch_stack() == 0 and not torch._C._is_torch_function_mode_enabled()
    )
