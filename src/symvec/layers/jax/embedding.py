"""A lookup as a pure function, and the module that holds its table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from symvec.arrays import AnyArray
from symvec.ids import Missing, check_missing
from symvec.layers.jax.ids import as_integers, checked
from symvec.layers.pretrained import WordTable, pretrained


def lookup(
    table: jax.Array,
    ids: object,
    *,
    padding_row: int | None = None,
    max_norm: float | None = None,
    missing: Missing = "raise",
    unknown_row: int | None = None,
) -> jax.Array:
    """Return the rows of ids of any rank, (..., D).

    Args:
        table: (rows, D) floats.
        ids: integers of any rank and type.
        padding_row: a row that gets no gradient.
        max_norm: longer rows are read scaled to it; the table stays as it is.
        missing: what an id without a row means: an error (``"raise"``), a vector of zeros
            (``"zero"``) or the row ``unknown_row`` (``"row"``).
        unknown_row: see ``missing``.

    Raises:
        IdError: values that are no ids, or that the table does not have.

    Example:
        >>> import jax.numpy as jnp
        >>> lookup(jnp.eye(3), [[2, 0]]).shape
        (1, 2, 3)
    """
    row_count = table.shape[0]
    check_missing(missing, unknown_row, row_count)
    if missing == "raise":
        # "fill" reads NaN for ids outside; JAX counts negative ones from the end, hence the where
        safe = checked(ids, row_count)
        safe = jnp.where(safe < 0, row_count, safe)
    else:
        given = as_integers(ids)
        outside = (given < 0) | (given >= row_count)
        safe = jnp.where(outside, unknown_row or 0 if missing == "row" else row_count, given)
    fill = 0 if missing == "zero" else jnp.nan
    rows = jnp.take(table, safe, axis=0, mode="fill", fill_value=fill)
    if padding_row is not None:
        is_padding = (safe == padding_row % max(row_count, 1))[..., None]
        rows = jnp.where(is_padding, jax.lax.stop_gradient(rows), rows)
    if max_norm is not None:
        norms = jnp.linalg.norm(rows, axis=-1, keepdims=True)
        factor = jnp.minimum(1.0, max_norm / jnp.maximum(norms, 1e-7))
        rows = rows * jax.lax.stop_gradient(factor).astype(rows.dtype)
    return rows


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["table"],
    meta_fields=["padding_row", "max_norm", "missing", "unknown_row"],
)
@dataclass(frozen=True)
class Embedding:
    """A table and its rules: a pytree whose one leaf is the table.

    Args:
        table: (rows, D) floats.
        padding_row: a row that gets no gradient.
        max_norm: longer rows are read scaled to it.
        missing: see :func:`lookup`.
        unknown_row: see :func:`lookup`.

    Example:
        >>> import jax
        >>> layer = Embedding.initialised(jax.random.key(0), 64, 100)
        >>> layer([[3, 57, 35]]).shape
        (1, 3, 100)
    """

    table: jax.Array
    padding_row: int | None = None
    max_norm: float | None = None
    missing: Missing = "raise"
    unknown_row: int | None = None

    @classmethod
    def initialised(
        cls,
        key: jax.Array,
        rows: int,
        width: int,
        *,
        dtype: Any = jnp.float32,
        padding_row: int | None = None,
        **rules: Any,
    ) -> Embedding:
        """Return a layer with a normal table; the padding row starts at zero."""
        table = jax.random.normal(key, (rows, width), dtype)
        if padding_row is not None:
            table = table.at[padding_row].set(0)
        return cls(table, padding_row=padding_row, **rules)

    @classmethod
    def from_vectors(
        cls,
        source: WordTable | AnyArray,
        *,
        padding: bool = False,
        unknown: bool = False,
        **rules: Any,
    ) -> Embedding:
        """Return a layer over a copy of a trained model's table or of an array."""
        start = pretrained(source, padding=padding, unknown=unknown)
        return cls(jnp.asarray(start.table), padding_row=start.padding_row, **rules)

    def __call__(self, ids: object) -> jax.Array:
        """Return the rows of ids of any rank, (..., D).

        Raises:
            IdError: values that are no ids, or that the table does not have.
        """
        return lookup(
            self.table,
            ids,
            padding_row=self.padding_row,
            max_norm=self.max_norm,
            missing=self.missing,
            unknown_row=self.unknown_row,
        )

    def mask(self, ids: object) -> jax.Array:
        """Return where ids are not padding, booleans of their shape."""
        given = as_integers(ids)
        if self.padding_row is None:
            return jnp.ones(given.shape, bool)
        return given != self.padding_row % self.table.shape[0]

    def logits(self, hidden: jax.Array) -> jax.Array:
        """Return ``hidden @ table.T``, the tied output projection, (..., rows)."""
        return hidden @ self.table.T
