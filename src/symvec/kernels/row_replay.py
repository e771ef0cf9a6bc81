"""Missed steps of idle rows under Adam, replayed: see ``row_history`` for the closed form.

Where the closed form does not hold, at tiny gradients in the first steps and under a weight decay
that is added to the gradient, the steps are looped over.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Ids, Ids64
from symvec.kernels.compiling import array_kernel, numeric_kernel
from symvec.kernels.row_history import (
    COLUMNS,
    DECAY,
    EPSILON_1,
    EPSILON_2,
    LOOP_BELOW,
    M_FACTOR,
    V_FACTOR,
    WEIGHT_1,
    WEIGHT_2,
    AdamHistory,
    AdamSettings,
    coefficients,
)
from symvec.kernels.row_prefetch import prefetch, prefetch_row
from symvec.kernels.row_team import launches, on_team

AHEAD = 4  # rows asked for in advance: three arrays of them at a time


@numeric_kernel
def loop_number(
    p: float, m: float, v: float, last_step: int, settings: AdamSettings, history: AdamHistory
) -> float:
    """Return one number of a row after its missed steps, step by step in double precision."""
    base = history.base
    horizon = min(history.step, last_step + history.recent.shape[0] - 1)
    power_1, power_2 = settings.beta1**last_step, settings.beta2**last_step
    for missed in range(last_step + 1, horizon + 1):
        m *= settings.beta1
        v *= settings.beta2
        power_1 *= settings.beta1
        power_2 *= settings.beta2
        rate = history.rates[missed - base]
        root = np.sqrt(v / (1.0 - power_2))
        p *= 1.0 - rate * settings.weight_decay
        p -= rate * m / ((1.0 - power_1) * (root + settings.epsilon))
    now = history.step - base
    return p * float(np.exp(history.log_decays[now] - history.log_decays[horizon - base]))


@numeric_kernel
def loop_coupled_row(
    p: AnyArray,
    m: AnyArray,
    v: AnyArray,
    last_step: int,
    settings: AdamSettings,
    history: AdamHistory,
) -> None:
    """Replay a row whose gradient at a missed step is ``weight_decay * p``: no closed form."""
    b1, b2 = p.dtype.type(settings.beta1), p.dtype.type(settings.beta2)
    new_1, new_2 = p.dtype.type(1.0 - settings.beta1), p.dtype.type(1.0 - settings.beta2)
    decay, epsilon = p.dtype.type(settings.weight_decay), p.dtype.type(settings.epsilon)
    for missed in range(last_step + 1, history.step + 1):
        rate = history.rates[missed - history.base]
        size = p.dtype.type(rate / (1.0 - settings.beta1**missed))
        root_scale = p.dtype.type(1.0 / np.sqrt(1.0 - settings.beta2**missed))
        for d in range(p.size):
            g = decay * p[d]
            m[d] = b1 * m[d] + new_1 * g
            v[d] = b2 * v[d] + new_2 * g * g
            p[d] -= size * m[d] / (np.sqrt(v[d]) * root_scale + epsilon)


@numeric_kernel
def has_closed_form(
    last_step: int, settings: AdamSettings, history: AdamHistory, c: AnyArray
) -> bool:
    """Write the coefficients of a row's missed steps, and return whether they hold everywhere."""
    if settings.coupled and settings.weight_decay != 0.0:
        return False
    coefficients(last_step, settings, history, c)
    return bool(c[LOOP_BELOW] == 0)


@numeric_kernel
def moved_row(p: AnyArray, m: AnyArray, v: AnyArray, c: AnyArray, target: AnyArray) -> None:
    """Write a row after missed steps whose coefficients hold everywhere."""
    decay, zero = c[DECAY], p.dtype.type(0)
    weight_1, epsilon_1 = c[WEIGHT_1], c[EPSILON_1]
    weight_2, epsilon_2 = c[WEIGHT_2], c[EPSILON_2]
    for d in range(p.size):
        root = np.sqrt(v[d])
        first, second = root + epsilon_1, root + epsilon_2
        # the sum of two fractions with one division, which takes longest
        move = m[d] * ((weight_1 * second + weight_2 * first) / (first * second))
        target[d] = p[d] * decay - (move if m[d] != zero else zero)


@numeric_kernel
def replay_row(
    p: AnyArray,
    m: AnyArray,
    v: AnyArray,
    last_step: int,
    settings: AdamSettings,
    history: AdamHistory,
    c: AnyArray,
) -> None:
    """Bring a row and its state from ``last_step`` to the history's step, in place.

    ``c`` is scratch of COLUMNS numbers and a row's in the row's own dtype, which keeps the loop in
    one width.
    """
    if settings.coupled and settings.weight_decay != 0.0:
        loop_coupled_row(p, m, v, last_step, settings, history)
        return
    everywhere = has_closed_form(last_step, settings, history, c)
    # not into ``p`` itself: a loop over arrays that may be one and the same is not vectorised
    target = c[COLUMNS:]
    moved_row(p, m, v, c, target)
    if not everywhere:
        zero, tiny = p.dtype.type(0), p.dtype.type(c[LOOP_BELOW] * c[LOOP_BELOW])
        for d in range(p.size):
            if v[d] < tiny and m[d] != zero:
                target[d] = loop_number(p[d], m[d], v[d], last_step, settings, history)
    m_factor, v_factor = c[M_FACTOR], c[V_FACTOR]
    for d in range(p.size):
        p[d] = target[d]
    for d in range(p.size):
        m[d] *= m_factor
        v[d] *= v_factor


