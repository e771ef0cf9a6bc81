"""Missed steps of idle rows under SGD with momentum: 2x2 matrices, the same for a whole row.

At a step with gradient zero a number p and its momentum b become, with weight decay wd,

    full = wd p;  b' = mu b + scale full;  p' = p - lr b'            (Nesterov: lr (full + mu b'))

which is linear in (p, b), so that any number of missed steps is one matrix.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1, Double2
from symvec.kernels.compiling import array_kernel
from symvec.kernels.row_sgd import SgdSettings


@array_kernel
def chain_transitions(rates: Double1, settings: SgdSettings, gaps: int) -> Double2:
    """Return the matrix of the last ``gap`` steps for each gap from 0 to ``gaps``.

    Args:
        rates: the learning rate of each step, the latest one last.
        settings: momentum, gradient scale and weight decay of those steps.
        gaps: the largest gap, at most the number of rates.

    Returns:
        (gaps + 1, 4) matrices by rows: number from number, number from momentum, momentum from
        number, momentum from momentum.
    """
    mu, scale, wd = settings.momentum, settings.gradient_scale, settings.weight_decay
    chain = np.empty((gaps + 1, 4))
    pp, pb, bp, bb = 1.0, 0.0, 0.0, 1.0
    for gap in range(gaps + 1):
        chain[gap, 0], chain[gap, 1], chain[gap, 2], chain[gap, 3] = pp, pb, bp, bb
        if gap == gaps:
            break
        rate = rates[rates.size - 1 - gap]
        if settings.nesterov:
            from_p, from_b = 1.0 - rate * wd * (1.0 + mu * scale), -rate * mu * mu
        else:
            from_p, from_b = 1.0 - rate * scale * wd, -rate * mu
        # This step comes before the ones chained so far: it multiplies from the right.
        pp, pb = pp * from_p + pb * scale * wd, pp * from_b + pb * mu
        bp, bb = bp * from_p + bb * scale * wd, bp * from_b + bb * mu
    return chain
