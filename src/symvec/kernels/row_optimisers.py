"""Optimisers that touch only the rows a batch read.

Each kernel takes distinct row ids and one gradient row for each, in torch's formulas and names.
``start`` and ``stop`` are a range of those rows. The twins state each formula in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from symvec.arrays import AnyArray, Double2, Ids, Ids64
from symvec.kernels.compiling import numeric_kernel
from symvec.kernels.row_prefetch import prefetch_row
from symvec.kernels.row_replay import COLUMNS, AdamHistory, AdamSettings, replay_row

AHEAD = 4  # rows asked for in advance: three arrays of them at a time


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
        if place + AHEAD < stop:
            prefetch_row(table, row_ids[place + AHEAD])
        p, g = table[row_ids[place]], gradients[place]
        for d in range(p.size):
            p[d] -= rate * (g[d] + decay * p[d])


@numeric_kernel
def transit_row(p: AnyArray, b: AnyArray, transition: AnyArray) -> None:
    """Apply a 2x2 matrix to each pair of a number and its momentum."""
    pp, pb, bp, bb = transition[0], transition[1], transition[2], transition[3]
    for d in range(p.size):
        p[d], b[d] = pp * p[d] + pb * b[d], bp * p[d] + bb * b[d]


@nb.njit(nogil=True, cache=True, error_model="numpy")
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


@nb.njit(nogil=True, cache=True, error_model="numpy")
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


@nb.njit(nogil=True, cache=True, error_model="numpy")
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
    replayed: bool,
    c: AnyArray,
    start: int,
    stop: int,
) -> None:
    step = history.step + 1
    kind = table.dtype.type
    b2 = kind(settings.beta2)
    # in double first: 1 - 0.999 in float32 is wrong by 5e-5 of itself
    new_1, new_2 = kind(1.0 - settings.beta1), kind(1.0 - settings.beta2)
    epsilon, wd = kind(settings.epsilon), kind(settings.weight_decay)
    shrink = kind(1.0 - settings.learning_rate * settings.weight_decay)
    size = kind(settings.learning_rate / (1.0 - settings.beta1**step))
    root_scale = kind(1.0 / np.sqrt(1.0 - settings.beta2**step))
    for place in range(start, stop):
        row_id = row_ids[place]
        if place + AHEAD < stop:
            later = row_ids[place + AHEAD]
            prefetch_row(table, later)
            prefetch_row(exp_avg, later)
            prefetch_row(exp_avg_sq, later)
        p, m, v, g = table[row_id], exp_avg[row_id], exp_avg_sq[row_id], gradients[place]
        if replayed and last_steps[row_id] < history.step:
            replay_row(p, m, v, last_steps[row_id], settings, history, c)
        if settings.coupled:
            for d in range(p.size):
                full = g[d] + wd * p[d]
                m[d] += new_1 * (full - m[d])
                v[d] = b2 * v[d] + new_2 * full * full
                p[d] -= size * m[d] / (np.sqrt(v[d]) * root_scale + epsilon)
        else:
            for d in range(p.size):
                m[d] += new_1 * (g[d] - m[d])
                v[d] = b2 * v[d] + new_2 * g[d] * g[d]
                p[d] = p[d] * shrink - size * m[d] / (np.sqrt(v[d]) * root_scale + epsilon)
        last_steps[row_id] = step


@nb.njit(nogil=True, cache=True, error_model="numpy")
def adam_rows(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: AdamSettings,
    history: AdamHistory,
    replayed: bool,
    start: int,
    stop: int,
) -> None:
    """Update rows by Adam or AdamW at step ``history.step + 1``.

    With ``replayed`` the rows are first brought to ``history.step``, which gives the trajectory
    of dense Adam; without, idle rows have stood still, as in torch's SparseAdam.
    """
    c = np.empty(COLUMNS + table.shape[1], table.dtype)
    state = exp_avg, exp_avg_sq, last_steps
    _adam_range(table, *state, row_ids, gradients, settings, history, replayed, c, start, stop)
