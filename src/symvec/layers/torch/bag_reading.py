"""Bags read where nothing is learned: one kernel that checks, sums and divides."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from symvec.kernels.bag_addresses import NO_WEIGHTS, sum_double_bags_at, sum_float_bags_at
from symvec.kernels.row_threads import Team, even_bounds
from symvec.layers.reductions import REDUCTIONS, Sum
from symvec.layers.torch.registry import MARK
from symvec.layers.torch.team import torch_threads

_SUMMERS = {torch.float32: sum_float_bags_at, torch.float64: sum_double_bags_at}
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
    threads = torch_threads()
    if not _only_reads(layer, table, weights) or (threads != 1 and not isinstance(threads, Team)):
        return None
    reduction = REDUCTIONS[layer.mode]
    if not isinstance(reduction, Sum) or not _fit(ids, offsets, table, weights):
        return None
    try:
        addresses = ids.data_ptr(), offsets.data_ptr(), table.data_ptr()
        weighed = NO_WEIGHTS if weights is None else weights.data_ptr()
    except RuntimeError:  # what stands for numbers that lie elsewhere, in vmap for one
        return None
    positions, bags, (rows, width) = ids.numel(), offsets.numel(), table.shape
    out = torch.empty(bags, width, dtype=table.dtype)
    faults = np.zeros(1, np.int64)
    bounds = even_bounds(bags, -(-positions // bags) * width, threads)
    _SUMMERS[table.dtype](
        threads.address if isinstance(threads, Team) else 0,
        bounds.array,
        addresses[2],
        rows,
        width,
        addresses[0],
        positions,
        addresses[1],
        bags,
        weighed,
        reduction.divisor,
        out.data_ptr(),
        faults,
    )
    return None if faults[0] else out


def _fit(
    ids: torch.Tensor, offsets: torch.Tensor, table: torch.Tensor, weights: torch.Tensor | None
) -> bool:
    """Return whether tensors have the kernel's types and lie in order, and weights are as many."""
    return (
        ids.dtype is torch.int64 is offsets.dtype
        and table.dtype in _SUMMERS
        and ids.is_cpu
        and offsets.is_cpu
        and table.is_cpu
        and ids.dim() == 1 == offsets.dim()
        and table.dim() == 2
        and offsets.numel() > 0
        and table.numel() > 0
        and ids.is_contiguous()
        and offsets.is_contiguous()
        and table.is_contiguous()
        and not table.is_neg()
        and (
            weights is None
            or (
                weights.dtype is table.dtype
                and weights.is_cpu
                and weights.dim() == 1
                and weights.numel() == ids.numel() > 0
                and weights.is_contiguous()
                and not weights.is_neg()
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
