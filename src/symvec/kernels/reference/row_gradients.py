"""The twins of :mod:`symvec.kernels.row_gradients`, in plain NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64


def find_segments(
    row_ids: Ids64, row_count: int, position_bits: int, id_bits: int
) -> tuple[Ids64, Ids64, Ids64, bool]:
    """Return the distinct ids, the positions in their order, each id's edges, and if all are in."""
    del position_bits, id_bits  # the kernel sorts no more bits than it has
    order = np.argsort(row_ids, kind="stable")
    unique_ids, starts = np.unique(row_ids[order], return_index=True)
    inside = bool(np.all((row_ids >= 0) & (row_ids < row_count)))
    return unique_ids, order, np.append(starts, row_ids.size), inside


def sum_segments(
    gradients: AnyArray,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write ``out[u]``, the sum of ``gradients[p]`` over the positions of distinct id ``u``."""
    for unique in range(start, stop):
        out[unique] = gradients[order[starts[unique] : stops[unique]]].sum(axis=0)


def weigh_segments(
    gradients: AnyArray,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    bag_of_position: Ids64,
    coefficients: AnyArray,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write the sum of ``coefficients[p] * gradients[bag of p]`` over the positions of each id."""
    weights = coefficients if coefficients.size else np.ones(order.size, gradients.dtype)
    for unique in range(start, stop):
        positions = order[starts[unique] : stops[unique]]
        out[unique] = weights[positions] @ gradients[bag_of_position[positions]]


def win_segments(
    gradients: AnyArray,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    bag_of_position: Ids64,
    weights: AnyArray,
    winners: Ids64,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write each id's gradient under a maximum: only numbers that a position won reach its row."""
    scales = weights if weights.size else np.ones(order.size, gradients.dtype)
    for unique in range(start, stop):
        positions = order[starts[unique] : stops[unique]]
        bags = bag_of_position[positions]
        won = winners[bags] == positions[:, None]
        out[unique] = (won * scales[positions, None] * gradients[bags]).sum(axis=0)


def is_compact(row_ids: Ids64) -> bool:
    """Return whether the ids rise strictly, that is, are sorted and distinct."""
    return bool(np.all(np.diff(row_ids) > 0))
