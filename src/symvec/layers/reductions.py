"""What makes one vector of a bag of rows: sum, mean, square-root-n mean, maximum.

With weights w the sum is ``sum w x``, the mean ``sum w x / sum w``, square-root-n ``sum w x /
sqrt(sum w^2)`` (as in TensorFlow's ``safe_embedding_lookup_sparse``), and the maximum is taken
over ``w x``. Without weights they are ones. A bag without rows, or whose divisor is 0, is 0.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError
from symvec.kernels.row_gather import (
    ROOT_OF_SQUARES,
    SUM_OF_WEIGHTS,
    UNDIVIDED,
    max_bag_winners,
    max_bags,
    row_products,
    sum_bags,
)
from symvec.kernels.row_gradients import weigh_segments, win_segments
from symvec.kernels.row_threads import Threads, balanced_bounds, even_bounds, run_ranges
from symvec.layers.bags import Bags
from symvec.layers.gradients import RowGradient, Segments


class Reduction(Protocol):
    """One way to make a vector of a bag; tables are float32 or float64, C-contiguous."""

    def forward(self, table: AnyArray, bags: Bags, threads: Threads = None) -> AnyArray:
        """Return one vector for each bag, (bags, D)."""
        ...

    def backward(
        self, table: AnyArray, bags: Bags, gradient: AnyArray, threads: Threads = None
    ) -> RowGradient:
        """Return the compact gradient of the table from the gradient of the vectors."""
        ...

    def backward_weights(
        self, table: AnyArray, bags: Bags, gradient: AnyArray, threads: Threads = None
    ) -> AnyArray:
        """Return the gradient of the per-sample weights, (positions,)."""
        ...


def _nothing(dtype: np.dtype[np.generic]) -> AnyArray:
    return np.empty(0, dtype)


def _weights(table: AnyArray, bags: Bags) -> AnyArray:
    if bags.weights is None:
        return _nothing(table.dtype)
    return np.ascontiguousarray(bags.weights, table.dtype)


def _bag_totals(values: AnyArray, offsets: Ids64) -> AnyArray:
    """Return the sum of the values of each bag in double precision."""
    running = np.append(0.0, np.cumsum(values, dtype=np.float64))
    return np.asarray(running[offsets[1:]] - running[offsets[:-1]])


class Sum:
    """The weighted sum; the parent of what only divides it.

    Attributes:
        divisor: what the sum is divided by, as the kernels know it.
    """

    divisor = UNDIVIDED

    def divisors(self, bags: Bags) -> AnyArray | None:  # noqa: ARG002 - a sum has none
        """Return what each bag's sum is divided by, (bags,) float64, or ``None`` for nothing."""
        return None

    def weight_correction(self, bags: Bags) -> AnyArray | None:  # noqa: ARG002
        """Return how each weight moves its bag's divisor, (positions,), or ``None`` for not."""
        return None

    def scales(self, table: AnyArray, bags: Bags) -> AnyArray:
        """Return the factor of each bag's sum in the table's dtype, or nothing for ones."""
        divisors = self.divisors(bags)
        if divisors is None:
            return _nothing(table.dtype)
        scales = np.zeros_like(divisors)
        np.divide(1.0, divisors, out=scales, where=divisors != 0)
        return scales.astype(table.dtype)

    def position_weights(self, table: AnyArray, bags: Bags) -> AnyArray:
        """Return how much of each row is in its bag's vector, or nothing for ones."""
        weights, scales = _weights(table, bags), self.scales(table, bags)
        if scales.size == 0:
            return weights
        each = np.repeat(scales, np.diff(bags.offsets))
        return each if weights.size == 0 else each * weights

    def forward(self, table: AnyArray, bags: Bags, threads: Threads = None) -> AnyArray:
        """Return one vector for each bag, (bags, D)."""
        out = np.empty((len(bags), table.shape[1]), table.dtype)
        bounds = balanced_bounds(bags.offsets, table.shape[1], threads)
        weights = None if bags.weights is None else _weights(table, bags)
        arguments = bags.row_ids, bags.offsets, weights, self.divisor
        run_ranges(sum_bags, bounds, table, *arguments, out)
        return out

    def backward(
        self, table: AnyArray, bags: Bags, gradient: AnyArray, threads: Threads = None
    ) -> RowGradient:
        """Return the compact gradient of the table from the gradient of the vectors."""
        segments = Segments.of(bags.row_ids, len(table))
        arguments = bags.bag_of_position, self.position_weights(table, bags)
        rows = segments.summed(weigh_segments, gradient, *arguments, threads=threads)
        return RowGradient(segments.row_ids, rows, len(table))

    def backward_weights(
        self, table: AnyArray, bags: Bags, gradient: AnyArray, threads: Threads = None
    ) -> AnyArray:
        """Return the gradient of the per-sample weights, (positions,)."""
        no_winners = np.empty((0, 0), np.int64)
        products = _products(table, bags, gradient, no_winners, threads)
        correction = self.weight_correction(bags)
        if correction is not None:
            vectors = self.forward(table, bags, threads)
            along = np.einsum("bd,bd->b", gradient, vectors, dtype=np.float64)
            products = products - correction * along[bags.bag_of_position]
        scales = self.scales(table, bags)
        if scales.size:
            products = products * scales[bags.bag_of_position]
        return products.astype(table.dtype)


