"""The layer that stands in for ``keras.layers.ReversibleEmbedding``."""

from __future__ import annotations

from typing import Any

import keras

from symvec.ids import Missing
from symvec.layers.keras.rows import CheckedRows, check_size


@keras.saving.register_keras_serializable(package="symvec")
class ReversibleEmbedding(CheckedRows, keras.layers.ReversibleEmbedding):  # type: ignore[misc]
    """A lookup whose table, or a second one, projects hidden vectors onto the rows.

    Args:
        input_dim: rows of the table.
        output_dim: numbers in a row.
        tie_weights: project with the table itself; if false, with a matrix of its own.
        args: ``embeddings_initializer``, ``embeddings_regularizer``, ``embeddings_constraint``,
            ``mask_zero``, ``reverse_dtype`` and ``logit_soft_cap``, as in Keras.
        weights: the table to start from, (input_dim, output_dim), or a list that holds it.
        padding_row: a row that is masked and gets no gradient.
        missing: what an id without a row means: an error (``"raise"``), a vector of zeros
            (``"zero"``) or the row ``unknown_row`` (``"row"``).
        unknown_row: see ``missing``.
        options: those of ``args`` by name, and the options of a Keras layer.

    Raises:
        InputError: sizes that are no whole numbers above 0, or two different padding rows.

    Example:
        >>> import numpy as np
        >>> layer = ReversibleEmbedding(64, 100, logit_soft_cap=30)
        >>> tuple(layer(layer(np.array([[3, 57, 35]])), reverse=True).shape)
        (1, 3, 64)
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        *args: Any,
        weights: Any = None,
        padding_row: int | None = None,
        missing: Missing = "raise",
        unknown_row: int | None = None,
        **options: Any,
    ) -> None:
        rows, width = check_size("input_dim", input_dim), check_size("output_dim", output_dim)
        super().__init__(rows, width, tie_weights, *args, **options)
        self.set_rows(self.mask_zero, padding_row, missing, unknown_row)
        if weights is not None:
            self.start_from(weights)

    def call(self, inputs: Any, reverse: bool = False) -> Any:
        """Return the rows of ids of any rank, (..., D); reversed, the logits of hidden vectors.

        Raises:
            IdError: values that are no ids, or that the table does not have.
        """
        if reverse:
            return super().call(inputs, reverse=True)
        return self.read(inputs, super().call)

    def quantized_call(self, inputs: Any, reverse: bool = False) -> Any:
        """Return what :meth:`call` does from tables of 8 or 4 bits."""
        if reverse:
            return super().quantized_call(inputs, reverse=True)
        return self.read(inputs, super().quantized_call)

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """Keep the tables in 8 or 4 bits.

        Raises:
            NotImplementedError: a class derived from this one, unless ``type_check`` is false.
        """
        derived = type(self) is not ReversibleEmbedding
        super().quantize(mode, type_check=type_check and derived, config=config)
