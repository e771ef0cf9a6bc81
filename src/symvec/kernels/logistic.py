"""Logistic regression: odds, and the sum of their logarithms."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1
from symvec.kernels.compiling import Scalar, merged

# Beyond it the gradient is 1 to within 2e-8; the loss is exact up to it.
LOGIT_LIMIT = np.float32(18)
MAX_ROWS = 39  # so many factors of 1 + e^18 stay below the largest float64
_ONE = np.float32(1)
_LARGE_PRODUCT, _LARGE_FACTOR = 1e150, 1e150  # their product fits float64
_HALVINGS = np.float32(1 / 32)
_C2, _C3, _C4, _C5, _C6, _C7 = (
    np.float32(1 / n) for n in (2, 6, 24, 120, 720, 5040)
)  # Taylor's coefficients


def odds_of(score: Scalar) -> Scalar:
    """Return exp(score), for scores within LOGIT_LIMIT: a number, or a vector of them.

    It is (1 + t + ... + t^7 / 7!)^32 at t = score / 32: no branch, no table, a relative error
    below 2e-5, so that a loop over scores runs in vectors.
    """
    t = score * _HALVINGS
    e = _C7 * t + _C6
    e = e * t + _C5
    e = e * t + _C4
    e = e * t + _C3
    e = e * t + _C2
    e = e * t + _ONE
    e = e * t + _ONE
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    return e * e


@merged
def sum_of_logarithms(factors: Double1, count: Scalar) -> Scalar:
    """Return the sum of the logarithms of ``count`` odds, taking as few logarithms as it can.

    A logarithm costs as much as twenty products.
    """
    total = 0.0
    product = 1.0
    for i in range(count):
        if product > _LARGE_PRODUCT or factors[i] > _LARGE_FACTOR:
            total += np.log(product)
            product = 1.0
        product *= factors[i]
    return total + np.log(product)
