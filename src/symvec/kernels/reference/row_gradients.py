"""The twins of :mod:`symvec.kernels.row_gradients`, in plain NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64


def sort_positions(row_ids: Ids64, largest_id: int) -> tuple[Ids64, Ids64]:
    """Return the positions in the order of their ids, and the ids in that order."""
    del largest_id  # the kernel sorts no more bits than it has
    order = np.argsort(row_ids, kind="stable")
    return order, row_ids[order]


def find_segments(sorted_ids: Ids64, left_out: int) -> tuple[Ids64, Ids64, Ids64]:
    """Return the distinct ids but ``left_out``, and where each one's positions begin and end."""
    unique_ids, starts, counts = np.unique(sorted_ids, return_index=True, return_counts=True)
    kept = unique_ids != left_out
    return unique_ids[kept], starts[kept], (starts + counts)[kept]


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
