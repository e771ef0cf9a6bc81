"""Bags of rows as a pure function."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from symvec.errors import InputError
from symvec.layers.bags import check_offsets
from symvec.layers.jax.embedding import lookup
from symvec.layers.reductions import reduction_named


def bag(
    table: jax.Array,
    ids: Any,
    *,
    offsets: Any = None,
    weights: jax.Array | None = None,
    mask: jax.Array | None = None,
    mode: str = "mean",
    padding_row: int | None = None,
) -> jax.Array:
    """Return one vector for each bag, (bags, D); an empty bag is 0.

    Args:
        table: (rows, D) floats.
        ids: (bags, length) integers, or flat ones with offsets.
        offsets: where each bag of flat ids begins.
        weights: a weight for each id.
        mask: true where an id counts; its id must still be a row of the table.
        mode: ``"sum"``, ``"mean"``, ``"sqrtn"`` or ``"max"``, as :mod:`symvec.layers.reductions`
            defines them.
        padding_row: a row that takes no part.

    Raises:
        IdError: values that are no ids, or that the table does not have.
        InputError: offsets, weights or a mask that do not fit the ids.

    Example:
        >>> import jax.numpy as jnp
        >>> bag(jnp.eye(3), [0, 2, 2], offsets=[0, 1], mode="sum").tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]]
    """
    reduction_named(mode)
    rows = lookup(table, ids)
    shape = rows.shape[:-1]
    segments, count = _segments(shape, offsets)
    flat_ids, flat = jnp.reshape(jnp.asarray(ids), (-1,)), rows.reshape(-1, rows.shape[-1])
    w = (
        jnp.ones(flat_ids.shape, table.dtype)
        if weights is None
        else _fit("weights", weights, shape)
    )
    kept = jnp.ones(flat_ids.shape, bool) if mask is None else _fit("mask", mask, shape)
    if padding_row is not None:
        kept = kept & (flat_ids != padding_row % table.shape[0])
    weighted = flat * w[:, None]
    if mode == "max":
        low = jnp.where(kept[:, None], weighted, -jnp.inf)
        largest = jax.ops.segment_max(low, segments, count)
        some = jax.ops.segment_max(kept.astype(jnp.int32), segments, count) > 0
        return jnp.where(some[:, None], largest, 0).astype(table.dtype)
    w = jnp.where(kept, w, 0)
    total = jax.ops.segment_sum(jnp.where(kept[:, None], weighted, 0), segments, count)
    if mode == "sum":
        return total
    if mode == "mean":
        divisor = jax.ops.segment_sum(w, segments, count)
    else:
        squares = jax.ops.segment_sum(w * w, segments, count)
        divisor = jnp.sqrt(jnp.where(squares > 0, squares, 1)) * (squares > 0)
    safe = jnp.where(divisor == 0, 1, divisor)[:, None]
    return jnp.where(divisor[:, None] == 0, 0, total / safe)


def _segments(shape: tuple[int, ...], offsets: Any) -> tuple[jax.Array, int]:
    """Return the bag of each id, and how many bags there are."""
    if offsets is None:
        if len(shape) != 2:
            raise InputError(f"bags must have the shape (bags, length), got {shape}; or offsets")
        return jnp.repeat(jnp.arange(shape[0]), shape[1]), shape[0]
    if len(shape) != 1:
        raise InputError(f"ids with offsets must be flat, got shape {shape}")
    if isinstance(offsets, jax.core.Tracer):
        starts = jnp.zeros(shape[0] + 1, jnp.int32).at[offsets].add(1)
        return jnp.cumsum(starts)[:-1] - 1, offsets.shape[0]
    ends = check_offsets(np.asarray(offsets), shape[0], include_last_offset=False)
    return jnp.asarray(np.repeat(np.arange(ends.size - 1), np.diff(ends))), ends.size - 1


def _fit(name: str, array: Any, shape: tuple[int, ...]) -> jax.Array:
    if jnp.shape(array) != shape:
        raise InputError(f"{name} must have the shape of the ids, {shape}, got {jnp.shape(array)}")
    return jnp.reshape(jnp.asarray(array), (-1,))
