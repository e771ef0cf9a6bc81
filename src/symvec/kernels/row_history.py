r"""What the missed steps of an idle row under Adam come to, in closed form.

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
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2
from symvec.kernels.compiling import array_kernel, numeric_kernel

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


@array_kernel
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


@array_kernel
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
    # powers by way of logarithms, in a third of the time; a double has digits to spare
    beta1 = settings.beta1
    target[M_FACTOR] = np.exp(gap * np.log(beta1)) if beta1 > 0.0 else 0.0
    target[V_FACTOR] = np.exp(gap * np.log(settings.beta2))
    target[WEIGHT_1], target[EPSILON_1] = frozen[WEIGHT_1] * later, frozen[EPSILON_1]
    target[WEIGHT_2], target[EPSILON_2] = frozen[WEIGHT_2] * later, frozen[EPSILON_2]
    target[LOOP_BELOW] = frozen[LOOP_BELOW]