class Mean(Sum):
    """The weighted mean: the sum over the sum of the weights."""

    divisor = SUM_OF_WEIGHTS

    def divisors(self, bags: Bags) -> AnyArray | None:
        """Return the sum of each bag's weights."""
        if bags.weights is None:
            return np.diff(bags.offsets).astype(np.float64)
        return _bag_totals(bags.weights, bags.offsets)

    def weight_correction(self, bags: Bags) -> AnyArray | None:
        """Return ones: a weight moves the divisor by itself."""
        return np.ones(bags.row_ids.size)


class SqrtN(Sum):
    """The weighted sum over the square root of the sum of the squared weights."""

    divisor = ROOT_OF_SQUARES

    def divisors(self, bags: Bags) -> AnyArray | None:
        """Return the root of the sum of each bag's squared weights."""
        if bags.weights is None:
            return np.sqrt(np.diff(bags.offsets))
        return np.sqrt(_bag_totals(np.square(bags.weights, dtype=np.float64), bags.offsets))

    def weight_correction(self, bags: Bags) -> AnyArray | None:
        """Return ``w / divisor``, the derivative of the divisor."""
        divisors = self.divisors(bags)
        if divisors is None or bags.weights is None:
            return None
        each = divisors[bags.bag_of_position]
        return np.divide(bags.weights, each, out=np.zeros_like(each), where=each != 0)


class Max:
    """The largest weighted number in each dimension; ties go to the first row."""

    def forward(self, table: AnyArray, bags: Bags, threads: Threads = None) -> AnyArray:
        """Return one vector for each bag, (bags, D)."""
        out = np.empty((len(bags), table.shape[1]), table.dtype)
        bounds = balanced_bounds(bags.offsets, table.shape[1], threads)
        weights = _weights(table, bags)
        run_ranges(max_bags, bounds, table, bags.row_ids, bags.offsets, weights, out)
        return out

    def winners(self, table: AnyArray, bags: Bags, threads: Threads = None) -> Ids64:
        """Return the position that holds each number of each bag's maximum, (bags, D), or -1."""
        largest = self.forward(table, bags, threads)
        winners = np.empty(largest.shape, np.int64)
        bounds = balanced_bounds(bags.offsets, table.shape[1], threads)
        arguments = table, bags.row_ids, bags.offsets, _weights(table, bags), largest, winners
        run_ranges(max_bag_winners, bounds, *arguments)
        return winners

    def backward(
        self, table: AnyArray, bags: Bags, gradient: AnyArray, threads: Threads = None
    ) -> RowGradient:
        """Return the compact gradient of the table from the gradient of the vectors."""
        segments = Segments.of(bags.row_ids, len(table))
        arguments = bags.bag_of_position, _weights(table, bags), self.winners(table, bags, threads)
        rows = segments.summed(win_segments, gradient, *arguments, threads=threads)
        return RowGradient(segments.row_ids, rows, len(table))

    def backward_weights(
        self, table: AnyArray, bags: Bags, gradient: AnyArray, threads: Threads = None
    ) -> AnyArray:
        """Return the gradient of the per-sample weights, (positions,)."""
        winners = self.winners(table, bags, threads)
        return _products(table, bags, gradient, winners, threads).astype(table.dtype)


def _products(
    table: AnyArray, bags: Bags, gradient: AnyArray, winners: Ids64, threads: Threads
) -> AnyArray:
    out = np.empty(bags.row_ids.size, np.float64)
    bounds = even_bounds(out.size, table.shape[1], threads)
    arguments = table, bags.row_ids, bags.bag_of_position, gradient, winners, out
    run_ranges(row_products, bounds, *arguments)
    return out


def localised(bags: Bags, row_count: int) -> tuple[Ids64, Bags]:
    """Return the distinct rows of the bags, and the bags over a table of only those rows."""
    segments = Segments.of(bags.row_ids, row_count)
    return segments.row_ids, Bags(segments.segment_of_position, bags.offsets, bags.weights)


REDUCTIONS: dict[str, Reduction] = {"sum": Sum(), "mean": Mean(), "sqrtn": SqrtN(), "max": Max()}


def reduction_named(name: str) -> Reduction:
    """Return the reduction with this name.

    Raises:
        InputError: there is none of that name.
    """
    if name not in REDUCTIONS:
        raise InputError(f"mode must be one of {', '.join(REDUCTIONS)}, got {name!r}")
    return REDUCTIONS[name]
