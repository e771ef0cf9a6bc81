"""Rows of a table read by id, one by one or as bags, without storing what is reduced.

Kernels take every array C-contiguous and ids already checked; ``start`` and ``stop`` are the
range of output rows that the caller's thread owns. The twins in ``kernels.reference.row_gather``
state each formula.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.compiling import inlined, numeric_kernel
from symvec.kernels.row_prefetch import ROWS_AHEAD, prefetch_row
from symvec.kernels.row_sums import LINE_BYTES, LINES, sum_block, sum_line
from symvec.kernels.row_team import launches, on_team

UNDIVIDED, SUM_OF_WEIGHTS, ROOT_OF_SQUARES = range(3)
"""What the weighted sum of a bag's rows is divided by."""


@numeric_kernel
def gather(table: AnyArray, row_ids: Ids64, out: AnyArray, start: int, stop: int) -> None:
    """Write ``out[p] = table[row_ids[p]]``."""
    for position in range(start, stop):
        if position + ROWS_AHEAD < stop:
            prefetch_row(table, row_ids[position + ROWS_AHEAD])
        source = table[row_ids[position]]
        target = out[position]
        for d in range(table.shape[1]):
            target[d] = source[d]


@numeric_kernel
def gather_segments(
    table: AnyArray,
    row_ids: Ids64,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write ``out[order[n]] = table[row_ids[u]]`` for n from ``starts[u]`` to ``stops[u]``.

    A row that a batch has often is read from the table once.
    """
    for place in range(start, stop):
        if place + ROWS_AHEAD < stop:
            prefetch_row(table, row_ids[place + ROWS_AHEAD])
        source = table[row_ids[place]]
        for n in range(starts[place], stops[place]):
            target = out[order[n]]
            for d in range(table.shape[1]):
                target[d] = source[d]


@inlined
def _sum_bag(
    table: AnyArray,
    row_ids: Ids64,
    weights: AnyArray | None,
    first: int,
    last: int,
    target: AnyArray,
) -> int:
    """Write the sum of a bag; the answer is negative if the table does not have one of its ids.

    Put into its callers: the call took a tenth of the time of bags of 16 rows of 512 bytes.
    """
    line = LINE_BYTES // table.itemsize
    column, signs = 0, 0
    while column + LINES * line <= target.size:
        signs |= sum_block(table, row_ids, weights, first, last, column, target)
        column += LINES * line
    while column + line <= target.size:
        signs |= sum_line(table, row_ids, weights, first, last, column, target)
        column += line
    limit = table.shape[0] - 1
    for d in range(column, target.size):
        total = table.dtype.type(0)
        for position in range(first, last):
            row_id = int(row_ids[position])
            sign = row_id | (limit - row_id)
            signs |= sign
            weight = weights[position] if weights is not None else table.dtype.type(1)
            total += weight * table[row_id if sign >= 0 else 0, d]
        target[d] = total
    return signs


@numeric_kernel
def _divide_bag(
    weights: AnyArray | None, divisor: int, first: int, last: int, target: AnyArray
) -> None:
    """Divide a bag's sum, by way of the reciprocal; nothing is left of a sum over 0."""
    total = 0.0
    if weights is None:
        total += last - first
    else:
        for position in range(first, last):
            weight = np.float64(weights[position])
            total += weight if divisor == SUM_OF_WEIGHTS else weight * weight
    if divisor == ROOT_OF_SQUARES:
        total = np.sqrt(total)
    scale = target.dtype.type(1.0 / total if total != 0.0 else 0.0)
    for d in range(target.size):
        target[d] *= scale


@numeric_kernel
def sum_bags(
    table: AnyArray,
    row_ids: Ids64,
    offsets: Ids64,
    weights: AnyArray | None,
    divisor: int,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write ``out[b] = sum over p in b of weights[p] * table[row_ids[p]]``, divided.

    ``divisor`` is ``UNDIVIDED``, ``SUM_OF_WEIGHTS`` or ``ROOT_OF_SQUARES``. ``None`` for
    ``weights`` (compiled apart: a branch inside would not vectorise) stands for ones; an empty bag
    is 0.
    """
    for bag in range(start, stop):
        first, last = offsets[bag], offsets[bag + 1]
        _sum_bag(table, row_ids, weights, first, last, out[bag])
        if divisor != UNDIVIDED:
            _divide_bag(weights, divisor, first, last, out[bag])


@numeric_kernel
def sum_unchecked_bags(
    table: AnyArray,
    row_ids: Ids64,
    offsets: Ids64,
    weights: AnyArray | None,
    divisor: int,
    out: AnyArray,
    faults: Ids64,
    start: int,
    stop: int,
) -> None:
    """Do as :func:`sum_bags`, checking offsets and ids: ``faults[0]`` is 1 for a bad one.

    Here ``offsets`` are (bags,): the last bag ends with the last id.
    """
    size = row_ids.size
    first = int(offsets[start]) if start < stop else 0
    if (start == 0 and first != 0) or (table.shape[0] == 0 and size > 0):
        faults[0] = 1
        return
    for bag in range(start, stop):
        last = int(offsets[bag + 1]) if bag + 1 < offsets.size else size
        # one of them is negative if the bag does not lie behind the one before and within the ids
        if (first | (last - first) | (size - last)) < 0:
            faults[0] = 1
            return
        if _sum_bag(table, row_ids, weights, first, last, out[bag]) < 0:
            faults[0] = 1
        if divisor != UNDIVIDED:
            _divide_bag(weights, divisor, first, last, out[bag])
        first = last


@numeric_kernel
def max_bags(
    table: AnyArray,
    row_ids: Ids64,
    offsets: Ids64,
    weights: AnyArray,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write the largest ``weights[p] * table[row_ids[p]]`` of each bag; an empty bag is 0.

    ``weights`` of size 0 stands for ones. A NaN wins, as in any maximum.
    """
    weighted = weights.size > 0
    for bag in range(start, stop):
        target = out[bag]
        first, last = offsets[bag], offsets[bag + 1]
        if first == last:
            target[:] = 0
            continue
        for position in range(first, last):
            if position + ROWS_AHEAD < row_ids.size:
                prefetch_row(table, row_ids[position + ROWS_AHEAD])
            source = table[row_ids[position]]
            weight = weights[position] if weighted else table.dtype.type(1)
            if position == first:
                for d in range(table.shape[1]):
                    target[d] = weight * source[d]
            else:
                for d in range(table.shape[1]):
                    value = weight * source[d]
                    target[d] = target[d] if target[d] >= value or target[d] != target[d] else value


@numeric_kernel
def max_bag_winners(
    table: AnyArray,
    row_ids: Ids64,
    offsets: Ids64,
    weights: AnyArray,
    largest: AnyArray,
    winners: Ids64,
    start: int,
    stop: int,
) -> None:
    """Write, for each number of each bag's maximum, the first position that holds it, or -1.

    Found again for the backward pass, so that the forward pass writes nothing but its answer.
    """
    weighted = weights.size > 0
    for bag in range(start, stop):
        winner = winners[bag]
        winner[:] = -1
        for position in range(offsets[bag], offsets[bag + 1]):
            source = table[row_ids[position]]
            weight = weights[position] if weighted else table.dtype.type(1)
            for d in range(table.shape[1]):
                value = weight * source[d]
                same = value == largest[bag, d] or value != value
                if same and winner[d] < 0:
                    winner[d] = position


@numeric_kernel
def row_products(
    table: AnyArray,
    row_ids: Ids64,
    bag_of_position: Ids64,
    gradients: AnyArray,
    winners: Ids64,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write ``out[p] = gradients[bag] . table[row]``, the gradient of a per-sample weight.

    With ``winners`` (not of size 0) only the numbers that position ``p`` won are summed.
    """
    for position in range(start, stop):
        bag = bag_of_position[position]
        source = table[row_ids[position]]
        gradient = gradients[bag]
        total = 0.0
        for d in range(table.shape[1]):
            if winners.size == 0 or winners[bag, d] == position:
                total += np.float64(gradient[d]) * np.float64(source[d])
        out[position] = total


@launches(gather)
@numeric_kernel
def gather_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    row_ids: Ids64,
    out: AnyArray,
) -> int:
    """Call :func:`gather` for each range between two edges, in a team's threads."""
    return int(on_team(team, edges, gather, (table, row_ids, out)))


@launches(gather_segments)
@numeric_kernel
def gather_segments_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    row_ids: Ids64,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    out: AnyArray,
) -> int:
    """Call :func:`gather_segments` for each range between two edges, in a team's threads."""
    arguments = table, row_ids, order, starts, stops, out
    return int(on_team(team, edges, gather_segments, arguments))


@launches(sum_bags)
@numeric_kernel
def sum_bags_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    row_ids: Ids64,
    offsets: Ids64,
    weights: AnyArray | None,
    divisor: int,
    out: AnyArray,
) -> int:
    """Call :func:`sum_bags` for each range between two edges, in a team's threads."""
    return int(on_team(team, edges, sum_bags, (table, row_ids, offsets, weights, divisor, out)))


@launches(max_bags)
@numeric_kernel
def max_bags_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    row_ids: Ids64,
    offsets: Ids64,
    weights: AnyArray,
    out: AnyArray,
) -> int:
    """Call :func:`max_bags` for each range between two edges, in a team's threads."""
    return int(on_team(team, edges, max_bags, (table, row_ids, offsets, weights, out)))
