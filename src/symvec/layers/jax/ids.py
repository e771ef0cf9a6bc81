"""The check of ids in JAX, with and without a compiler in between."""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from symvec.errors import IdError
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
        if ids.size and any(device.platform != "cpu" for device in ids.devices()):
            ELSEWHERE.check(ids, row_count)
        else:
            check_ids(np.asarray(ids), row_count)
        return ids
    if ids.size:
        flat = ids.reshape(-1)
        outside = (flat < 0) | (flat >= row_count)
        first = jnp.argmax(outside)
        found = outside.any(), first, flat[first]
        jax.debug.callback(raise_if_bad, *found, shape=ids.shape, row_count=row_count)
    return ids


class DeferredCheck:
    """The check of ids on a device that would have to be waited for.

    An id that the table does not have reads NaN meanwhile. A device may be several calls behind.
    """

    def __init__(self) -> None:
        self._pending: deque[tuple[jax.Array, Any, int]] = deque()

    def check(self, ids: jax.Array, row_count: int) -> None:
        """Have the ends of ids found, and raise what an earlier call's are known to be by now.

        Raises:
            IdError: an earlier call's ids held one that the table did not have.
        """
        self.raise_found()
        self._pending.append((ids, _ends(ids), row_count))

    def raise_found(self, *, wait: bool = False) -> None:
        """Raise the error of an earlier call if it is known by now; with ``wait``, when it is.

        Raises:
            IdError: an earlier call's ids held one that the table did not have.
        """
        while self._pending and (wait or self._pending[0][1].is_ready()):
            ids, ends, row_count = self._pending.popleft()
            least, largest = np.asarray(ends).tolist()
            if least >= 0 and largest < row_count:
                continue
            try:
                check_ids(np.asarray(ids), row_count)
            except IdError as error:
                told = f"{error} (in an earlier batch: the device is not waited for)"
                raise IdError(told) from None


@jax.jit
def _ends(ids: jax.Array) -> jax.Array:
    return jnp.stack([ids.min(), ids.max()])


ELSEWHERE: Final = DeferredCheck()
"""What the device found in ids that no compiler was given."""


def raise_bad_ids() -> None:
    """Wait for the graphics card, and raise what it found and no call has told yet.

    A bad id on a card reads NaN, and is told of at a later call; call this after the last one. On a
    processor each call tells at once, and in a compiled function JAX tells by itself.

    Raises:
        IdError: an earlier call's ids held one that the table did not have.

    Example:
        >>> raise_bad_ids()
    """
    ELSEWHERE.raise_found(wait=True)


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
