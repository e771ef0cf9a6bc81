"""What stands before a Keras embedding: the check of ids, missing ids and the padding row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from symvec.errors import InputError
from symvec.ids import Missing, check_missing
from symvec.layers.keras.ids import (
    check_floats_hold,
    check_kind,
    checked,
    is_float,
    is_float_input,
)


def check_size(name: str, value: Any) -> int:
    """Return a size after checking that it is a whole number above 0.

    Raises:
        InputError: what came instead.
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value <= 0:
        raise InputError(
            f"`{name}` must be a positive integer, got {value!r} (of type {type(value).__name__})"
        )
    return int(value)


class CheckedRows(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """What the layers for Keras share; the next class in line does the lookup itself.

    Attributes:
        padding_row: a row that is masked and gets no gradient, or ``None``.
        missing: how ids without a row are met.
        unknown_row: the row that they become under ``"row"``.
    """

    input_dim: int
    output_dim: int
    padding_row: int | None
    missing: Missing
    unknown_row: int | None
    _float_input = False

    def set_rows(
        self, mask_zero: bool, padding_row: int | None, missing: Missing, unknown_row: int | None
    ) -> None:
        """Say which row is padding and how ids without a row are met; constructors call this.

        Raises:
            InputError: two different padding rows, or rows that the table does not have.
        """
        if mask_zero and padding_row not in (None, 0):
            raise InputError(f"mask_zero means padding_row=0, but padding_row is {padding_row}")
        if padding_row is not None and not 0 <= padding_row < self.input_dim:
            raise InputError(f"padding_row must be 0 to {self.input_dim - 1}, got {padding_row}")
        check_missing(missing, unknown_row, self.input_dim)
        self.padding_row = 0 if mask_zero else padding_row
        self.missing, self.unknown_row = missing, unknown_row
        self.supports_masking = self.padding_row is not None

    def start_from(self, weights: Any) -> None:
        """Build the layer and put numbers into its table.

        Args:
            weights: (input_dim, output_dim) numbers, or a list that holds them.

        Raises:
            InputError: another shape, or a table of 8 or 4 bits, which holds codes.
        """
        table = weights[0] if isinstance(weights, list) and len(weights) == 1 else weights
        shape = (self.input_dim, self.output_dim)
        if np.shape(table) != shape:
            raise InputError(f"weights must have the shape {shape}, got {np.shape(table)}")
        if getattr(self, "quantization_mode", None):
            raise InputError(
                "weights are the numbers of a table of floats: make the layer with a dtype of "
                f"floats and call quantize(), instead of dtype={self.dtype_policy.name!r}"
            )
        self.build()
        self._embeddings.assign(table)

    def read(self, ids: Any, look_up: Callable[[Any], Any]) -> Any:
        """Return the rows of ids after the check, as ``look_up`` finds them.

        Raises:
            IdError: values that are no ids, or that the table does not have.
        """
        if not self._float_input and ops.is_tensor(ids) and is_float(ids) and self._is_inner():
            check_floats_hold(ids, self.input_dim)
            self._float_input = True
        raising = self.missing == "raise"
        safe = checked(ids, self.input_dim if raising else None, floats_allowed=self._float_input)
        outside = None
        if not raising:
            outside = ops.logical_or(safe < 0, safe >= self.input_dim)
            safe = ops.where(outside, self.unknown_row or 0, safe)
        rows = look_up(safe)
        if self.padding_row is not None:
            padding = ops.expand_dims(ops.equal(safe, self.padding_row), -1)
            rows = ops.where(padding, ops.stop_gradient(rows), rows)
        if outside is not None and self.missing == "zero":
            rows = ops.where(ops.expand_dims(outside, -1), ops.zeros_like(rows), rows)
        return rows

    def _is_inner(self) -> bool:
        """Return whether another layer calls this one, and hands on what an input of floats holds.

        A layer that is called by itself is not told ids from the floats of another layer.
        """
        return self._get_call_context().entry_layer is not self

    def enable_lora(
        self, rank: int, lora_alpha: float | None = None, *args: Any, **options: Any
    ) -> None:
        """Train two matrices of a low rank whose product is added to the table, as in Keras.

        Keras itself forgets the ``lora_alpha`` of the constructor (3.15).
        """
        if lora_alpha is None and rank == self.lora_rank:
            lora_alpha = getattr(self, "lora_alpha", None)
        if lora_alpha is not None:  # an earlier Keras has no such argument
            args = (lora_alpha, *args)
        elif args:
            args = (None, *args)
        super().enable_lora(rank, *args, **options)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return where ids are not padding; ``None`` without a padding row and for logits."""
        del mask  # ids begin a chain of layers
        hidden = is_float(inputs) and not self._float_input  # read in reverse
        if self.padding_row is None or hidden:
            return None
        return ops.not_equal(inputs, self.padding_row)

    def compute_output_spec(self, inputs: Any, reverse: bool = False) -> Any:
        """Return the shape and dtype of the answer after checking the type of the ids.

        Raises:
            IdError: floats, such as the output of another layer.
        """
        shape = (
            (*inputs.shape[:-1], self.input_dim) if reverse else (*inputs.shape, self.output_dim)
        )
        options = {}
        if not reverse:
            self._float_input = is_float_input(inputs)
            if self._float_input:
                check_floats_hold(inputs, self.input_dim)
            check_kind(inputs, floats_allowed=self._float_input)
            if getattr(inputs, "ragged", False):
                options = {"ragged": True}
        return keras.KerasTensor(shape, dtype=self.dtype_policy.compute_dtype, **options)

    def get_config(self) -> dict[str, Any]:
        """Return what the layer can be made again from."""
        own = {
            "padding_row": self.padding_row,
            "missing": self.missing,
            "unknown_row": self.unknown_row,
        }
        return {**super().get_config(), **own}
