r"""Missed steps of idle rows under Adam, replayed in closed form.

A row last updated at step t, with state (m, v), moves at a missed step t+i, whose gradient is
zero, by

    - lr_i * (b1^i m / (1 - b1^(t+i))) / (sqrt(b2^i v / (1 - b2^(t+i))) + eps)

and decoupled weight decay multiplies it by ``1 - lr_i wd`` first. With ``y_i = sqrt(1 - b2^(t+i))
/ b2^(i/2)`` and ``w_i = lr_i b1^i / (1 - b1^(t+i)) * y_i`` (times the decay of the steps after i)
the movement is

    - m * sum_i w_i / (sqrt(v) + eps y_i),

the same function of ``sqrt(v)`` for all rows with the same t. A Gauss quadrature with two nodes
over the weights w_i stands for the sum: ``A1 / (sqrt(v) + eps Y1) + A2 / (sqrt(v) + eps Y2)``. It
is exact up to the fourth power of ``eps / sqrt(v)`` times the spread of y, and needs the four
moments ``M_k = sum_i w_i y_i^k``, which obey a recursion in t: one multiplication and one addition
a step. Momentum dies by ``b1 / sqrt(b2)`` a step, so only the first ``horizon`` steps move a row.

Where neither holds, at tiny gradients in the first steps, the steps are looped over.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Ids, Ids64
from symvec.kernels.compiling import numeric_kernel
from symvec.kernels.row_prefetch import ROWS_AHEAD, prefetch_row

# Columns of a replay's coefficients.
DECAY, M_FACTOR, V_FACTOR, WEIGHT_1, EPSILON_1, WEIGHT_2, EPSILON_2, LOOP_BELOW = range(8)
COLUMNS = 8
# Measured against the loop over steps 1 to 10,000 and gaps 2 to 286: with y spread by the part
# ``spread`` of its mean, two nodes are wrong by at most 2.5 spread^4 of the movement, and where
# sqrt(v) is n times the largest eps * y, by n^4 less. So an error of 2e-6 is kept by looping below
# n = 33 spread; under a spread of 0.03 there is nothing to loop.
SPREAD_LIMIT = 0.03
LOOP_MARGIN = 33.0


class AdamSettings(NamedTuple):
    """What one step of Adam needs: torch's names and meanings.

    ``coupled`` adds the weight decay to the gradient (Adam), otherwise it shrinks the row (AdamW).
    """

    learning_rate: float
    beta1: float
    beta2: float
    epsilon: float
    weight_decay: float
    coupled: bool


class AdamHistory(NamedTuple):
    """The steps since ``base`` as replays need them; filled by :func:`fill_recent`.

    Args:
        step: steps done in all; rows are brought to their state after it.
        base: the step at which the tables begin: no row was last updated before it.
        recent: (gaps, COLUMNS) coefficients for rows last updated ``gap`` steps ago.
        frozen: (steps, COLUMNS) coefficients by ``last - base`` for gaps beyond ``recent``: those
            of the horizon, after which only decay goes on.
        rates: (steps + 1,) learning rates by ``step - base``.
        log_decays: (steps + 1,) running sum of ``log(1 - lr wd)`` by ``step - base``.
    """

    step: int
    base: int
    recent: Double2
    frozen: Double2
    rates: Double1
    log_decays: Double1


@nb.njit(nogil=True, cache=True, error_model="numpy")
def two_nodes(moments: Double1, epsilon: float, target: Double1) -> None:
    """Write the weights and nodes of the quadrature with these four moments."""
    target[WEIGHT_1:] = 0.0
    if moments[0] <= 0.0:  # nothing moves: beta1 or every learning rate is 0
        target[EPSILON_1] = target[EPSILON_2] = 1.0
        return
    if not np.isfinite(moments[3]):
        target[LOOP_BELOW] = np.inf
        return
    mean = moments[1] / moments[0]
    variance = moments[2] / moments[0] - mean * mean
    third = moments[3] / moments[0] - mean * (3.0 * moments[2] / moments[0] - 2.0 * mean * mean)
    target[WEIGHT_1], target[EPSILON_1] = moments[0], epsilon * mean
    target[EPSILON_2] = epsilon * mean
    if variance > 1e-13 * mean * mean:  # below it the difference above is rounding
        half_skew = 0.5 * third / variance
        reach = np.sqrt(half_skew * half_skew + variance)
        share = (half_skew + reach) / (2.0 * reach)
        larger = epsilon * (mean + half_skew + reach)
        target[WEIGHT_1], target[WEIGHT_2] = moments[0] * share, moments[0] * (1.0 - share)
        target[EPSILON_1] = max(epsilon * (mean + half_skew - reach), 0.0)
        target[EPSILON_2] = larger
        if variance > (SPREAD_LIMIT * mean) ** 2:
            target[LOOP_BELOW] = LOOP_MARGIN * np.sqrt(variance) / mean * larger


@nb.njit(nogil=True, cache=True, error_model="numpy")
def fill_recent(settings: AdamSettings, history: AdamHistory) -> None:
    """Compute ``recent`` for the history's step, and freeze the entry that leaves it.

    ``recent`` has ``horizon + 1`` rows; fewer steps than that fill fewer.
    """
    step, base = history.step, history.base
    b1, b2 = settings.beta1, settings.beta2
    recent, moments = history.recent, np.zeros(4)
    recent[0] = 0.0
    recent[0, DECAY:WEIGHT_1] = 1.0
    later_decay, m_factor, v_factor = 1.0, 1.0, 1.0
    root = np.sqrt(b2)
    for gap in range(1, min(recent.shape[0], step - base + 1)):
        missed = step - gap + 1  # the first step that a row idle since ``step - gap`` missed
        y = np.sqrt(1.0 - b2**missed)
        term = history.rates[missed - base] * later_decay / (1.0 - b1**missed) * y
        ratio = b1 / root
        for k in range(4):
            moments[k] = ratio * (term + moments[k])
            term *= y
            ratio /= root
        later_decay *= 1.0 - history.rates[missed - base] * settings.weight_decay
        m_factor *= b1
        v_factor *= b2
        two_nodes(moments, settings.epsilon, recent[gap])
        recent[gap, DECAY], recent[gap, M_FACTOR] = later_decay, m_factor
        recent[gap, V_FACTOR] = v_factor
    oldest = step - (recent.shape[0] - 1)
    if oldest >= base:
        history.frozen[oldest - base] = recent[recent.shape[0] - 1]


@numeric_kernel
def coefficients(
    last_step: int, settings: AdamSettings, history: AdamHistory, target: AnyArray
) -> None:
    """Write the coefficients that bring a row from ``last_step`` to the history's step."""
    gap = history.step - last_step
    if gap < history.recent.shape[0]:
        for column in range(COLUMNS):
            target[column] = history.recent[gap, column]
        return
    frozen = history.frozen[last_step - history.base]
    now = history.log_decays[history.step - history.base]
    frozen_at = last_step + history.recent.shape[0] - 1 - history.base
    later = np.exp(now - history.log_decays[frozen_at])
    target[DECAY] = np.exp(now - history.log_decays[last_step - history.base])
    target[M_FACTOR] = settings.beta1**gap
    target[V_FACTOR] = settings.beta2**gap
    target[WEIGHT_1], target[EPSILON_1] = frozen[WEIGHT_1] * later, frozen[EPSILON_1]
    target[WEIGHT_2], target[EPSILON_2] = frozen[WEIGHT_2] * later, frozen[EPSILON_2]
    target[LOOP_BELOW] = frozen[LOOP_BELOW]


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
    coefficients(last_step, settings, history, c)
    decay, m_factor, v_factor = c[DECAY], c[M_FACTOR], c[V_FACTOR]
    weight_1, epsilon_1 = c[WEIGHT_1], c[EPSILON_1]
    weight_2, epsilon_2 = c[WEIGHT_2], c[EPSILON_2]
    zero, tiny = p.dtype.type(0), p.dtype.type(c[LOOP_BELOW] * c[LOOP_BELOW])
    looped = False
    for d in range(p.size):
        looped |= (v[d] < tiny) & (m[d] != zero)
    if looped:
        for d in range(p.size):
            if v[d] < tiny and m[d] != zero:
                c[COLUMNS + d] = loop_number(p[d], m[d], v[d], last_step, settings, history)
    for d in range(p.size):
        root = np.sqrt(v[d])
        move = m[d] * (weight_1 / (root + epsilon_1) + weight_2 / (root + epsilon_2))
        p[d] = p[d] * decay - (move if m[d] != zero else zero)
    if looped:
        for d in range(p.size):
            if v[d] < tiny and m[d] != zero:
                p[d] = c[COLUMNS + d]
    for d in range(p.size):
        m[d] *= m_factor
        v[d] *= v_factor


