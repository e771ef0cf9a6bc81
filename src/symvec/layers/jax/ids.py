"""The check of ids in JAX, with and without a compiler in between."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from symvec.ids import as_ids, check_ids, kind_error, range_error


def raise_if_bad(bad: Any, position: Any, value: Any, *, shape: Any, row_count: int) -> None:
    """Raise the error for a bad id that a compiled function found; JAX calls this.

    Raises:
        IdError: the first bad id and its position.
    """
    if bool(np.any(bad)):
        first = np.flatnonzero(np.ravel(bad))[0]
        place = int(np.ravel(position)[first])
        where = tuple(int(index) for index in np.unravel_index(place, shape))
        raise range_error(int(np.ravel(value)[first]), where, row_count)


def checked(ids: object, row_count: int) -> jax.Array:
    """Return ids as an array after the check; traced ids are checked when they are known.

    Raises:
        IdError: values that are no ids, or that the table does not have.
    """
    if not isinstance(ids, jax.Array):
        return jnp.asarray(check_ids(ids, row_count))
    error = kind_error(str(ids.dtype))
    if error is not None:
        raise error
    if not isinstance(ids, jax.core.Tracer):
        check_ids(np.asarray(ids), row_count)
        return ids
    if ids.size:
        flat = ids.reshape(-1)
        outside = (flat < 0) | (flat >= row_count)
        first = jnp.argmax(outside)
        found = outside.any(), first, flat[first]
        jax.debug.callback(raise_if_bad, *found, shape=ids.shape, row_count=row_count)
    return ids


def as_integers(ids: object) -> jax.Array:
    """Return ids as an integer array, without a check of their range.

    Raises:
        IdError: values that are no ids.
    """
    if not isinstance(ids, jax.Array):
        return jnp.asarray(as_ids(ids))
    error = kind_error(str(ids.dtype))
    if error is not None:
        raise error
    return ids
