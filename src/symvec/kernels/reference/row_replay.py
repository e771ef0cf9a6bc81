"""The twins of :mod:`symvec.kernels.row_replay`: missed steps one after another, in NumPy.

They read only ``step``, ``base`` and ``rates`` of the history: no closed form, no horizon.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double1, Ids, Ids64
from symvec.kernels.row_history import AdamHistory, AdamSettings


def zero_gradient_step(
    p: AnyArray, m: AnyArray, v: AnyArray, *, step: int, rate: float, settings: AdamSettings
) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Return a row and its state after one step of Adam or AdamW with a gradient of zero."""
    b1, b2, wd = settings.beta1, settings.beta2, settings.weight_decay
    g = wd * p if settings.coupled else np.zeros_like(p)
    p = p if settings.coupled else p * (1 - rate * wd)
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat, v_hat = m / (1 - b1**step), v / (1 - b2**step)
    return p - rate * m_hat / (np.sqrt(v_hat) + settings.epsilon), m, v


def moments(gap: int, settings: AdamSettings, history: AdamHistory) -> Double1:
    """Return the four moments of the movement's weights for rows idle for ``gap`` steps."""
    i = np.arange(1, gap + 1)
    steps = history.step - gap + i
    rates = history.rates[steps - history.base]
    y = np.sqrt(1 - settings.beta2**steps) / settings.beta2 ** (i / 2)
    later = np.cumprod((1 - rates * settings.weight_decay)[::-1])[::-1]
    later = np.append(later[1:], 1.0)
    w = later * rates * settings.beta1**i / (1 - settings.beta1**steps) * y
    return np.array([np.sum(w * y**k) for k in range(4)])


def replay_row(
    p: AnyArray,
    m: AnyArray,
    v: AnyArray,
    last_step: int,
    settings: AdamSettings,
    history: AdamHistory,
    c: AnyArray,
) -> None:
    """Bring a row and its state from ``last_step`` to the history's step, in place."""
    del c  # the kernel's scratch
    state = p.astype(np.float64), m.astype(np.float64), v.astype(np.float64)
    for step in range(last_step + 1, history.step + 1):
        rate = float(history.rates[step - history.base])
        state = zero_gradient_step(*state, step=step, rate=rate, settings=settings)
    p[:], m[:], v[:] = state


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
    """Write each row as it is after the history's step; nothing else changes."""
    for place in range(start, stop):
        row_id = row_ids[place]
        row = table[row_id].copy()
        state = exp_avg[row_id].copy(), exp_avg_sq[row_id].copy()
        replay_row(row, *state, last_steps[row_id], settings, history, out[:0])
        out[order[starts[place] : stops[place]] if order.size else place] = row


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
    """Bring rows and their state to the history's step, in place."""
    chosen = row_ids[start:stop] if row_ids.size else range(start, stop)
    for row_id in chosen:
        row = table[row_id], exp_avg[row_id], exp_avg_sq[row_id]
        replay_row(*row, last_steps[row_id], settings, history, table[:0])
        last_steps[row_id] = history.step
