"""SGD on only the rows that a batch read, with or without momentum.

Each kernel takes distinct row ids and one gradient row for each, in torch's formulas and names.
``start`` and ``stop`` are a range of those rows. The twins state each formula in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import AnyArray, Double2, Ids, Ids64
from symvec.kernels.compiling import array_kernel, numeric_kernel
from symvec.kernels.row_prefetch import ROWS_AHEAD, prefetch_row
from symvec.kernels.row_team import launches, on_team


class SgdSettings(NamedTuple):
    """What one step of SGD needs: torch's names and meanings.

    ``gradient_scale`` is ``1 - dampening``, or 1 at a table's first step, as in torch.
    """

    learning_rate: float
    momentum: float
    gradient_scale: float
    weight_decay: float
    nesterov: bool


@numeric_kernel
def sgd_rows(
    table: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: SgdSettings,
    start: int,
    stop: int,
) -> None:
    """Update rows by plain SGD: ``p -= lr (g + wd p)``."""
    rate = table.dtype.type(settings.learning_rate)
    decay = table.dtype.type(settings.weight_decay)
    for place in range(start, stop):
        if place + ROWS_AHEAD < stop:
            prefetch_row(table, row_ids[place + ROWS_AHEAD])
        p, g = table[row_ids[place]], gradients[place]
        for d in range(p.size):
            p[d] -= rate * (g[d] + decay * p[d])


@numeric_kernel
def transit_row(p: AnyArray, b: AnyArray, transition: AnyArray) -> None:
    """Apply a 2x2 matrix to each pair of a number and its momentum."""
    pp, pb, bp, bb = transition[0], transition[1], transition[2], transition[3]
    for d in range(p.size):
        p[d], b[d] = pp * p[d] + pb * b[d], bp * p[d] + bb * b[d]


@array_kernel
def momentum_rows(
    table: AnyArray,
    buffers: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: SgdSettings,
    step: int,
    transitions: Double2,
    start: int,
    stop: int,
) -> None:
    """Update rows by SGD with momentum, after bringing them to the step before.

    ``transitions[gap]`` is the 2x2 matrix of ``gap`` missed steps; of size 0, none are replayed.
    """
    rate, momentum = table.dtype.type(settings.learning_rate), table.dtype.type(settings.momentum)
    decay, scale = (
        table.dtype.type(settings.weight_decay),
        table.dtype.type(settings.gradient_scale),
    )
    transition = np.empty(4, table.dtype)
    for place in range(start, stop):
        row_id = row_ids[place]
        p, b, g = table[row_id], buffers[row_id], gradients[place]
        gap = step - 1 - last_steps[row_id]
        if transitions.size and gap > 0:
            transition[:] = transitions[gap]
            transit_row(p, b, transition)
        for d in range(p.size):
            full = g[d] + decay * p[d]
            b[d] = momentum * b[d] + scale * full
            p[d] -= rate * (full + momentum * b[d] if settings.nesterov else b[d])
        last_steps[row_id] = step


@array_kernel
def read_momentum_rows(
    table: AnyArray,
    buffers: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    step: int,
    transitions: Double2,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write each row as it is after ``step``; nothing else changes."""
    transition = np.empty(4, table.dtype)
    for place in range(start, stop):
        row_id = row_ids[place]
        source, b, target = table[row_id], buffers[row_id], out[place]
        transition[:] = transitions[max(step - last_steps[row_id], 0)]
        for d in range(target.size):
            target[d] = transition[0] * source[d] + transition[1] * b[d]


@array_kernel
def catch_up_momentum_rows(
    table: AnyArray,
    buffers: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    step: int,
    transitions: Double2,
    start: int,
    stop: int,
) -> None:
    """Bring rows and their momentum to ``step``; no row ids stand for all rows."""
    transition = np.empty(4, table.dtype)
    for place in range(start, stop):
        row_id = row_ids[place] if row_ids.size else place
        gap = step - last_steps[row_id]
        if gap > 0:
            transition[:] = transitions[gap]
            transit_row(table[row_id], buffers[row_id], transition)
            last_steps[row_id] = step


@launches(sgd_rows)
@numeric_kernel
def sgd_rows_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: SgdSettings,
) -> int:
    """Call :func:`sgd_rows` for each range between two edges, in a team's threads."""
    return int(on_team(team, edges, sgd_rows, (table, row_ids, gradients, settings)))


@launches(momentum_rows)
@array_kernel
def momentum_rows_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    buffers: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: SgdSettings,
    step: int,
    transitions: Double2,
) -> int:
    """Call :func:`momentum_rows` for each range between two edges, in a team's threads."""
    return int(
        on_team(
            team,
            edges,
            momentum_rows,
            (table, buffers, last_steps, row_ids, gradients, settings, step, transitions),
        )
    )
