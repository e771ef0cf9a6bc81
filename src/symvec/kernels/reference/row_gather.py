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
    scales: AnyArray,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write ``out[b] = scales[b] * sum over p in b of weights[p] * table[row_ids[p]]``."""
    w = np.ones(row_ids.size, table.dtype) if weights is None else weights
    for bag in range(start, stop):
        positions = slice(offsets[bag], offsets[bag + 1])
        out[bag] = w[positions] @ table[row_ids[positions]]
    if scales.size:
        out[start:stop] *= scales[start:stop, None]


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
