"""Tables as the row kernels need them, and others through a copy of the touched rows."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.row_gather import gather, gather_segments
from symvec.kernels.row_threads import Threads, even_bounds, run_ranges
from symvec.layers.gradients import Segments


class RowStore(Protocol):
    """Rows that cannot be updated where they lie, such as float16 rows: read, then written back."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and their width."""
        ...

    def take(self, row_ids: Ids64) -> AnyArray:
        """Return rows as float32, (ids, D)."""
        ...

    def put(self, row_ids: Ids64, rows: AnyArray) -> None:
        """Write float32 rows back."""
        ...


class HalfStore:
    """A float16 array whose rows are computed with in float32.

    Args:
        table: (rows, D) float16, updated in place.
    """

    def __init__(self, table: AnyArray) -> None:
        self.table = table

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and their width."""
        return self.table.shape

    def take(self, row_ids: Ids64) -> AnyArray:
        """Return rows as float32, (ids, D)."""
        return self.table[row_ids].astype(np.float32)

    def put(self, row_ids: Ids64, rows: AnyArray) -> None:
        """Write float32 rows back, rounded to float16."""
        self.table[row_ids] = rows


def has_kernels(table: object) -> bool:
    """Return whether the kernels can work on a table where it lies."""
    return (
        isinstance(table, np.ndarray)
        and table.dtype in (np.float32, np.float64)
        and table.ndim == 2
        and bool(table.flags.c_contiguous)
    )


def read_table(table: AnyArray, row_ids: Ids64, threads: Threads = None) -> AnyArray:
    """Return ``table[row_ids]`` for checked flat ids, (ids, D).

    Example:
        >>> read_table(np.eye(3, dtype=np.float32), np.array([2, 0])).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    if not has_kernels(table):
        return np.asarray(table[row_ids])
    out = np.empty((row_ids.size, table.shape[1]), table.dtype)
    run_ranges(gather, even_bounds(row_ids.size, table.shape[1], threads), table, row_ids, out)
    return out


def read_segments(
    table: AnyArray | RowStore, segments: Segments, threads: Threads = None
) -> AnyArray:
    """Return the row of each position of a batch, (positions, D), reading each distinct row once.

    Example:
        >>> segments = Segments.of(np.array([2, 0, 2]), 3)
        >>> read_segments(np.eye(3, dtype=np.float32), segments).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if not isinstance(table, np.ndarray):
        return table.take(segments.row_ids)[segments.segment_of_position]
    out = np.empty((segments.order.size, table.shape[1]), table.dtype)
    bounds = even_bounds(segments.row_ids.size, 2 * table.shape[1], threads)
    positions = segments.order, segments.starts, segments.stops
    run_ranges(gather_segments, bounds, table, segments.row_ids, *positions, out)
    return out
