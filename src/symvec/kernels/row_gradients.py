"""Gradients of rows made compact: the ids that a batch touched, and one summed row for each.

The positions of a batch are sorted by id (stable, so that equal ids stay in the order of the
batch), each distinct id is one segment, and one thread sums a segment from its first position to
its last. No two threads write one row, so the sums have the same bits at any number of threads.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.compiling import numeric_kernel
from symvec.kernels.row_team import launches, on_team

RADIX_BITS = 11  # 2,048 counters of 8 bytes fit the first-level cache beside the data


@nb.njit(nogil=True, cache=True)
def sort_positions(row_ids: Ids64, largest_id: int) -> tuple[Ids64, Ids64]:
    """Return the positions in the order of their ids, and the ids in that order.

    A radix sort over as many bits as ``largest_id`` has.
    """
    count = row_ids.size
    keys, order = row_ids.copy(), np.arange(count)
    other_keys, other_order = np.empty_like(keys), np.empty_like(order)
    counters = np.empty(1 << RADIX_BITS, np.int64)
    mask = (1 << RADIX_BITS) - 1
    shift = 0
    while (largest_id >> shift) > 0:
        counters[:] = 0
        for position in range(count):
            counters[(keys[position] >> shift) & mask] += 1
        total = 0
        for digit in range(counters.size):
            total, counters[digit] = total + counters[digit], total
        for position in range(count):
            digit = (keys[position] >> shift) & mask
            target = counters[digit]
            counters[digit] = target + 1
            other_keys[target] = keys[position]
            other_order[target] = order[position]
        keys, other_keys = other_keys, keys
        order, other_order = other_order, order
        shift += RADIX_BITS
    return order, keys


@nb.njit(nogil=True, cache=True)
def find_segments(sorted_ids: Ids64, left_out: int) -> tuple[Ids64, Ids64, Ids64]:
    """Return the distinct ids without ``left_out``, and where each one's positions begin and end.

    ``left_out`` is the padding row, or -1.
    """
    count = sorted_ids.size
    unique_ids = np.empty(count, np.int64)
    starts = np.empty(count, np.int64)
    stops = np.empty(count, np.int64)
    found = 0
    position = 0
    while position < count:
        row_id = sorted_ids[position]
        end = position + 1
        while end < count and sorted_ids[end] == row_id:
            end += 1
        if row_id != left_out:
            unique_ids[found] = row_id
            starts[found] = position
            stops[found] = end
            found += 1
        position = end
    return unique_ids[:found].copy(), starts[:found].copy(), stops[:found].copy()


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
        for place in range(starts[unique] + 1, stops[unique]):
            source = gradients[order[place]]
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
