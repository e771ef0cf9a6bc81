"""The compact gradient of a table: the rows that a batch touched, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.ids import check_ids
from symvec.kernels.row_gradients import find_segments, is_compact, sum_segments
from symvec.kernels.row_sorting import KEY_BITS
from symvec.kernels.row_threads import (
    Ranges,
    Team,
    Threads,
    balanced_bounds,
    even_bounds,
    run_ranges,
)


@dataclass(frozen=True, slots=True, eq=False)
class RowGradient:
    """Distinct row ids in rising order and the summed gradient of each.

    Args:
        row_ids: (touched,) int64, strictly rising.
        rows: (touched, D), one gradient row for each id.
        row_count: rows of the table.

    Raises:
        InputError: ids that are not strictly rising, or not one row for each.

    Example:
        >>> gradient = RowGradient(np.array([1, 3]), np.ones((2, 2), np.float32), 4)
        >>> gradient.to_dense()[:, 0].tolist()
        [0.0, 1.0, 0.0, 1.0]
    """

    row_ids: Ids64
    rows: AnyArray
    row_count: int

    def __post_init__(self) -> None:
        """Check that the ids are compact and that each has its row."""
        if len(self.row_ids) != len(self.rows):
            raise InputError(f"{len(self.row_ids)} row ids came with {len(self.rows)} rows")
        if not is_compact(self.row_ids):
            raise InputError(
                "row ids must rise strictly; sum_rows makes a compact gradient of any ids"
            )

    def to_dense(self) -> AnyArray:
        """Return the gradient of the whole table, (row_count, D), zero where nothing was read."""
        dense = np.zeros((self.row_count, self.rows.shape[1]), self.rows.dtype)
        dense[self.row_ids] = self.rows
        return dense

    def norm(self) -> float:
        """Return the Euclidean norm, which is also that of the dense gradient."""
        return float(np.linalg.norm(self.rows.astype(np.float64)))

    def as_type(self, dtype: npt.DTypeLike) -> RowGradient:
        """Return the gradient with contiguous rows of a dtype, itself if they are."""
        rows = np.ascontiguousarray(self.rows, dtype)
        return self if rows is self.rows else RowGradient(self.row_ids, rows, self.row_count)

    def scaled(self, factor: float) -> RowGradient:
        """Return the gradient times a number, as clipping and averaging need."""
        rows = self.rows * self.rows.dtype.type(factor)
        return RowGradient(self.row_ids, rows, self.row_count)

    def __add__(self, other: RowGradient) -> RowGradient:
        """Return the sum of two gradients of one table, as accumulation needs."""
        return sum_rows(
            np.concatenate([self.row_ids, other.row_ids]),
            np.concatenate([self.rows, other.rows]),
            self.row_count,
        )


def key_bits(positions: int, row_count: int) -> tuple[int, int]:
    """Return the bits of a number of positions and of the last id, as the sort takes them."""
    return positions.bit_length(), max(row_count - 1, 0).bit_length()


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The positions of a batch in the order of their row ids, one segment for each distinct id.

    Args:
        row_ids: (touched,) int64, the distinct ids, rising.
        order: (positions,) int64, positions sorted by id.
        starts: (touched,) int64, where a segment begins in ``order``.
        stops: (touched,) int64, where it ends.
    """

    row_ids: Ids64
    order: Ids64
    starts: Ids64
    stops: Ids64

    @classmethod
    def of(cls, row_ids: Ids64, row_count: int, left_out: int = -1) -> Segments:
        """Return the segments of checked ids, without the row ``left_out``."""
        return cls._found(row_ids, row_count)[0].without(left_out)

    @classmethod
    def checked(cls, row_ids: Ids64, row_count: int) -> Segments:
        """Return the segments of int64 ids of any shape, checked on the way.

        Raises:
            IdError: an id that the table does not have.
        """
        segments, inside = cls._found(row_ids, row_count)
        if not inside:
            check_ids(row_ids, row_count)
        return segments

    @classmethod
    def _found(cls, row_ids: Ids64, row_count: int) -> tuple[Segments, bool]:
        flat = row_ids.reshape(-1)
        position_bits, id_bits = key_bits(flat.size, row_count)
        if position_bits + id_bits > KEY_BITS:  # more rows than any memory has
            return cls._of_huge(flat, row_count)
        found, order, edges, inside = find_segments(flat, row_count, position_bits, id_bits)
        return cls(found, order, edges[:-1], edges[1:]), inside

    @classmethod
    def _of_huge(cls, row_ids: Ids64, row_count: int) -> tuple[Segments, bool]:
        distinct, numbers = np.unique(row_ids, return_inverse=True)
        bits = row_ids.size.bit_length()
        _, order, edges, _ = find_segments(numbers, distinct.size, bits, bits)
        inside = not distinct.size or bool(distinct[0] >= 0 and distinct[-1] < row_count)
        return cls(distinct, order, edges[:-1], edges[1:]), inside

    def without(self, row_id: int) -> Segments:
        """Return the segments of all other rows."""
        if row_id < 0:
            return self
        place = int(np.searchsorted(self.row_ids, row_id))
        if place == self.row_ids.size or self.row_ids[place] != row_id:
            return self
        kept = (np.delete(array, place) for array in (self.row_ids, self.starts, self.stops))
        row_ids, starts, stops = kept
        return Segments(row_ids, self.order, starts, stops)

    @property
    def counts(self) -> Ids64:
        """How often each distinct id occurs, (touched,) int64."""
        return self.stops - self.starts

    @property
    def segment_of_position(self) -> Ids64:
        """The segment that each position of the batch belongs to, (positions,) int64."""
        segments = np.empty(self.order.size, np.int64)
        segments[self.order] = np.repeat(np.arange(self.row_ids.size), self.counts)
        return segments

    def summed(
        self,
        kernel: Callable[..., object],
        gradients: AnyArray,
        *arguments: AnyArray,
        threads: Threads = None,
    ) -> AnyArray:
        """Return one row for each distinct id, as a kernel of ``row_gradients`` sums them."""
        out = np.empty((self.row_ids.size, gradients.shape[1]), gradients.dtype)
        if out.size:
            places = self.order, self.starts, self.stops
            bounds = self._bounds(gradients.shape[1], threads)
            run_ranges(kernel, bounds, gradients, *places, *arguments, out)
        return out

    def _bounds(self, width: int, threads: Threads) -> Ranges:
        if isinstance(threads, Team):  # which takes small ranges as it gets done with others
            return even_bounds(self.row_ids.size, 2 * width, threads)
        return balanced_bounds(np.append(self.starts, self.stops[-1]), width, threads)


def sum_rows(
    row_ids: Ids64,
    gradients: AnyArray,
    row_count: int,
    *,
    left_out: int = -1,
    threads: Threads = None,
) -> RowGradient:
    """Return the compact gradient of a lookup: one summed row for each distinct id.

    The sum of an id runs from its first position to its last on one thread: it has the same bits
    at any number of threads.

    Args:
        row_ids: (positions,) checked int64 ids.
        gradients: (positions, D) float32 or float64, the gradient at each position.
        row_count: rows of the table.
        left_out: a row that gets no gradient (padding), or -1.
        threads: upper bound; ``None`` for the processors that this process may use.

    Example:
        >>> gradient = sum_rows(np.array([3, 1, 3]), np.ones((3, 2), np.float32), 5)
        >>> gradient.row_ids.tolist(), gradient.rows[:, 0].tolist()
        ([1, 3], [1.0, 2.0])
    """
    segments = Segments.of(row_ids, row_count, left_out)
    rows = segments.summed(sum_segments, np.ascontiguousarray(gradients), threads=threads)
    return RowGradient(segments.row_ids, rows, row_count)
