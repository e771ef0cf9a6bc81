"""The twins of :mod:`symvec.kernels.row_gather`, in plain NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64


def gather(table: AnyArray, row_ids: Ids64, out: AnyArray, start: int, stop: int) -> None:
    """Write ``out[p] = table[row_ids[p]]``."""
    out[start:stop] = table[row_ids[start:stop]]


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
    """Write ``out[order[n]] = table[row_ids[u]]`` for n from ``starts[u]`` to ``stops[u]``."""
    for unique in range(start, stop):
        out[order[starts[unique] : stops[unique]]] = table[row_ids[unique]]


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
    """Write ``out[b] = sum over p in b of weights[p] * table[row_ids[p]]``, divided."""
    w = np.ones(row_ids.size, table.dtype) if weights is None else weights
    for bag in range(start, stop):
        mine = slice(offsets[bag], offsets[bag + 1])
        out[bag] = w[mine] @ table[row_ids[mine]]
        total = [1.0, w[mine].sum(), np.sqrt(np.square(w[mine]).sum())][divisor]
        out[bag] *= 1 / total if total else 0.0


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
    """Do as :func:`sum_bags` where offsets rise from 0 and the table has all ids; say if not."""
    edges = np.append(offsets, row_ids.size)
    inside = ((row_ids >= 0) & (row_ids < len(table))).all()
    if edges[0] == 0 and (np.diff(edges) >= 0).all() and inside:
        sum_bags(table, row_ids, edges, weights, divisor, out, start, stop)
    else:
        faults[0] = 1


def max_bags(
    table: AnyArray,
    row_ids: Ids64,
    offsets: Ids64,
    weights: AnyArray,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write the largest ``weights[p] * table[row_ids[p]]`` of each bag; an empty bag is 0."""
    for bag in range(start, stop):
        positions = slice(offsets[bag], offsets[bag + 1])
        rows = table[row_ids[positions]]
        if weights.size:
            rows = weights[positions, None] * rows
        out[bag] = rows.max(axis=0) if len(rows) else 0


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
    """Write, for each number of each bag's maximum, the first position that holds it, or -1."""
    for bag in range(start, stop):
        positions = slice(offsets[bag], offsets[bag + 1])
        rows = table[row_ids[positions]]
        if weights.size:
            rows = weights[positions, None] * rows
        held = (rows == largest[bag]) | np.isnan(rows)
        winners[bag] = offsets[bag] + held.argmax(axis=0) if len(rows) else -1


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
    """Write ``out[p] = gradients[bag] . table[row]``, the gradient of a per-sample weight."""
    for position in range(start, stop):
        bag = bag_of_position[position]
        products = gradients[bag].astype(np.float64) * table[row_ids[position]]
        counted = winners[bag] == position if winners.size else np.ones(len(products), bool)
        out[position] = products[counted].sum()
