"""Lookups and bags as differentiable functions whose weight gradient is compact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.kernels.row_gradients import sum_segments
from symvec.layers.bags import Bags
from symvec.layers.gradients import RowGradient, Segments
from symvec.layers.reductions import Reduction, localised
from symvec.layers.torch.registry import TrainedWeight, as_table
from symvec.layers.torch.team import torch_threads


def to_tensor(
    row_ids: Ids64, rows: AnyArray, weight: torch.Tensor, *, compact: bool
) -> torch.Tensor:
    """Return strictly rising ids and their rows as torch's gradient: coalesced, or dense."""
    values, ids = torch.from_numpy(rows), torch.from_numpy(row_ids[None])
    if values.dtype != weight.dtype or not weight.is_cpu:
        values, ids = values.to(weight.device, weight.dtype), ids.to(weight.device)
    if not compact:
        return torch.zeros_like(weight).index_copy_(0, ids[0], values)
    return torch.sparse_coo_tensor(
        ids, values, weight.shape, is_coalesced=True, check_invariants=False
    )


def to_compact(gradient: torch.Tensor) -> RowGradient:
    """Return a torch gradient of a (rows, D) weight as a compact one, on the processor."""
    row_count = gradient.shape[0]
    if not gradient.is_sparse:
        return RowGradient(np.arange(row_count), _floats(gradient), row_count)
    row_ids = np.ascontiguousarray(gradient._indices()[0].numpy(force=True))
    rows = _floats(gradient._values())
    try:
        return RowGradient(row_ids, rows, row_count)
    except InputError:  # it was not coalesced: some ids are there again, or out of order
        segments = Segments.of(row_ids, row_count)
        summed = segments.summed(sum_segments, rows, threads=torch_threads())
        return RowGradient(segments.row_ids, summed, row_count)


def _floats(tensor: torch.Tensor) -> AnyArray:
    """Return a tensor as contiguous float32 or float64 in NumPy."""
    array: AnyArray
    if tensor.dtype == torch.float32 and tensor.is_cpu and tensor.is_contiguous():
        array = tensor.detach().numpy()  # the case of each step, in as few calls as there can be
        return array
    dtype = torch.float64 if tensor.dtype == torch.float64 else torch.float32
    array = tensor.detach().to("cpu", dtype).contiguous().numpy()
    return array


@dataclass(frozen=True, slots=True)
class GradientRules:
    """What becomes of the gradient of a weight.

    Args:
        padding_row: a row that gets none, or -1.
        by_frequency: divide a row's gradient by how often the batch has its id.
        compact: hand it on sparse.
        frozen_rows: rows that get none either.
    """

    padding_row: int
    by_frequency: bool
    compact: bool
    frozen_rows: tuple[int, ...] | None = None

    def finish(self, rows: AnyArray, segments: Segments) -> tuple[Ids64, AnyArray]:
        """Return the ids and rows of the compact gradient of summed rows under these rules."""
        if self.by_frequency:
            rows = rows / segments.counts[:, None].astype(rows.dtype)
        if self.frozen_rows is None:
            return segments.row_ids, rows
        kept = ~np.isin(segments.row_ids, self.frozen_rows)
        return segments.row_ids[kept], rows[kept]


class RowLookup(torch.autograd.Function):
    """Rows of a weight that a row optimiser trains."""

    @staticmethod
    def forward(
        ctx: Any,
        weight: torch.Tensor,
        trained: TrainedWeight,
        row_ids: Ids64,
        rules: GradientRules,
    ) -> torch.Tensor:
        """Return the rows of ids of any shape, (..., D).

        Raises:
            IdError: an id that the table does not have.
        """
        rows, ctx.segments = trained.read_batch(weight, row_ids)
        # a leaf whose numbers do not matter to its gradient: need not be guarded as a saved one
        ctx.weight, ctx.rules = weight, rules
        return rows

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        """Return the compact gradient of the weight."""
        weight = ctx.weight
        segments = ctx.segments.without(ctx.rules.padding_row)
        flat = _floats(gradient).reshape(segments.order.size, weight.shape[1])
        summed = segments.summed(sum_segments, flat, threads=torch_threads())
        row_ids, rows = ctx.rules.finish(summed, segments)
        return to_tensor(row_ids, rows, weight, compact=ctx.rules.compact), None, None, None


class BagReduce(torch.autograd.Function):
    """Bags of rows of a weight, reduced without storing the rows."""

    @staticmethod
    def forward(
        ctx: Any,
        weight: torch.Tensor,
        weights: torch.Tensor | None,  # noqa: ARG004 - for autograd; their values are in the bags
        trained: TrainedWeight | None,
        bags: Bags,
        reduction: Reduction,
        rules: GradientRules,
    ) -> torch.Tensor:
        """Return one vector for each bag, (bags, D)."""
        row_ids, local, table = _rows_of(weight, trained, bags)
        ctx.save_for_backward(weight)
        ctx.bags, ctx.reduction, ctx.rules = bags, reduction, rules
        ctx.row_ids, ctx.local, ctx.table = row_ids, local, table
        if row_ids is None:  # torch must notice if the weight is changed before backward
            ctx.table = None
        out = reduction.forward(table, local, torch_threads())
        return torch.from_numpy(out).to(weight.device, weight.dtype)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradients of the weight and of the per-sample weights."""
        (weight,) = ctx.saved_tensors
        table: Any = as_table(weight) if ctx.table is None else ctx.table
        towards = np.ascontiguousarray(_floats(gradient), table.dtype)
        threads = torch_threads()
        of_weight = of_weights = None
        if ctx.needs_input_grad[0]:
            found = ctx.reduction.backward(table, ctx.local, towards, threads)
            row_ids = found.row_ids if ctx.row_ids is None else ctx.row_ids[found.row_ids]
            rows = found.rows
            if ctx.rules.by_frequency:
                segments = Segments.of(ctx.bags.row_ids, weight.shape[0])
                row_ids, rows = ctx.rules.finish(rows, segments)
            of_weight = to_tensor(row_ids, rows, weight, compact=ctx.rules.compact)
        if ctx.needs_input_grad[1]:
            products = ctx.reduction.backward_weights(table, ctx.local, towards, threads)
            of_weights = torch.from_numpy(products).to(weight.device)
        return of_weight, of_weights, None, None, None, None


def _rows_of(
    weight: torch.Tensor, trained: TrainedWeight | None, bags: Bags
) -> tuple[Ids64 | None, Bags, AnyArray]:
    """Return the table that bags are over, and its rows if it is not the whole weight."""
    table = as_table(weight)
    if isinstance(table, np.ndarray) and (trained is None or trained.rows is None):
        return None, bags, table
    row_ids, local = localised(bags, weight.shape[0])
    if trained is None:
        rows = table[row_ids] if isinstance(table, np.ndarray) else table.take(row_ids)
    else:
        rows = _floats(trained.read(weight, row_ids))
    return row_ids, local, rows
