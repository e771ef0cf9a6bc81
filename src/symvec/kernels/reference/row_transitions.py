"""The twin of :mod:`symvec.kernels.row_transitions`, in plain NumPy."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1, Double2
from symvec.kernels.row_sgd import SgdSettings


def zero_gradient_matrix(rate: float, settings: SgdSettings) -> Double2:
    """Return the matrix of one step with a gradient of zero, from its formula."""
    columns = []
    for p, b in ((1.0, 0.0), (0.0, 1.0)):
        full = settings.weight_decay * p
        b = settings.momentum * b + settings.gradient_scale * full
        move = full + settings.momentum * b if settings.nesterov else b
        columns.append((p - rate * move, b))
    return np.array(columns).T


def chain_transitions(rates: Double1, settings: SgdSettings, gaps: int) -> Double2:
    """Return the matrix of the last ``gap`` steps for each gap from 0 to ``gaps``."""
    chain = [np.eye(2)]
    for gap in range(gaps):
        chain.append(chain[-1] @ zero_gradient_matrix(float(rates[len(rates) - 1 - gap]), settings))
    return np.array(chain).reshape(gaps + 1, 4)