@numeric_kernel
def _read_row(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_id: int,
    settings: AdamSettings,
    history: AdamHistory,
    target: AnyArray,
    scratch: AnyArray,
) -> None:
    width = target.size
    source, first, second = table[row_id], exp_avg[row_id], exp_avg_sq[row_id]
    c = scratch[2 * width :]
    behind = last_steps[row_id] < history.step
    if behind and has_closed_form(last_steps[row_id], settings, history, c):
        moved_row(source, first, second, c, target)
        return
    for d in range(width):
        target[d] = source[d]
    if behind:
        m, v = scratch[:width], scratch[width : 2 * width]
        for d in range(width):
            m[d] = first[d]
            v[d] = second[d]
        replay_row(target, m, v, last_steps[row_id], settings, history, c)


@numeric_kernel
def prefetch_state(
    table: AnyArray, exp_avg: AnyArray, exp_avg_sq: AnyArray, last_steps: Ids, row_id: int
) -> None:
    """Ask for a row and all that is known of it."""
    prefetch(last_steps, row_id)
    prefetch_row(table, row_id)
    prefetch_row(exp_avg, row_id)
    prefetch_row(exp_avg_sq, row_id)


@numeric_kernel
def _read_range(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    settings: AdamSettings,
    history: AdamHistory,
    out: AnyArray,
    scratch: AnyArray,
    start: int,
    stop: int,
) -> None:
    state = exp_avg, exp_avg_sq, last_steps
    for place in range(start, stop):
        if place + AHEAD < stop:
            prefetch_state(table, exp_avg, exp_avg_sq, last_steps, row_ids[place + AHEAD])
        if order.size == 0:
            _read_row(table, *state, row_ids[place], settings, history, out[place], scratch)
            continue
        read = out[order[starts[place]]]
        _read_row(table, *state, row_ids[place], settings, history, read, scratch)
        for again in range(starts[place] + 1, stops[place]):
            target = out[order[again]]
            for d in range(target.size):
                target[d] = read[d]


@array_kernel
def read_rows(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    settings: AdamSettings,
    history: AdamHistory,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write each row as it is after the history's step; the table and its state stay as they are.

    Row ``row_ids[u]`` is written to each of the positions ``order[starts[u]:stops[u]]`` of
    ``out``; without an order (size 0) to ``out[u]``. Reading changes nothing, so an evaluation in
    the middle of a training leaves its bits alone.
    """
    # The loop is a kernel of its own that makes no array: counting references to the history in
    # each row would make two threads slower than one (measured).
    scratch = np.empty(3 * table.shape[1] + COLUMNS, table.dtype)
    state = exp_avg, exp_avg_sq, last_steps
    places = row_ids, order, starts, stops
    _read_range(table, *state, *places, settings, history, out, scratch, start, stop)


@numeric_kernel
def _catch_up_range(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    settings: AdamSettings,
    history: AdamHistory,
    c: AnyArray,
    start: int,
    stop: int,
) -> None:
    for place in range(start, stop):
        row_id = row_ids[place] if row_ids.size else place
        if last_steps[row_id] < history.step:
            p, m, v = table[row_id], exp_avg[row_id], exp_avg_sq[row_id]
            replay_row(p, m, v, last_steps[row_id], settings, history, c)
            last_steps[row_id] = history.step


@array_kernel
def catch_up_rows(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    settings: AdamSettings,
    history: AdamHistory,
    start: int,
    stop: int,
) -> None:
    """Bring rows and their state to the history's step, in place.

    ``row_ids`` are distinct; of size 0 they stand for all rows, and ``start`` and ``stop`` for a
    range of the table.
    """
    c = np.empty(COLUMNS + table.shape[1], table.dtype)
    state = exp_avg, exp_avg_sq, last_steps
    _catch_up_range(table, *state, row_ids, settings, history, c, start, stop)


@launches(read_rows)
@array_kernel
def read_rows_by_team(
    team: int,
    edges: Ids64,
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    order: Ids64,
    starts: Ids64,
    stops: Ids64,
    settings: AdamSettings,
    history: AdamHistory,
    out: AnyArray,
) -> int:
    """Call :func:`read_rows` for each range between two edges, in a team's threads."""
    return int(
        on_team(
            team,
            edges,
            read_rows,
            (
                table,
                exp_avg,
                exp_avg_sq,
                last_steps,
                row_ids,
                order,
                starts,
                stops,
                settings,
                history,
                out,
            ),
        )
    )
