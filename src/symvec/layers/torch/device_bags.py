"""Bags on a graphics card, by operators of torch: nothing leaves the card or waits for it."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional


def has_device_bags(layer: Any, weights: torch.Tensor | None, *, is_masked: bool) -> bool:
    """Return whether `device_bags` computes what a layer does, with the layer's gradients.

    Torch's maximum knows no weights, and drops no rows but the padding row.
    """
    if layer.scale_grad_by_freq:
        return False
    is_sum = layer.mode != "max"
    return is_sum or (weights is None and not is_masked and layer.weight.dtype.itemsize > 2)


def device_bags(
    layer: Any,
    ids: torch.Tensor,
    starts: torch.Tensor,
    weights: torch.Tensor | None,
    kept: torch.Tensor | None,
) -> torch.Tensor:
    """Return one vector for each bag, (bags, D); see `symvec.layers.reductions` for the modes.

    Args:
        layer: an ``EmbeddingBag`` for which `has_device_bags`.
        ids: (positions,) integers that the table has.
        starts: (bags,) int64, where each bag begins; rising from 0.
        weights: (positions,) of the table's type, or ``None`` for ones.
        kept: (positions,) booleans, which of them take part, or ``None`` for all.
    """
    if kept is None and (weights is None or layer.mode == "sum") and layer.mode != "sqrtn":
        return _reduced(layer, ids, starts, weights, layer.mode)
    real = kept
    if layer.padding_idx is not None:  # counts in no divisor
        is_real = ids != layer.padding_idx
        real = is_real if real is None else real & is_real
    ones = torch.ones_like(ids, dtype=layer.weight.dtype)
    weighed = ones if weights is None else weights
    if real is not None:
        weighed = torch.where(real, weighed, 0)
    sums = _reduced(layer, ids, starts, weighed, "sum")
    if layer.mode == "sum":
        return sums
    is_root = layer.mode == "sqrtn"
    running = (weighed.double().square() if is_root else weighed.double()).cumsum(0)
    edges = functional.pad(starts, (0, 1), value=len(ids))
    totals = functional.pad(running, (1, 0))[edges].diff()
    is_nothing = totals == 0
    totals = torch.where(is_nothing, 1.0, totals)
    divisors = totals.sqrt() if is_root else totals
    scales = divisors.reciprocal().masked_fill(is_nothing, 0.0)
    return sums * scales.to(sums.dtype)[:, None]


def _reduced(
    layer: Any, ids: torch.Tensor, starts: torch.Tensor, weights: torch.Tensor | None, mode: str
) -> torch.Tensor:
    return functional.embedding_bag(
        ids.long(),  # as offsets are
        layer.weight,
        starts,
        layer.max_norm,
        layer.norm_type,
        mode=mode,
        sparse=layer.sparse,
        per_sample_weights=weights,
        padding_idx=layer.padding_idx,
    )
