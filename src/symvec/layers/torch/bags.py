"""The layer that stands in for ``torch.nn.EmbeddingBag``."""

from __future__ import annotations

from typing import Any, Self, cast

import numpy as np
import torch
from torch.nn import functional

from symvec.arrays import AnyArray, RaggedRows
from symvec.errors import IdError, InputError
from symvec.ids import Missing
from symvec.layers.bags import Bags
from symvec.layers.pretrained import WordTable, pretrained
from symvec.layers.reductions import reduction_named
from symvec.layers.torch.bag_reading import read_bags
from symvec.layers.torch.device_bags import device_bags, has_device_bags
from symvec.layers.torch.functions import BagReduce, GradientRules
from symvec.layers.torch.ids import is_traced
from symvec.layers.torch.offsets import (
    BagError,
    BagIdError,
    bag_edges,
    checked_offsets,
    safe_offsets,
)
from symvec.layers.torch.registry import is_marked, trained
from symvec.layers.torch.row_layer import RowLayer, limit_norms


class EmbeddingBag(RowLayer, torch.nn.EmbeddingBag):
    """A drop-in for ``torch.nn.EmbeddingBag`` with weights in every mode and ``"sqrtn"``.

    The rows of a bag are never stored. Under a row optimiser the gradient of ``weight`` is
    compact.

    Args:
        num_embeddings: rows of the table.
        embedding_dim: numbers in a row.
        max_norm: rows that are read and longer than this are scaled to it, in place.
        norm_type: p of the p-norm of ``max_norm``.
        scale_grad_by_freq: divide a row's gradient by how often the batch has its id.
        mode: ``"sum"``, ``"mean"``, ``"sqrtn"`` or ``"max"``.
        sparse: a sparse gradient without a row optimiser too.
        _weight: the table to start from, shared and not copied.
        include_last_offset: offsets end with the number of ids.
        padding_idx: a row that takes no part in a bag and starts at zero.
        device: where the table lies.
        dtype: the type of its numbers.
        missing: what an id without a row means: an error (``"raise"``), no part in its bag
            (``"zero"``) or the row ``unknown_row`` (``"row"``).
        unknown_row: see ``missing``.

    Raises:
        InputError: a mode that does not exist.

    Example:
        >>> layer = EmbeddingBag(10, 4, mode="sum")
        >>> tuple(layer(torch.tensor([1, 2, 4]), torch.tensor([0, 2])).shape)
        (2, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: torch.Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: Any = None,
        dtype: torch.dtype | None = None,
        *,
        missing: Missing = "raise",
        unknown_row: int | None = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            mode,
            sparse,
            _weight,
            include_last_offset,
            padding_idx,
            device,
            dtype,
        )
        reduction_named(mode)
        self.set_missing(missing, unknown_row)

    @classmethod
    def from_vectors(
        cls, source: WordTable | AnyArray, *, freeze: bool = True, **options: Any
    ) -> Self:
        """Return a layer over a copy of a trained model's table, frozen unless said otherwise."""
        weight = torch.from_numpy(np.ascontiguousarray(pretrained(source).table))
        rows, width = weight.shape
        layer = cls(rows, width, _weight=weight, **options)
        layer.weight.requires_grad = not freeze
        return layer

    def forward(
        self,
        input: object,  # noqa: A002 - torch's name
        offsets: torch.Tensor | None = None,
        per_sample_weights: torch.Tensor | None = None,
        *,
        mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return one vector for each bag, (bags, D).

        Args:
            input: flat ids with offsets, (bags, length) ids, or ragged rows.
            offsets: where each bag begins; for flat ids.
            per_sample_weights: a weight for each id.
            mask: booleans of the shape of (bags, length) ids, true where an id counts.

        Raises:
            IdError: ids that the table does not have.
            InputError: offsets, weights or a mask that do not fit the ids.
        """
        if mask is None and not torch.compiler.is_compiling():
            read = read_bags(self, input, offsets, per_sample_weights)
            if read is not None:
                return read
        if isinstance(input, RaggedRows):
            offsets = torch.from_numpy(input.offsets[:-1])
            input = torch.from_numpy(input.row_ids)  # noqa: A001 - torch's name
        self.check_not_traced(input)
        if not is_traced(input) and self.weight.is_cuda and not is_marked(self.weight):
            is_masked = mask is not None or self.missing == "zero"
            if has_device_bags(self, per_sample_weights, is_masked=is_masked):
                return _on_card(self, input, offsets, per_sample_weights, mask)
        if is_traced(input) and mask is None and _fits_a_graph(self, per_sample_weights):
            return _traced(self, input, offsets, per_sample_weights)
        if mask is None and _torch_has_a_kernel(self, input, offsets, per_sample_weights):
            known = cast(torch.Tensor, input)
            try:
                if self.mode == "mean" and per_sample_weights is not None and offsets is not None:
                    return _weighted_mean(self, known, offsets, per_sample_weights)
                return super().forward(known, offsets, per_sample_weights)
            except (RuntimeError, IndexError, ValueError):
                pass  # what torch refuses is explained below, or can be done
        return _reduce(self, input, offsets, per_sample_weights, mask)


def _weighted_mean(
    layer: EmbeddingBag, ids: torch.Tensor, offsets: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Return weighted sums by torch's kernel over the sums of the weights; 0 over 0 is 0."""
    sums: torch.Tensor = functional.embedding_bag(
        ids, layer.weight, offsets, mode="sum", sparse=layer.sparse, per_sample_weights=weights
    )
    running = functional.pad(weights.double().cumsum(0), (1, 0))
    edges = functional.pad(offsets.long(), (0, 1), value=ids.numel())
    totals = running[edges[1:]] - running[edges[:-1]]
    nothing = totals == 0
    scales = torch.where(nothing, 1.0, totals).reciprocal().masked_fill(nothing, 0.0)
    return sums * scales.to(sums.dtype)[:, None]


def _fits_a_graph(layer: EmbeddingBag, weights: torch.Tensor | None) -> bool:
    """Return whether torch's own operator, which compilers know, computes what this layer does."""
    if is_marked(layer.weight) or layer.missing == "zero" or layer.scale_grad_by_freq:
        return False
    if layer.mode == "max":
        kind = layer.weight.dtype  # torch has no maximum of halves
        half = kind is torch.float16 or kind is torch.bfloat16
        return weights is None and not half and not layer.sparse
    return layer.mode == "sum" or (layer.mode == "mean" and weights is None)


def _traced(
    layer: EmbeddingBag,
    given: object,
    offsets: torch.Tensor | None,
    weights: torch.Tensor | None,
) -> torch.Tensor:
    """Return bags as one graph: checks and lookup are operators that compilers keep."""
    ids, _ = layer.row_ids(given)
    if offsets is not None:
        offsets = checked_offsets(offsets, ids.shape[0], layer.include_last_offset)
    return super(EmbeddingBag, layer).forward(ids, offsets, weights)


def _torch_has_a_kernel(
    layer: EmbeddingBag, given: object, offsets: object, weights: torch.Tensor | None
) -> bool:
    """Return whether torch's own kernel computes this as this layer does.

    It checks the ids in the same pass as it reads the rows, but not that offsets rise, and
    ``scale_grad_by_freq`` divides by the counts of other rows (torch 2.13, on a processor).
    """
    if torch.compiler.is_compiling() or is_marked(layer.weight):
        return False
    if layer.missing != "raise" or layer.scale_grad_by_freq:
        return False
    if layer.mode == "mean" and weights is not None:
        plain = layer.padding_idx is None and layer.max_norm is None
        if not plain or layer.include_last_offset or weights.dim() != 1:
            return False
    elif layer.mode not in ("sum", "mean"):
        return False
    if not isinstance(given, torch.Tensor) or given.is_nested or given.dim() not in (1, 2):
        return False
    if given.device.type not in ("cpu", "meta") or offsets is None:
        return given.dim() == 2 and given.device.type in ("cpu", "meta")
    if not isinstance(offsets, torch.Tensor) or given.dim() != 1 or offsets.dim() != 1:
        return False
    if given.is_meta:
        return True
    starts = offsets.numpy()
    return bool((starts[1:] >= starts[:-1]).all())


def _on_card(
    layer: EmbeddingBag,
    given: object,
    offsets: torch.Tensor | None,
    weights: torch.Tensor | None,
    mask: torch.Tensor | None,
) -> torch.Tensor:
    """Return bags by `device_bags`, with checks that do not wait for the card."""
    given, offsets, weights = _flat_if_jagged(given, offsets, weights)
    try:
        ids, zeroed = layer.row_ids(_without_masked(given, mask))
    except IdError as error:
        raise BagIdError(str(error)) from None
    ids = ids.to(layer.weight.device)
    _check_arguments(layer, ids, offsets, weights)
    if offsets is None:
        starts = torch.arange(ids.shape[0], device=ids.device) * ids.shape[1]
    elif offsets.is_cuda:
        included = layer.include_last_offset
        starts = safe_offsets(offsets, ids.numel(), layer.findings, include_last_offset=included)
    else:
        known = bag_edges(offsets, ids.numel(), include_last_offset=layer.include_last_offset)
        starts = torch.from_numpy(known[:-1]).to(ids.device)
    kept = mask
    if zeroed is not None:
        kept = ~zeroed if kept is None else kept & ~zeroed
    flat = None if weights is None else weights.reshape(-1)
    return device_bags(
        layer, ids.reshape(-1), starts, flat, None if kept is None else kept.reshape(-1)
    )


def _flat_if_jagged(
    given: object, offsets: torch.Tensor | None, weights: torch.Tensor | None
) -> tuple[object, torch.Tensor | None, torch.Tensor | None]:
    """Return ids, offsets and weights; of jagged ones the flat numbers."""
    if not isinstance(given, torch.Tensor) or not given.is_nested:
        return given, offsets, weights
    nested: Any = given
    flat = None if weights is None else weights.values().reshape(-1)
    return nested.values().reshape(-1), nested.offsets()[:-1], flat


@torch.compiler.disable
def _reduce(
    layer: EmbeddingBag,
    given: object,
    offsets: torch.Tensor | None,
    weights: torch.Tensor | None,
    mask: torch.Tensor | None,
) -> torch.Tensor:
    given, offsets, weights = _flat_if_jagged(given, offsets, weights)
    given = _without_masked(given, mask)
    try:
        ids, zeroed = layer.row_ids_here(given)
    except IdError as error:
        raise BagIdError(str(error)) from None
    bags = _bags(layer, ids, offsets, weights)
    kept = _kept(layer, ids, zeroed, mask)
    if kept is not None:
        bags = bags.kept(kept.numpy())
    if layer.max_norm is not None and ids.numel():
        found = trained(layer.weight)
        if found is not None:
            found.flush(layer.weight, np.unique(bags.row_ids))
        limit_norms(layer.weight, ids.to(layer.weight.device), layer.max_norm, layer.norm_type)
        if found is not None:
            found.remember(layer.weight)
    used = None if weights is None else weights.reshape(-1)
    if used is not None and kept is not None:
        used = used[kept.to(used.device)]
    found = trained(layer.weight)
    rules = GradientRules(-1, layer.scale_grad_by_freq, found is not None or layer.sparse)
    reduction = reduction_named(layer.mode)
    out: torch.Tensor = BagReduce.apply(layer.weight, used, found, bags, reduction, rules)
    return out


def _without_masked(given: object, mask: torch.Tensor | None) -> object:
    """Return ids in which those that do not count are row 0: they need not be of the table."""
    if mask is None or not isinstance(given, torch.Tensor):
        return given
    if mask.shape != given.shape or mask.dtype != torch.bool:
        raise InputError(
            f"mask must be booleans of shape {tuple(given.shape)}, "
            f"got {mask.dtype} of shape {tuple(mask.shape)}"
        )
    return torch.where(mask, given, 0)


def _check_arguments(
    layer: EmbeddingBag,
    ids: torch.Tensor,
    offsets: torch.Tensor | None,
    weights: torch.Tensor | None,
) -> None:
    """Check what needs no numbers.

    Raises:
        InputError: shapes or types that fit no bags.
    """
    if weights is not None and weights.shape != ids.shape:
        raise InputError(
            f"per_sample_weights must have the same shape as the input, {tuple(ids.shape)}, "
            f"got {tuple(weights.shape)}"
        )
    if weights is not None and weights.dtype != layer.weight.dtype:
        raise BagError(
            f"per_sample_weights must have the same type as the weight, {layer.weight.dtype}, "
            f"got {weights.dtype}; convert them with .to({layer.weight.dtype})"
        )
    if ids.dim() not in (1, 2):
        raise InputError(f"input has to be a 1D or 2D Tensor, got {ids.dim()} dimensions")
    if ids.dim() == 2 and offsets is not None:
        raise InputError(
            "if input is 2D, then offsets has to be None: each row of the input is a bag"
        )
    if ids.dim() == 1 and offsets is None:
        raise InputError("offsets has to be a 1D Tensor, got None: where does each bag begin?")


def _bags(
    layer: EmbeddingBag,
    ids: torch.Tensor,
    offsets: torch.Tensor | None,
    weights: torch.Tensor | None,
) -> Bags:
    _check_arguments(layer, ids, offsets, weights)
    flat = ids.detach().to(torch.int64).contiguous().view(-1).numpy()
    numbers = None if weights is None else weights.detach().reshape(-1).float().numpy(force=True)
    if weights is not None and weights.dtype == torch.float64:
        numbers = weights.detach().reshape(-1).numpy(force=True)
    if offsets is None:
        ends = np.arange(ids.shape[0] + 1, dtype=np.int64) * ids.shape[1]
        return Bags(flat, ends, numbers)
    edges = bag_edges(
        torch.as_tensor(offsets), flat.size, include_last_offset=layer.include_last_offset
    )
    return Bags(flat, edges, numbers)


def _kept(
    layer: EmbeddingBag,
    ids: torch.Tensor,
    zeroed: torch.Tensor | None,
    mask: torch.Tensor | None,
) -> torch.Tensor | None:
    """Return which positions take part in their bag, flat, or ``None`` for all."""
    kept = None if mask is None else mask.cpu()
    if zeroed is not None:
        kept = ~zeroed if kept is None else kept & ~zeroed
    if layer.padding_idx is not None:
        real = ids != layer.padding_idx
        kept = real if kept is None else kept & real
    if kept is None or bool(kept.all()):
        return None
    return kept.reshape(-1)
