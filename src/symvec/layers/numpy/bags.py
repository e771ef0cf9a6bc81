"""Bags of rows: one vector for a list of ids, and for a symbol that is several rows."""

from __future__ import annotations

from typing import Unpack

import numpy as np

from symvec.arrays import AnyArray, RaggedRows
from symvec.errors import InputError
from symvec.ids import check_ids
from symvec.layers.bags import Bags, bags_of_symbols
from symvec.layers.gradients import RowGradient
from symvec.layers.numpy.embedding import check_gradient
from symvec.layers.numpy.table import LayerTable, TableRules
from symvec.layers.reductions import Reduction, localised, reduction_named


class EmbeddingBag(LayerTable):
    """Sums, means, square-root-n means or maxima of bags of rows, which are never stored.

    Args:
        table: (rows, D) floats.
        mode: ``"sum"``, ``"mean"``, ``"sqrtn"`` or ``"max"``.
        rules: the options of :class:`LayerTable`; padding takes no part in a bag.

    Example:
        >>> layer = EmbeddingBag(np.eye(4, dtype=np.float32), mode="sum")
        >>> layer(layer.bags([0, 1, 3], offsets=[0, 2])).tolist()
        [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """

    def __init__(self, table: AnyArray, *, mode: str = "mean", **rules: Unpack[TableRules]) -> None:
        super().__init__(table, **rules)
        self.mode = mode
        self._reduction: Reduction = reduction_named(mode)

    def bags(
        self,
        ids: object,
        *,
        offsets: object = None,
        weights: AnyArray | None = None,
        mask: AnyArray | None = None,
        include_last_offset: bool = False,
    ) -> Bags:
        """Return checked bags: flat ids with offsets, ragged rows, or (bags, length) and a mask.

        Raises:
            IdError: ids that the table does not have.
            InputError: offsets, weights or a mask that do not fit the ids.
        """
        rows = len(self.table)
        if isinstance(ids, RaggedRows):
            bags = Bags.from_ragged(ids, row_count=rows, weights=weights)
        elif offsets is not None:
            if mask is not None:
                raise InputError("pass either offsets or a mask: offsets already leave nothing out")
            bags = Bags.from_offsets(
                ids,
                offsets,
                row_count=rows,
                weights=weights,
                include_last_offset=include_last_offset,
                missing=self.missing,
                unknown_row=self.unknown_row,
            )
        else:
            bags = Bags.from_padded(
                ids,
                row_count=rows,
                weights=weights,
                mask=mask,
                missing=self.missing,
                unknown_row=self.unknown_row,
            )
        return bags.without(self.padding_row)

    def __call__(self, bags: Bags) -> AnyArray:
        """Return one vector for each bag, (bags, D)."""
        table, bags = self._rows_of(bags)
        return self._reduction.forward(table, bags, self.threads).astype(
            self.table.dtype, copy=False
        )

    def backward(self, bags: Bags, gradient: AnyArray) -> RowGradient:
        """Return the compact gradient of the table from the gradient of the vectors."""
        towards = check_gradient(gradient, (len(bags), self.table.shape[1]))
        table, local = self._rows_of(bags)
        found = self._reduction.backward(table, local, self._like(table, towards), self.threads)
        if table is self.table:
            return self.trainable(found)
        row_ids = np.unique(bags.row_ids)[found.row_ids]
        return self.trainable(RowGradient(row_ids, found.rows, len(self.table)))

    def backward_weights(self, bags: Bags, gradient: AnyArray) -> AnyArray:
        """Return the gradient of the per-sample weights, (positions,)."""
        towards = check_gradient(gradient, (len(bags), self.table.shape[1]))
        table, local = self._rows_of(bags)
        towards = self._like(table, towards)
        return self._reduction.backward_weights(table, local, towards, self.threads)

    @staticmethod
    def _like(table: AnyArray, gradient: AnyArray) -> AnyArray:
        return np.ascontiguousarray(gradient, table.dtype)

    def _rows_of(self, bags: Bags) -> tuple[AnyArray, Bags]:
        """Return the table, or only the bags' rows where they must be read in another way."""
        plain = self._reader is None and self.max_norm is None
        if plain and self.table.dtype != np.float16 and self.table.flags.c_contiguous:
            return self.table, bags
        row_ids, local = localised(bags, len(self.table))
        rows = np.ascontiguousarray(self.read(row_ids))
        if rows.dtype == np.float16:
            rows = rows.astype(np.float32)
        return rows, local


class SymbolEmbedding:
    """A lookup of symbols that are several rows each, such as a word and its n-grams.

    Args:
        layer: the rows and how a symbol's rows become one vector.
        rows: the rows of every symbol.

    Raises:
        IdError: a row id that the layer's table does not have.

    Example:
        >>> rows = RaggedRows(np.array([0, 1, 2]), np.array([0, 1, 3]))
        >>> layer = SymbolEmbedding(EmbeddingBag(np.eye(3, dtype=np.float32), mode="sum"), rows)
        >>> layer([[1, 0]]).tolist()
        [[[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]]]
    """

    def __init__(self, layer: EmbeddingBag, rows: RaggedRows) -> None:
        check_ids(rows.row_ids, len(layer.table))
        self.layer = layer
        self.rows = rows

    def __call__(self, symbol_ids: object) -> AnyArray:
        """Return the vectors of symbols of any rank, (..., D)."""
        ids = check_ids(symbol_ids, len(self.rows))
        vectors = self.layer(bags_of_symbols(self.rows, ids.ravel()))
        return vectors.reshape(*ids.shape, self.layer.table.shape[1])

    def backward(self, symbol_ids: object, gradient: AnyArray) -> RowGradient:
        """Return the compact gradient of the rows."""
        ids = check_ids(symbol_ids, len(self.rows))
        towards = check_gradient(gradient, (*ids.shape, self.layer.table.shape[1]))
        bags = bags_of_symbols(self.rows, ids.ravel())
        return self.layer.backward(bags, towards.reshape(len(bags), -1))
