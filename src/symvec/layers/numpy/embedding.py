"""The layer: rows of a table by id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.ids import as_ids, resolve_ids
from symvec.kernels.row_gradients import sum_segments
from symvec.layers.gradients import RowGradient, Segments
from symvec.layers.numpy.table import LayerTable, TableRules
from symvec.layers.pretrained import Pretrained, WordTable, pretrained


class Embedding(LayerTable):
    """A lookup of rows with an explicit backward pass.

    The arguments are those of :class:`LayerTable`. A forward pass keeps nothing: ``backward``
    takes the ids again.

    Example:
        >>> layer = Embedding(np.arange(128, dtype=np.float32).reshape(64, 2))
        >>> layer([[3, 57, 35]]).shape
        (1, 3, 2)
        >>> layer.backward([3, 3], np.ones((2, 2), np.float32)).rows.tolist()
        [[2.0, 2.0]]
    """

    source: Pretrained | None = None

    @classmethod
    def initialised(
        cls,
        rows: int,
        width: int,
        *,
        generator: np.random.Generator,
        dtype: npt.DTypeLike = np.float32,
        **rules: Unpack[TableRules],
    ) -> Embedding:
        """Return a layer with a table drawn from a normal distribution, as torch's is.

        Args:
            rows: rows of the table.
            width: numbers in a row.
            generator: where the numbers come from.
            dtype: float16, float32 or float64.
            rules: the options of :class:`LayerTable`; the padding row starts at zero.
        """
        layer = cls(generator.standard_normal((rows, width)).astype(dtype), **rules)
        if layer.padding_row is not None:
            layer.table[layer.padding_row] = 0
        return layer

    @classmethod
    def from_table(cls, table: AnyArray, **rules: Unpack[TableRules]) -> Embedding:
        """Return a layer over an existing table, frozen unless said otherwise, as in torch."""
        options: TableRules = {"frozen": True, **rules}
        return cls(table, **options)

    @classmethod
    def from_vectors(
        cls,
        source: WordTable | AnyArray,
        *,
        padding: bool = False,
        unknown: bool = False,
        **rules: Unpack[TableRules],
    ) -> Embedding:
        """Return a layer over a copy of a trained model's table: words in, vectors out.

        Args:
            source: an object with ``table`` and ``index_to_key``, or an array.
            padding: add a padding row after the words.
            unknown: add a row for words that the model does not have.
            rules: the other options of :class:`LayerTable`; ``frozen`` is true unless given.

        Example:
            >>> layer = Embedding.from_vectors(np.eye(3, dtype=np.float32), padding=True)
            >>> layer.table.shape, layer.padding_row
            ((4, 3), 3)
        """
        start = pretrained(source, padding=padding, unknown=unknown)
        options: TableRules = {"frozen": True, "padding_row": start.padding_row, **rules}
        layer = cls(start.table, **options)
        layer.source = start
        return layer

    def __call__(self, ids: object) -> AnyArray:
        """Return the rows of ids of any rank, (..., D).

        Raises:
            IdError: ids that are no integers or that the table does not have.
        """
        row_ids, zeroed = resolve_ids(ids, len(self.table), self.missing, self.unknown_row)
        vectors = self.read(row_ids.ravel()).reshape(*row_ids.shape, self.table.shape[1])
        if zeroed is not None:
            vectors[zeroed] = 0
        return vectors

    def vectors_of(self, words: str | Iterable[Any]) -> AnyArray:
        """Return the vectors of words, or of nested lists of words.

        Raises:
            InputError: a layer without words; see :meth:`from_vectors`.
            UnknownSymbolError: a word that is not there, where no unknown row was added.
        """
        if self.source is None or not len(self.source.words):
            raise InputError("this layer has no words: make it with from_vectors(model)")
        return self(self.source.words_to_ids(words))

    def mask(self, ids: object) -> AnyArray:
        """Return where ids are not padding, booleans of their shape."""
        array = as_ids(ids)
        return (
            np.ones(array.shape, np.bool_)
            if self.padding_row is None
            else (np.asarray(array != self.padding_row))
        )

    def backward(
        self, ids: object, gradient: AnyArray, *, scale_by_frequency: bool = False
    ) -> RowGradient:
        """Return the compact gradient of the table.

        Args:
            ids: what the forward pass was given.
            gradient: (..., D), the gradient of what it returned.
            scale_by_frequency: divide a row's gradient by how often the batch has its id.

        Raises:
            InputError: a gradient of another shape than the forward pass's answer.
        """
        row_ids, zeroed = resolve_ids(ids, len(self.table), self.missing, self.unknown_row)
        rows = check_gradient(gradient, (*row_ids.shape, self.table.shape[1]))
        rows, flat = rows.reshape(row_ids.size, self.table.shape[1]), row_ids.ravel()
        if zeroed is not None:
            rows, flat = rows[~zeroed.ravel()], flat[~zeroed.ravel()]
        left_out = -1 if self.padding_row is None else self.padding_row
        segments = Segments.of(flat, len(self.table), left_out)
        summed = segments.summed(sum_segments, rows, threads=self.threads)
        if scale_by_frequency:
            summed /= segments.counts[:, None].astype(summed.dtype)
        return self.trainable(RowGradient(segments.row_ids, summed, len(self.table)))

    def logits(self, hidden: AnyArray) -> AnyArray:
        """Return ``hidden @ table.T``, the tied output projection, (..., rows)."""
        self.flush()
        return np.asarray(hidden @ self.table.T)

    def logits_backward(self, hidden: AnyArray, gradient: AnyArray) -> tuple[AnyArray, RowGradient]:
        """Return the gradients of ``hidden`` and of the table, all of whose rows take part."""
        self.flush()
        rows, width = self.table.shape
        flat, towards = np.reshape(hidden, (-1, width)), np.reshape(gradient, (-1, rows))
        every_row: Ids64 = np.arange(rows)
        of_table = RowGradient(every_row, towards.T @ flat, rows)
        return np.asarray(gradient @ self.table), self.trainable(of_table)


def check_gradient(gradient: AnyArray, shape: tuple[int, ...]) -> AnyArray:
    """Return a contiguous gradient after checking its shape.

    Raises:
        InputError: another shape than the forward pass's answer has.
    """
    array = np.asarray(gradient)
    if array.shape != shape:
        raise InputError(f"the gradient must have the output's shape, {shape}, not {array.shape}")
    wide = array.astype(np.float32) if array.dtype == np.float16 else array
    return np.ascontiguousarray(wide)
