"""Gradients of rows made compact: the ids that a batch touched, and one summed row for each.

The positions of a batch are sorted by id (stable, so that equal ids stay in the order of the
batch), each distinct id is one segment, and one thread sums a segment from its first position to
its last. No two threads write one row, so the sums have the same bits at any number of threads.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.compiling import array_kernel, numeric_kernel
from symvec.kernels.row_prefetch import ROWS_AHEAD, prefetch_row
from symvec.kernels.row_sorting import sort_positions, space_to_sort
from symvec.kernels.row_team import launches, on_team


@array_kernel
def find_segments(
    row_ids: Ids64, row_count: int, position_bits: int, id_bits: int
) -> tuple[Ids64, Ids64, Ids64, bool]:
    """Return the distinct ids, the positions in their order, and each id's edges in these.

    The last answer is whether the table has all ids; if not, the others mean nothing. See
    ``row_sorting`` for the bits.
    """
    count = row_ids.size
    space = np.empty(space_to_sort(count, id_bits), np.int64)
    found, inside = sort_positions(row_ids, row_count, position_bits, id_bits, space)
    edges = space[2 * count : 2 * count + found + 1]
    return space[count : count + found], space[:count], edges, inside


@numeric_kernel
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
        target = out[unique]
        source = gradients[order[starts[unique]]]
        for d in range(target.size):
            target[d] = source[d]
        ahead = min(starts[unique] + ROWS_AHEAD, order.size - 1)
        prefetch_row(gradients, order[ahead])
        for place in range(starts[unique] + 1, stops[unique]):
            source = gradients[order[place]]
            prefetch_row(gradients, order[min(place + ROWS_AHEAD, order.size - 1)])
            for d in range(target.size):
                target[d] += source[d]


@numeric_kernel
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
    """Write the sum of ``coefficients[p] * gradients[bag of p]`` over the positions of each id.

    ``coefficients`` of size 0 stands for ones. The gradients of a bag's rows are never stored.
    """
    for unique in range(start, stop):
        target = out[unique]
        target[:] = 0
        for place in range(starts[unique], stops[unique]):
            position = order[place]
            source = gradients[bag_of_position[position]]
            if coefficients.size:
                weight = coefficients[position]
                for d in range(target.size):
                    target[d] += weight * source[d]
            else:
                for d in range(target.size):
                    target[d] += source[d]


@numeric_kernel
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
    for unique in range(start, stop):
        target = out[unique]
        target[:] = 0
        for place in range(starts[unique], stops[unique]):
            position = order[place]
            bag = bag_of_position[position]
            source = gradients[bag]
            winner = winners[bag]
            weight = weights[position] if weights.size else gradients.dtype.type(1)
            for d in range(target.size):
                if winner[d] == position:
                    target[d] += weight * source[d]


@numeric_kernel
def is_compact(row_ids: Ids64) -> bool:
    """Return whether the ids rise strictly, that is, are sorted and distinct."""
    compact = True
    for place in range(1, row_ids.size):
        compact &= row_ids[place - 1] < row_ids[place]
    return compact


@launches(sum_segments)
@numeric_kernel
def sum_segments_by_team(
    team: int,
    edges: Ids64,
    gradients: AnyArray,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    out: AnyArray,
) -> int:
    """Call :func:`sum_segments` for each range between two edges, in a team's threads."""
    return int(on_team(team, edges, sum_segments, (gradients, order, starts, stops, out)))


@launches(weigh_segments)
@numeric_kernel
def weigh_segments_by_team(
    team: int,
    edges: Ids64,
    gradients: AnyArray,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    bag_of_position: Ids64,
    coefficients: AnyArray,
    out: AnyArray,
) -> int:
    """Call :func:`weigh_segments` for each range between two edges, in a team's threads."""
    return int(
        on_team(
            team,
            edges,
            weigh_segments,
            (gradients, order, starts, stops, bag_of_position, coefficients, out),
        )
    )


@launches(win_segments)
@numeric_kernel
def win_segments_by_team(
    team: int,
    edges: Ids64,
    gradients: AnyArray,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    bag_of_position: Ids64,
    weights: AnyArray,
    winners: Ids64,
    out: AnyArray,
) -> int:
    """Call :func:`win_segments` for each range between two edges, in a team's threads."""
    return int(
        on_team(
            team,
            edges,
            win_segments,
            (gradients, order, starts, stops, bag_of_position, weights, winners, out),
        )
    )
