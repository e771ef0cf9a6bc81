"""The learning rates of the steps that idle rows missed."""

from __future__ import annotations

import math

import numpy as np

from symvec.arrays import Double1
from symvec.errors import InputError
from symvec.kernels.row_history import COLUMNS, AdamHistory, AdamSettings, fill_recent

# An idle row's momentum counts until it is this small a part of its movement, below what a
# double holds.
DEAD_MOMENTUM = 1e-15
# A history is at most this long; then all rows are brought up to date once, which at this length
# costs a thousandth of the steps in between, and the history begins anew.
LONGEST_HISTORY = 1 << 17


class RateHistory:
    """Learning rates by step, growing as steps are done.

    Args:
        base: steps done before the history begins.
    """

    def __init__(self, base: int) -> None:
        self.base = base
        self.step = base
        self._rates = np.zeros(64)

    def __len__(self) -> int:
        """Return the number of steps in the history."""
        return self.step - self.base

    @property
    def rates(self) -> Double1:
        """The learning rate of each step, (steps,) float64."""
        return self._rates[: len(self)]

    def append(self, learning_rate: float) -> None:
        """Record a step that was done."""
        if len(self) == self._rates.size:
            self._rates = np.concatenate([self._rates, np.zeros_like(self._rates)])
        self._rates[len(self)] = learning_rate
        self.step += 1


def replay_horizon(beta1: float, beta2: float) -> int:
    """Return after how many missed steps a row under Adam stands still.

    Raises:
        InputError: momentum that never dies next to the second moment.

    Example:
        >>> replay_horizon(0.9, 0.999)
        330
    """
    if beta1 >= math.sqrt(beta2):
        raise InputError(
            f"exact needs betas with beta1 < sqrt(beta2), got {beta1} and {beta2}: the movement of "
            "an idle row would never end; use semantics='dense' or 'lazy'"
        )
    if beta1 == 0:
        return 1
    return max(2, math.ceil(math.log(DEAD_MOMENTUM) / math.log(beta1 / math.sqrt(beta2))))


class ReplayHistory:
    """What :mod:`symvec.kernels.row_history` needs of the steps since ``base``.

    Args:
        base: steps done before the history begins; every row is up to date with them.
        settings: the betas, epsilon and weight decay of all steps in the history.

    Raises:
        InputError: betas without an end of an idle row's movement.
    """

    def __init__(self, base: int, settings: AdamSettings) -> None:
        self.settings = settings
        self._filled = -1
        horizon = 1 if settings.coupled and settings.weight_decay else None
        gaps = (horizon or replay_horizon(settings.beta1, settings.beta2)) + 1
        recent, frozen = np.zeros((gaps, COLUMNS)), np.zeros((64, COLUMNS))
        self._arrays = AdamHistory(base, base, recent, frozen, np.zeros(64), np.zeros(64))

    def __len__(self) -> int:
        """Return the number of steps in the history."""
        return self._arrays.step - self._arrays.base

    @property
    def arrays(self) -> AdamHistory:
        """The arrays for the kernels, filled for the present step."""
        if self._filled != self._arrays.step:
            fill_recent(self.settings, self._arrays)
            self._filled = self._arrays.step
        return self._arrays

    def append(self, learning_rate: float) -> None:
        """Record a step that was done.

        Raises:
            InputError: a learning rate at which weight decay turns numbers around.
        """
        arrays = self.arrays  # each step's entry must have been frozen before the next step
        decay = 0.0 if self.settings.coupled else self.settings.weight_decay
        if learning_rate * decay >= 1:
            raise InputError(
                f"learning rate {learning_rate} times weight decay {decay} must be below 1"
            )
        place = len(self) + 1
        if place == arrays.rates.size:
            arrays = arrays._replace(
                frozen=np.concatenate([arrays.frozen, np.zeros_like(arrays.frozen)]),
                rates=np.concatenate([arrays.rates, np.zeros_like(arrays.rates)]),
                log_decays=np.concatenate([arrays.log_decays, np.zeros_like(arrays.log_decays)]),
            )
        arrays.rates[place] = learning_rate
        arrays.log_decays[place] = arrays.log_decays[place - 1] + math.log1p(-learning_rate * decay)
        self._arrays = arrays._replace(step=arrays.step + 1)
