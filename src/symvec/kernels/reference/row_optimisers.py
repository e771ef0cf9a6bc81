"""The twins of ``row_sgd``, ``row_adagrad`` and ``row_adam``, in plain NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import AnyArray, Double2, Ids, Ids64
from symvec.kernels.reference.row_replay import catch_up_rows
from symvec.kernels.row_history import AdamHistory, AdamSettings
from symvec.kernels.row_sgd import SgdSettings


def sgd_rows(
    table: AnyArray,
    row_ids: Ids64,
    gradients: AnyArray,
    settings: SgdSettings,
    start: int,
    stop: int,
) -> None:
    """Update rows by plain SGD: ``p -= lr (g + wd p)``."""
    chosen, g = row_ids[start:stop], gradients[start:stop]
    table[chosen] -= settings.learning_rate * (g + settings.weight_decay * table[chosen])


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
    chosen = row_ids[start:stop] if row_ids.size else np.arange(start, stop)
    for row_id in chosen:
        if last_steps[row_id] >= step:
            continue
        matrix = transitions[step - last_steps[row_id]].reshape(2, 2)
        table[row_id], buffers[row_id] = matrix @ np.stack([table[row_id], buffers[row_id]])
        last_steps[row_id] = step


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
    """Update rows by SGD with momentum, after bringing them to the step before."""
    chosen, g = row_ids[start:stop], gradients[start:stop]
    if transitions.size:
        arguments = chosen, step - 1, transitions, 0, len(chosen)
        catch_up_momentum_rows(table, buffers, last_steps, *arguments)
    full = g + settings.weight_decay * table[chosen]
    b = settings.momentum * buffers[chosen] + settings.gradient_scale * full
    move = full + settings.momentum * b if settings.nesterov else b
    table[chosen] -= settings.learning_rate * move
    buffers[chosen], last_steps[chosen] = b, step


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
    for place in range(start, stop):
        row_id = row_ids[place]
        first_line = transitions[max(step - last_steps[row_id], 0)][:2]
        out[place] = first_line @ np.stack([table[row_id], buffers[row_id]])


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
    chosen, g = row_ids[start:stop], gradients[start:stop]
    sums[chosen] += g**2
    table[chosen] -= learning_rate * g / (np.sqrt(sums[chosen]) + epsilon)


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
    chosen, g = row_ids[start:stop], gradients[start:stop]
    sums[chosen] += np.mean(g**2, axis=1)
    table[chosen] -= learning_rate * g / (np.sqrt(sums[chosen]) + epsilon)[:, None]


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
    """Update rows by Adam or AdamW at a step; idle rows have stood still."""
    chosen, g = row_ids[start:stop], gradients[start:stop]
    lr, b1, b2, wd = settings.learning_rate, settings.beta1, settings.beta2, settings.weight_decay
    p = table[chosen]
    if settings.coupled:
        g = g + wd * p
    else:
        p = p * (1 - lr * wd)
    m = b1 * exp_avg[chosen] + (1 - b1) * g
    v = b2 * exp_avg_sq[chosen] + (1 - b2) * g**2
    m_hat, v_hat = m / (1 - b1**step), v / (1 - b2**step)
    table[chosen] = p - lr * m_hat / (np.sqrt(v_hat) + settings.epsilon)
    exp_avg[chosen], exp_avg_sq[chosen] = m, v


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
    """Update rows by Adam or AdamW at step ``history.step + 1``, with the steps they missed."""
    chosen = row_ids[start:stop]
    if chosen.size:
        arguments = exp_avg, exp_avg_sq, last_steps, chosen, settings, history
        catch_up_rows(table, *arguments, 0, len(chosen))
    moments, step = (exp_avg, exp_avg_sq), history.step + 1
    lazy_adam_rows(table, *moments, row_ids, gradients, settings, step, start, stop)
    last_steps[chosen] = step
