"""Adagrad on only the rows that a batch read, with a sum for each number or for each row.

Each kernel takes distinct row ids and one gradient row for each, in torch's formulas and names.
``start`` and ``stop`` are a range of those rows. The twins state each formula in NumPy.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.compiling import numeric_kernel
from symvec.kernels.row_team import launches, on_team


@numeric_kernel
def adagrad_rows(
    table: AnyArray,
    sums: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    learning_rate: float,
    epsilon: float,
    start: int,
    stop: int,
) -> None:
    """Update rows by Adagrad: ``s += g^2; p -= lr g / (sqrt(s) + eps)``."""
    rate, eps = table.dtype.type(learning_rate), table.dtype.type(epsilon)
    for place in range(start, stop):
        row_id = row_ids[place]
        p, s, g = table[row_id], sums[row_id], gradients[place]
        for d in range(p.size):
            s[d] += g[d] * g[d]
            p[d] -= rate * g[d] / (np.sqrt(s[d]) + eps)


@numeric_kernel
def rowwise_adagrad_rows(
    table: AnyArray,
    sums: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    learning_rate: float,
    epsilon: float,
    start: int,
    stop: int,
) -> None:
    """Update rows by Adagrad with one sum a row: ``s += mean(g^2)``."""
    for place in range(start, stop):
        row_id = row_ids[place]
        p, g = table[row_id], gradients[place]
        total = 0.0
        for d in range(p.size):
            total += np.float64(g[d]) * np.float64(g[d])
        sums[row_id] += total / p.size
        rate = table.dtype.type(learning_rate / (np.sqrt(sums[row_id]) + epsilon))
        for d in range(p.size):
            p[d] -= rate * g[d]


@launches(adagrad_rows)
@numeric_kernel
def adagrad_rows_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    sums: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    learning_rate: float,
    epsilon: float,
) -> int:
    """Call :func:`adagrad_rows` for each range between two edges, in a team's threads."""
    return int(
        on_team(
            team, edges, adagrad_rows, (table, sums, row_ids, gradients, learning_rate, epsilon)
        )
    )


@launches(rowwise_adagrad_rows)
@numeric_kernel
def rowwise_adagrad_rows_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    sums: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    learning_rate: float,
    epsilon: float,
) -> int:
    """Call :func:`rowwise_adagrad_rows` for each range between two edges, in a team's threads."""
    return int(
        on_team(
            team,
            edges,
            rowwise_adagrad_rows,
            (table, sums, row_ids, gradients, learning_rate, epsilon),
        )
    )
