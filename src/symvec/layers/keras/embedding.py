"""The layer that stands in for ``keras.layers.Embedding``."""

from __future__ import annotations

from typing import Any, Self

import keras
from keras import ops

from symvec.arrays import AnyArray
from symvec.ids import Missing
from symvec.layers.keras.rows import CheckedRows, check_size
from symvec.layers.pretrained import WordTable, pretrained


@keras.saving.register_keras_serializable(package="symvec")
class Embedding(CheckedRows, keras.layers.Embedding):  # type: ignore[misc]  # no types
    """A lookup of rows that serialises, masks, and runs on every backend of Keras.

    Args:
        input_dim: rows of the table.
        output_dim: numbers in a row.
        embeddings_initializer: how the table starts.
        embeddings_regularizer: a regulariser of the table.
        embeddings_constraint: a constraint on the table.
        mask_zero: make row 0 the padding row.
        weights: the table to start from, (input_dim, output_dim), or a list that holds it.
        args: ``lora_rank``, ``lora_alpha`` and ``quantization_config``, as in Keras.
        padding_row: a row that is masked and gets no gradient.
        missing: what an id without a row means: an error (``"raise"``), a vector of zeros
            (``"zero"``) or the row ``unknown_row`` (``"row"``).
        unknown_row: see ``missing``.
        options: ``name``, ``dtype``, ``trainable`` and the other options of a Keras layer.

    Raises:
        InputError: sizes that are no whole numbers above 0, or two different padding rows.

    Example:
        >>> import numpy as np
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
        weights: Any = None,
        *args: Any,
        padding_row: int | None = None,
        missing: Missing = "raise",
        unknown_row: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            check_size("input_dim", input_dim),
            check_size("output_dim", output_dim),
            embeddings_initializer,
            embeddings_regularizer,
            embeddings_constraint,
            mask_zero,
            None,  # Keras would set them after it made the matrices of lora_rank
            *args,
            **options,
        )
        self.set_rows(mask_zero, padding_row, missing, unknown_row)
        if weights is not None:
            self.start_from(weights)

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
        rows, width = start.table.shape
        return cls(
            rows,
            width,
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
        return self.read(inputs, super().call)

    def quantized_call(self, inputs: Any, reverse: bool = False) -> Any:
        """Return what :meth:`call` does from a table of 8 or 4 bits."""
        if reverse:
            return self.logits(inputs)
        return self.read(inputs, super().quantized_call)

    def logits(self, hidden: Any) -> Any:
        """Return ``hidden @ embeddings.T``, the tied output projection, (..., rows)."""
        if not self.built:
            self.build()
        compute_dtype = self.dtype_policy.compute_dtype
        if getattr(self, "quantization_mode", None):  # the codes are no vectors
            table = super().quantized_call(ops.arange(self.input_dim, dtype="int32"))
        else:
            table = self.embeddings
        table = ops.cast(table, compute_dtype)
        return ops.matmul(ops.cast(hidden, compute_dtype), ops.transpose(table))

    def compute_output_shape(self, input_shape: Any, reverse: bool = False) -> Any:
        """Return the shape of the answer."""
        if reverse:
            return (*input_shape[:-1], self.input_dim)
        return (*input_shape, self.output_dim)

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """Keep the table in 8 or 4 bits.

        Raises:
            NotImplementedError: a class derived from this one, unless ``type_check`` is false: it
                may read its table in another way.
        """
        derived = type(self) is not Embedding
        options = {} if config is None else {"config": config}  # an earlier Keras has none
        super().quantize(mode, type_check=type_check and derived, **options)