@numeric_kernel
def _read_range(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    settings: AdamSettings,
    history: AdamHistory,
    out: AnyArray,
    scratch: AnyArray,
    start: int,
    stop: int,
) -> None:
    width = table.shape[1]
    m, v, c = scratch[:width], scratch[width : 2 * width], scratch[2 * width :]
    for position in range(start, stop):
        row_id = row_ids[position]
        if position + ROWS_AHEAD < stop:
            prefetch_row(table, row_ids[position + ROWS_AHEAD])
        target, source = out[position], table[row_id]
        for d in range(width):
            target[d] = source[d]
        if last_steps[row_id] < history.step:
            first, second = exp_avg[row_id], exp_avg_sq[row_id]
            for d in range(width):
                m[d] = first[d]
                v[d] = second[d]
            replay_row(target, m, v, last_steps[row_id], settings, history, c)


@nb.njit(nogil=True, cache=True, error_model="numpy")
def read_rows(
    table: AnyArray,
    exp_avg: AnyArray,
    exp_avg_sq: AnyArray,
    last_steps: Ids,
    row_ids: Ids64,
    settings: AdamSettings,
    history: AdamHistory,
    out: AnyArray,
    start: int,
    stop: int,
) -> None:
    """Write each row as it is after the history's step; the table and its state stay as they are.

    Reading changes nothing, so an evaluation in the middle of a training leaves its bits alone.
    """
    # The loop is a kernel of its own that makes no array: counting references to the history in
    # each row would make two threads slower than one (measured).
    scratch = np.empty(3 * table.shape[1] + COLUMNS, table.dtype)
    state = exp_avg, exp_avg_sq, last_steps
    _read_range(table, *state, row_ids, settings, history, out, scratch, start, stop)


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


@nb.njit(nogil=True, cache=True, error_model="numpy")
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
