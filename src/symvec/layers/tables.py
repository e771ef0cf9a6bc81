"""Tables as the row kernels need them, and others through a copy of the touched rows."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray, Ids64
from symvec.ids import check_ids
from symvec.kernels.row_gather import gather, gather_segments
from symvec.kernels.row_reading import read_and_sort
from symvec.kernels.row_sorting import KEY_BITS, space_to_sort
from symvec.kernels.row_sums import LINE_BYTES
from symvec.kernels.row_threads import Threads, even_bounds, run_ranges
from symvec.layers.gradients import Segments, key_bits


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


def zero_rows(shape: tuple[int, ...], dtype: npt.DTypeLike) -> AnyArray:
    """Return zeros that begin with a cache line, so that no row is on one line more than it fills.

    NumPy's own begin 16 bytes behind the start of a page. As with these, memory is taken only where
    it is written to.

    Example:
        >>> zeros = zero_rows((3, 16), np.float32)
        >>> zeros.shape, zeros.ctypes.data % 64
        ((3, 16), 0)
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + LINE_BYTES, np.uint8)
    first = -memory.ctypes.data % LINE_BYTES
    return memory[first : first + size].view(dtype).reshape(shape)


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


def read_batch(table: AnyArray, row_ids: Ids64, out: AnyArray, threads: Threads = None) -> Segments:
    """Write the row of each position of a batch, and return the segments of the backward pass.

    Args:
        table: (rows, D), C-contiguous float32 or float64.
        row_ids: int64 of any shape, C-contiguous.
        out: (..., D), out, C-contiguous.
        threads: upper bound; ``None`` for the processors that this process may use.

    Raises:
        IdError: an id that the table does not have.

    Example:
        >>> out = np.empty((3, 2), np.float32)
        >>> segments = read_batch(np.eye(2, dtype=np.float32), np.array([1, 0, 1]), out)
        >>> segments.row_ids.tolist(), segments.counts.tolist(), out[:, 1].tolist()
        ([0, 1], [1, 2], [1.0, 0.0, 1.0])
    """
    count, bits = row_ids.size, key_bits(row_ids.size, len(table))
    flat, rows = row_ids.reshape(-1), out.reshape(count, table.shape[1])
    if sum(bits) > KEY_BITS:  # more rows than any memory has
        segments = Segments.checked(row_ids, len(table))
        rows[:] = table[flat]
        return segments
    space, found = np.empty(space_to_sort(count, bits[1]), np.int64), np.empty(2, np.int64)
    bounds = even_bounds(count, table.shape[1], threads)
    run_ranges(read_and_sort, bounds, table, flat, *bits, rows, space, found)
    distinct, inside = found.tolist()
    if not inside:
        check_ids(row_ids, len(table))
    edges = space[2 * count : 2 * count + distinct + 1]
    return Segments(space[count : count + distinct], space[:count], edges[:-1], edges[1:])
