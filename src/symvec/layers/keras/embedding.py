"""The layer that stands in for ``keras.layers.Embedding``."""

from __future__ import annotations

from typing import Any, Self

import keras
import numpy as np
from keras import ops

from symvec.arrays import AnyArray
from symvec.errors import IdError, InputError
from symvec.ids import Missing, check_missing
from symvec.layers.keras.ids import LARGEST_FLOAT_ID, check_kind, checked, is_float_input
from symvec.layers.pretrained import WordTable, pretrained


def check_size(name: str, value: Any) -> int:
    """Return a size after checking that it is a whole number above 0.

    Raises:
        InputError: what came instead.
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value <= 0:
        raise InputError(f"{name} must be a whole number above 0, got {value!r}")
    return int(value)


@keras.saving.register_keras_serializable(package="symvec")
class Embedding(keras.layers.Embedding):
    """A lookup of rows that serialises, masks, and runs on every backend of Keras.

    Args:
        input_dim: rows of the table.
        output_dim: numbers in a row.
        embeddings_initializer: how the table starts.
        embeddings_regularizer: a regulariser of the table.
        embeddings_constraint: a constraint on the table.
        mask_zero: make row 0 the padding row.
        padding_row: a row that is masked and gets no gradient.
        missing: what an id without a row means: an error (``"raise"``), a vector of zeros
            (``"zero"``) or the row ``unknown_row`` (``"row"``).
        unknown_row: see ``missing``.
        weights: the table to start from, (input_dim, output_dim), or a list that holds it.
        options: ``name``, ``dtype``, ``trainable`` and the other options of a Keras layer.

    Raises:
        InputError: sizes that are no whole numbers above 0, or two different padding rows.

    Example:
        >>> layer = Embedding(64, 100)
        >>> tuple(layer(np.array([[3, 57, 35]])).shape)
        (1, 3, 100)
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        *,
        padding_row: int | None = None,
        missing: Missing = "raise",
        unknown_row: int | None = None,
        weights: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(
            check_size("input_dim", input_dim),
            check_size("output_dim", output_dim),
            embeddings_initializer,
            embeddings_regularizer,
            embeddings_constraint,
            mask_zero,
            weights,
            **options,
        )
        if mask_zero and padding_row not in (None, 0):
            raise InputError(f"mask_zero means padding_row=0, but padding_row is {padding_row}")
        if padding_row is not None and not 0 <= padding_row < self.input_dim:
            raise InputError(f"padding_row must be 0 to {self.input_dim - 1}, got {padding_row}")
        check_missing(missing, unknown_row, self.input_dim)
        self.padding_row = 0 if mask_zero else padding_row
        self.missing, self.unknown_row = missing, unknown_row
        self.supports_masking = self.padding_row is not None
        self._float_input = False

    @classmethod
    def from_vectors(
        cls,
        source: WordTable | AnyArray,
        *,
        trainable: bool = False,
        padding: bool = False,
        unknown: bool = False,
        **options: Any,
    ) -> Self:
        """Return a layer over a copy of a trained model's table or of an array.

        Args:
            source: an object with ``table`` and ``index_to_key``, or an array.
            trainable: train the table.
            padding: add a padding row after the words.
            unknown: add a row for words that the model does not have, read for ids without a row.
            options: the other options of the constructor.
        """
        start = pretrained(source, padding=padding, unknown=unknown)
        if unknown:
            options = {"missing": "row", "unknown_row": start.unknown_row, **options}
        return cls(
            *start.table.shape,
            padding_row=start.padding_row,
            weights=start.table,
            trainable=trainable,
            **options,
        )

    def call(self, inputs: Any, reverse: bool = False) -> Any:
        """Return the rows of ids of any rank, (..., D); reversed, the logits of hidden vectors.

        Raises:
            IdError: values that are no ids, or that the table does not have.
        """
        if reverse:
            return self.logits(inputs)
        raising = self.missing == "raise"
        rows_or_none = self.input_dim if raising else None
        safe = checked(inputs, rows_or_none, floats_allowed=self._float_input)
        outside = None
        if not raising:
            outside = ops.logical_or(safe < 0, safe >= self.input_dim)
            safe = ops.where(outside, self.unknown_row or 0, safe)
        rows = ops.take(self.embeddings, safe, axis=0)
        if self.padding_row is not None:
            padding = ops.expand_dims(ops.equal(safe, self.padding_row), -1)
            rows = ops.where(padding, ops.stop_gradient(rows), rows)
        if outside is not None and self.missing == "zero":
            rows = ops.where(ops.expand_dims(outside, -1), ops.zeros_like(rows), rows)
        return ops.cast(rows, self.dtype_policy.compute_dtype)

    def logits(self, hidden: Any) -> Any:
        """Return ``hidden @ embeddings.T``, the tied output projection, (..., rows)."""
        table = ops.cast(self.embeddings, self.dtype_policy.compute_dtype)
        return ops.matmul(ops.cast(hidden, table.dtype), ops.transpose(table))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return where ids are not padding, or ``None`` without a padding row."""
        del mask  # ids begin a chain of layers
        if self.padding_row is None:
            return None
        return ops.not_equal(inputs, self.padding_row)

    def compute_output_shape(self, input_shape: Any, reverse: bool = False) -> Any:
        """Return the shape of the answer."""
        if reverse:
            return (*input_shape[:-1], self.input_dim)
        return (*input_shape, self.output_dim)

    def compute_output_spec(self, inputs: Any, reverse: bool = False) -> Any:
        """Return the shape and dtype of the answer after checking the type of the ids.

        Raises:
            IdError: floats, such as the output of another layer.
        """
        if not reverse:
            self._float_input = is_float_input(inputs)
            if self._float_input and self.input_dim > LARGEST_FLOAT_ID:
                raise IdError(
                    f"an input of floats cannot hold all {self.input_dim} ids; give it an integer "
                    "dtype: keras.Input(shape, dtype='int32')"
                )
            check_kind(inputs, floats_allowed=self._float_input)
        shape = self.compute_output_shape(tuple(inputs.shape), reverse)
        return keras.KerasTensor(shape, dtype=self.dtype_policy.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Return what the layer can be made again from."""
        config: dict[str, Any] = super().get_config()
        return {
            **config,
            "padding_row": self.padding_row,
            "missing": self.missing,
            "unknown_row": self.unknown_row,
        }

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """Keep the table in 8 or 4 bits; Keras refuses this to layers that it does not know."""
        del type_check
        super().quantize(mode, type_check=False, config=config)
