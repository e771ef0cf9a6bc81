"""The check of ids on the backend that Keras runs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import IdError
from symvec.ids import as_ids, check_ids, kind_error
from symvec.optional import require

# Up to these all whole numbers are told apart.
_LARGEST_WHOLE: Final = {
    "float64": 1 << 53,
    "float32": 1 << 24,
    "float16": 1 << 11,
    "bfloat16": 1 << 8,
}


def is_float(values: Any) -> bool:
    """Return whether an array or a tensor holds floats."""
    kind = getattr(values, "dtype", None)
    return kind is not None and "float" in keras.backend.standardize_dtype(kind)


def is_float_input(ids: Any) -> bool:
    """Return whether ids come straight from an input of floats.

    A Sequential model makes such an input for its first layer and hands integers on as floats.
    """
    if not isinstance(ids, keras.KerasTensor) or not is_float(ids):
        return False
    history = getattr(ids, "_keras_history", None)  # a tensor of a bare shape has none
    return history is not None and isinstance(history.operation, keras.layers.InputLayer)


def check_floats_hold(ids: Any, row_count: int) -> None:
    """Check that floats can tell all ids of a table apart.

    Raises:
        IdError: they cannot.
    """
    kind = keras.backend.standardize_dtype(ids.dtype)
    if row_count > _LARGEST_WHOLE.get(kind, 0):
        raise IdError(
            f"an input of floats cannot hold all {row_count} ids as {kind}; give it an integer "
            "dtype: keras.Input(shape, dtype='int32')"
        )


def check_kind(ids: Any, *, floats_allowed: bool) -> None:
    """Check the type of ids.

    Raises:
        IdError: values that are no ids, such as the output of another layer.
    """
    kind = keras.backend.standardize_dtype(ids.dtype)
    error = kind_error(kind)
    if error is not None and not (floats_allowed and "float" in kind):
        raise error


def check_values(ids: AnyArray, row_count: int | None) -> None:
    """Check ids that are there: whole numbers, and of the table if its rows are given.

    Raises:
        IdError: ids that are no whole numbers, or that the table does not have.
    """
    if ids.dtype.kind == "f":
        if not np.array_equal(ids, np.trunc(ids)):
            raise kind_error(str(ids.dtype)) or IdError("ids must be integers")
        ids = ids.astype(np.int64)
    if row_count is not None:
        check_ids(ids, row_count)


def checked(ids: Any, row_count: int | None, *, floats_allowed: bool = False) -> Any:
    """Return ids as an int32 tensor of the backend after the check.

    Args:
        ids: an array, nested lists, a tensor of the backend, or a symbolic tensor.
        row_count: rows of the table, or ``None`` to check no range.
        floats_allowed: take whole numbers that an input of floats hands on.

    Raises:
        IdError: values that are no ids, or that the table does not have.
    """
    if isinstance(ids, keras.KerasTensor):
        check_kind(ids, floats_allowed=floats_allowed)
        return ids
    if not keras.ops.is_tensor(ids):
        array = as_ids(ids)
        check_values(array, row_count)
        return keras.ops.convert_to_tensor(array, "int32")
    check_kind(ids, floats_allowed=floats_allowed)
    ids = keras.ops.convert_to_tensor(ids, sparse=False)  # what a sparse tensor leaves out is id 0
    if keras.backend.backend() == "torch" and row_count is not None and not is_float(ids):
        return keras.ops.cast(_on_torch(ids, row_count), "int32")
    check = _WHEN_THERE[keras.backend.backend()]
    return keras.ops.cast(check(ids, lambda array: check_values(array, row_count)), "int32")


def raise_bad_ids() -> None:
    """Wait for the graphics card, and raise what it found and no call has told yet.

    With the PyTorch backend a bad id on a card is told of at a later call of a layer; call this
    after the last one. Elsewhere each call tells at once, or as its compiled function ends.

    Raises:
        IdError: an earlier call's ids held one that the table does not have.

    Example:
        >>> raise_bad_ids()
    """
    if keras.backend.backend() == "torch":
        from symvec.layers.torch.ids import IN_GRAPHS

        IN_GRAPHS.raise_found(wait=True)


def _on_torch(ids: Any, row_count: int) -> Any:
    """Return integers after the check of the layers for PyTorch: it waits for no graphics card."""
    from symvec.layers.torch.ids import IN_GRAPHS, checked, checked_ids, is_traced

    return checked_ids(ids, row_count) if is_traced(ids) else checked(ids, row_count, IN_GRAPHS)


def _torch(ids: Any, check: Callable[[AnyArray], None]) -> Any:
    if ids.device.type != "meta":
        check(ids.detach().cpu().numpy())
    return ids


def _jax(ids: Any, check: Callable[[AnyArray], None]) -> Any:
    jax = require("jax", extra="jax")
    if isinstance(ids, jax.core.Tracer):
        jax.debug.callback(lambda array: check(np.asarray(array)), ids)
    else:
        check(np.asarray(ids))
    return ids


def _numpy(ids: Any, check: Callable[[AnyArray], None]) -> Any:
    check(np.asarray(ids))
    return ids


def _tensorflow(ids: Any, check: Callable[[AnyArray], None]) -> Any:
    tensorflow = require("tensorflow", extra="keras")
    if isinstance(ids, tensorflow.RaggedTensor):
        return ids.with_flat_values(_tensorflow(ids.flat_values, check))
    if tensorflow.executing_eagerly():
        check(ids.numpy())
        return ids

    def check_now(array: AnyArray) -> AnyArray:
        check(array)
        return array

    # a part of the graph that runs as Python; it is left out where XLA compiles the whole graph
    done = tensorflow.numpy_function(check_now, [ids], ids.dtype, stateful=True)
    with tensorflow.control_dependencies([done]):  # the lookup comes after it
        return tensorflow.identity(ids)


_WHEN_THERE: dict[str, Callable[[Any, Callable[[AnyArray], None]], Any]] = {
    "torch": _torch,
    "jax": _jax,
    "numpy": _numpy,
    "tensorflow": _tensorflow,
}
