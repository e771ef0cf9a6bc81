"""Adam and AdamW on only the rows that a batch read.

The kernel takes distinct row ids and one gradient row for each, in torch's formulas and names.
``start`` and ``stop`` are a range of those rows. The twin states the formula in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import AnyArray, Ids, Ids64
from symvec.kernels.compiling import array_kernel, numeric_kernel
from symvec.kernels.row_history import (
    COLUMNS,
    DECAY,
    EPSILON_1,
    EPSILON_2,
    M_FACTOR,
    V_FACTOR,
    WEIGHT_1,
    WEIGHT_2,
    AdamHistory,
    AdamSettings,
)
from symvec.kernels.row_prefetch import prefetch_row
from symvec.kernels.row_replay import AHEAD, has_closed_form, prefetch_state, replay_row
from symvec.kernels.row_team import launches, on_team


class _Step(NamedTuple):
    """The numbers of one step, in the table's dtype."""

    b2: float
    new_1: float
    new_2: float
    epsilon: float
    decay: float
    shrink: float
    size: float
    root_scale: float


@numeric_kernel
def _step_of(table: AnyArray, settings: AdamSettings, step: int) -> _Step:
    kind = table.dtype.type
    return _Step(
        kind(settings.beta2),
        # in double first: 1 - 0.999 in float32 is wrong by 5e-5 of itself
        kind(1.0 - settings.beta1),
        kind(1.0 - settings.beta2),
        kind(settings.epsilon),
        kind(settings.weight_decay),
        kind(1.0 - settings.learning_rate * settings.weight_decay),
        kind(settings.learning_rate / (1.0 - settings.beta1**step)),
        kind(1.0 / np.sqrt(1.0 - settings.beta2**step)),
    )


@numeric_kernel
def _adam_row(p: AnyArray, m: AnyArray, v: AnyArray, g: AnyArray, now: _Step) -> None:
    """Update a row by Adam: the weight decay is a part of the gradient."""
    for d in range(p.size):
        full = g[d] + now.decay * p[d]
        first = m[d] + now.new_1 * (full - m[d])
        second = now.b2 * v[d] + now.new_2 * full * full
        m[d], v[d] = first, second
        p[d] -= now.size * first / (np.sqrt(second) * now.root_scale + now.epsilon)


@numeric_kernel
def _adamw_row(p: AnyArray, m: AnyArray, v: AnyArray, g: AnyArray, now: _Step) -> None:
    for d in range(p.size):
        first = m[d] + now.new_1 * (g[d] - m[d])
        second = now.b2 * v[d] + now.new_2 * g[d] * g[d]
        m[d], v[d] = first, second
        move = now.size * first / (np.sqrt(second) * now.root_scale + now.epsilon)
        p[d] = p[d] * now.shrink - move


@numeric_kernel
def _replayed_adamw_row(
    p: AnyArray, m: AnyArray, v: AnyArray, g: AnyArray, now: _Step, c: AnyArray
) -> None:
    """Replay missed steps in closed form and update, in one way over the row.

    Without a weight decay, which ``has_closed_form`` asks for, Adam is AdamW.
    """
    decay, m_factor, v_factor = c[DECAY], c[M_FACTOR], c[V_FACTOR]
    weight_1, epsilon_1 = c[WEIGHT_1], c[EPSILON_1]
    weight_2, epsilon_2 = c[WEIGHT_2], c[EPSILON_2]
    zero = p.dtype.type(0)
    for d in range(p.size):
        root = np.sqrt(v[d])
        first, second = root + epsilon_1, root + epsilon_2
        missed = m[d] * ((weight_1 * second + weight_2 * first) / (first * second))
        moved = p[d] * decay - (missed if m[d] != zero else zero)
        m_before, v_before = m[d] * m_factor, v[d] * v_factor
        m_after = m_before + now.new_1 * (g[d] - m_before)
        v_after = now.b2 * v_before + now.new_2 * g[d] * g[d]
        m[d], v[d] = m_after, v_after
        move = now.size * m_after / (np.sqrt(v_after) * now.root_scale + now.epsilon)
        p[d] = moved * now.shrink - move


@numeric_kernel
def _adam_range(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: AdamSettings,
    history: AdamHistory,
    c: AnyArray,
    start: int,
    stop: int,
) -> None:
    now = _step_of(table, settings, history.step + 1)
    for place in range(start, stop):
        row_id = row_ids[place]
        if place + AHEAD < stop:
            prefetch_state(table, exp_avg, exp_avg_sq, last_steps, row_ids[place + AHEAD])
        p, m, v, g = table[row_id], exp_avg[row_id], exp_avg_sq[row_id], gradients[place]
        last_step, last_steps[row_id] = last_steps[row_id], history.step + 1
        if last_step < history.step:
            if has_closed_form(last_step, settings, history, c):
                _replayed_adamw_row(p, m, v, g, now, c)
                continue
            replay_row(p, m, v, last_step, settings, history, c)
        if settings.coupled:
            _adam_row(p, m, v, g, now)
        else:
            _adamw_row(p, m, v, g, now)


@array_kernel
def adam_rows(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: AdamSettings,
    history: AdamHistory,
    start: int,
    stop: int,
) -> None:
    """Update rows by Adam or AdamW at step ``history.step + 1``.

    The rows are first brought to ``history.step``, which gives the trajectory of dense Adam.
    """
    c = np.empty(COLUMNS + table.shape[1], table.dtype)
    state = exp_avg, exp_avg_sq, last_steps
    _adam_range(table, *state, row_ids, gradients, settings, history, c, start, stop)


@numeric_kernel
def lazy_adam_rows(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: AdamSettings,
    step: int,
    start: int,
    stop: int,
) -> None:
    """Update rows by Adam or AdamW at a step; idle rows have stood still, as in SparseAdam."""
    now = _step_of(table, settings, step)
    for place in range(start, stop):
        if place + AHEAD < stop:
            later = row_ids[place + AHEAD]
            prefetch_row(table, later)
            prefetch_row(exp_avg, later)
            prefetch_row(exp_avg_sq, later)
        row_id = row_ids[place]
        p, m, v, g = table[row_id], exp_avg[row_id], exp_avg_sq[row_id], gradients[place]
        if settings.coupled:
            _adam_row(p, m, v, g, now)
        else:
            _adamw_row(p, m, v, g, now)


@launches(lazy_adam_rows)
@numeric_kernel
def lazy_adam_rows_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: AdamSettings,
    step: int,
) -> int:
    """Call :func:`lazy_adam_rows` for each range between two edges, in a team's threads."""
    arguments = table, exp_avg, exp_avg_sq, row_ids, gradients, settings, step
    return int(on_team(team, edges, lazy_adam_rows, arguments))


@launches(adam_rows)
@array_kernel
def adam_rows_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: AdamSettings,
    history: AdamHistory,
) -> int:
    """Call :func:`adam_rows` for each range between two edges, in a team's threads."""
    return int(
        on_team(
            team,
            edges,
            adam_rows,
            (
                table,
                exp_avg,
                exp_avg_sq,
                last_steps,
                row_ids,
                gradients,
                settings,
                history,
            ),
        )
    )
