"""The layer that stands in for ``torch.nn.Embedding``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self, cast

import numpy as np
import torch
from torch.nn import functional

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.ids import Missing
from symvec.layers.pretrained import Pretrained, WordTable, pretrained
from symvec.layers.torch.functions import GradientRules, RowLookup
from symvec.layers.torch.ids import as_id_tensor
from symvec.layers.torch.registry import TrainedWeight, is_marked, trained
from symvec.layers.torch.row_layer import RowLayer, limit_norms


@torch.compiler.disable
def _lookup_trained(
    layer: Embedding, ids: torch.Tensor, zeroed: torch.Tensor | None
) -> torch.Tensor:
    """Return the rows of a weight that a row optimiser was given; ids are on the processor."""
    found = trained(layer.weight)
    if found is None:  # a copy of such a weight
        device = layer.weight.device
        return layer.lookup(ids.to(device), None if zeroed is None else zeroed.to(device))
    flat = ids.detach().to(torch.int64).contiguous().view(-1).numpy()
    if layer.frozen_rows is not None:
        found.freeze(np.asarray(layer.frozen_rows))
    if layer.max_norm is not None:
        found.flush(layer.weight, np.unique(flat))
        limit_norms(layer.weight, ids.to(layer.weight.device), layer.max_norm, layer.norm_type)
        found.remember(layer.weight)
    if zeroed is None:
        return _train(layer, found, flat).view(*ids.shape, layer.weight.shape[1])
    kept = ~zeroed.reshape(-1)
    read = _train(layer, found, flat[kept.numpy()])
    rows = read.new_zeros(flat.size, read.shape[1])
    rows = rows.masked_scatter(kept[:, None].to(read.device), read)
    return rows.view(*ids.shape, rows.shape[1])


def _train(layer: Embedding, found: TrainedWeight, row_ids: Ids64) -> torch.Tensor:
    """Return the rows of ids of any shape, for which the weight will get a gradient."""
    weight = layer.weight
    if not (weight.requires_grad and torch.is_grad_enabled()):
        return found.read(weight, row_ids.reshape(-1)).view(*row_ids.shape, weight.shape[1])
    padding = -1 if layer.padding_idx is None else layer.padding_idx
    rules = GradientRules(padding, layer.scale_grad_by_freq, True, layer.frozen_rows)
    rows: torch.Tensor = RowLookup.apply(weight, found, row_ids, rules)
    return rows


def _needs_no_care(layer: Embedding, ids: object) -> bool:
    """Return whether ids are as nearly all are in training: the check is then made by the sort.

    A step of few ids is mostly Python, so this case asks for as little of it as there can be.
    """
    return (
        type(ids) is torch.Tensor
        and ids.dtype is torch.int64
        and ids.is_cpu
        and ids.layout is torch.strided
        and ids.is_contiguous()
        and layer.missing == "raise"
        and layer.max_norm is None
        and layer.frozen_rows is None
        and torch.is_grad_enabled()
        and not torch.compiler.is_compiling()
        and not torch._C._functorch.is_functorch_wrapped_tensor(ids)
        and is_marked(layer.weight)
        and layer.weight.requires_grad
    )


class Embedding(RowLayer, torch.nn.Embedding):
    """A drop-in for ``torch.nn.Embedding`` with errors that teach and rows that train alone.

    Without a row optimiser it computes as torch does. Under one (:class:`RowAdamW` and its like)
    the gradient of ``weight`` is compact and the cost of a step follows the ids of the batch.

    Args:
        num_embeddings: rows of the table.
        embedding_dim: numbers in a row.
        padding_idx: a row that gets no gradient and starts at zero.
        max_norm: rows that are read and longer than this are scaled to it, in place.
        norm_type: p of the p-norm of ``max_norm``.
        scale_grad_by_freq: divide a row's gradient by how often the batch has its id.
        sparse: a sparse gradient without a row optimiser too; needed under
            ``DistributedDataParallel``.
        _weight: the table to start from, shared and not copied.
        _freeze: leave it as it is in training.
        device: where the table lies.
        dtype: the type of its numbers.
        missing: what an id without a row means: an error (``"raise"``), a vector of zeros
            (``"zero"``) or the row ``unknown_row`` (``"row"``).
        unknown_row: see ``missing``.
        frozen_rows: rows that get no gradient.

    Example:
        >>> layer = Embedding(64, 100)
        >>> tuple(layer(torch.tensor([[3, 57, 35]])).shape)
        (1, 3, 100)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: torch.Tensor | None = None,
        _freeze: bool = False,
        device: Any = None,
        dtype: torch.dtype | None = None,
        *,
        missing: Missing = "raise",
        unknown_row: int | None = None,
        frozen_rows: Sequence[int] | None = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight,
            _freeze,
            device,
            dtype,
        )
        self.set_missing(missing, unknown_row)
        self.frozen_rows = None if frozen_rows is None else tuple(frozen_rows)
        self.source: Pretrained | None = None

    @classmethod
    def from_vectors(
        cls,
        source: WordTable | AnyArray,
        *,
        freeze: bool = True,
        padding: bool = False,
        unknown: bool = False,
        **options: Any,
    ) -> Self:
        """Return a layer over a copy of a trained model's table: words in, vectors out.

        Args:
            source: an object with ``table`` and ``index_to_key``, or an array.
            freeze: leave the table as it is in training.
            padding: add a padding row after the words.
            unknown: add a row for words that the model does not have.
            options: the other options of the constructor.
        """
        start = pretrained(source, padding=padding, unknown=unknown)
        weight = torch.from_numpy(np.ascontiguousarray(start.table))
        rows, width = weight.shape
        layer = cls(rows, width, start.padding_row, _weight=weight, _freeze=freeze, **options)
        layer.source = start
        return layer

    def forward(self, input: object) -> torch.Tensor:  # noqa: A002 - torch's name
        """Return the rows of ids of any rank and integer type, (..., D); of jagged ones as jagged.

        Raises:
            IdError: ids that are no integers or that the table does not have.
            InputError: the tracing of a layer whose weight a row optimiser trains.
        """
        if _needs_no_care(self, input):
            found = trained(self.weight)
            if found is not None:
                return _train(self, found, cast(torch.Tensor, input).numpy())
        if isinstance(input, torch.Tensor) and input.is_nested and input.layout == torch.jagged:
            return self._jagged(input)
        self.check_not_traced(input)
        if is_marked(self.weight):
            return _lookup_trained(self, *self.row_ids_here(input))
        return self.lookup(*self.row_ids(input))

    def _jagged(self, ids: Any) -> torch.Tensor:
        rows = self(ids.values())
        jagged: torch.Tensor = torch.nested.nested_tensor_from_jagged(
            rows, ids.offsets(), ids.lengths()
        )
        return jagged

    def lookup(self, ids: torch.Tensor, zeroed: torch.Tensor | None) -> torch.Tensor:
        """Return the rows of checked ids as torch reads them; ``zeroed`` ones as zero."""
        vectors = functional.embedding(
            ids,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )
        if zeroed is not None:
            vectors = vectors.masked_fill(zeroed[..., None], 0)
        if self.frozen_rows is not None:
            rows = torch.tensor(self.frozen_rows, dtype=ids.dtype, device=ids.device)
            still = torch.isin(ids, rows)[..., None]
            vectors = torch.where(still, vectors.detach(), vectors)
        return vectors

    def vectors_of(self, words: str | Iterable[Any]) -> torch.Tensor:
        """Return the vectors of words, or of nested lists of words.

        Raises:
            InputError: a layer without words; see :meth:`from_vectors`.
            UnknownSymbolError: a word that is not there, where no unknown row was added.
        """
        if self.source is None or not len(self.source.words):
            raise InputError("this layer has no words: make it with from_vectors(model)")
        return self(self.source.words_to_ids(words))

    def mask(self, ids: object) -> torch.Tensor:
        """Return where ids are not padding, booleans of their shape."""
        tensor = as_id_tensor(ids)
        if self.padding_idx is None:
            return torch.ones_like(tensor, dtype=torch.bool)
        return tensor != self.padding_idx

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return ``hidden @ weight.T``, the tied output projection, (..., rows)."""
        self.flush()
        return functional.linear(hidden, self.weight)
