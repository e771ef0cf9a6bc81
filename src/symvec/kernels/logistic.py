"""The gradient and the loss of logistic regression on a small matrix of scores."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1, Float1, Float2
from symvec.kernels.compiling import Scalar, inner_numeric_kernel, merged

# Beyond it the gradient is 1 to within 2e-8; the loss is exact up to it.
LOGIT_LIMIT = np.float32(18)
FACTORS = 4  # so many factors of 1 + e^18 stay below the largest float32
MAX_ROWS = 39  # so many factors of 1 + e^18 stay below the largest float64
_ONE = np.float32(1)
_LARGE_PRODUCT, _LARGE_FACTOR = 1e150, 1e150  # their product fits float64
_HALVINGS = np.float32(1 / 32)
_C2, _C3, _C4, _C5, _C6, _C7 = (
    np.float32(1 / n) for n in (2, 6, 24, 120, 720, 5040)
)  # Taylor's coefficients


@merged
def odds_of(score: Scalar) -> Scalar:
    """Return exp(score), for scores within LOGIT_LIMIT.

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


@inner_numeric_kernel
def logistic_gradient(
    scores: Float2,
    weights: Float2,
    sign: Scalar,
    scale: Scalar,
    rows: Scalar,
    columns: Scalar,
    odds: Double1,
    partial_odds: Float1,
) -> None:
    """Replace each score s by scale * weight / (1 + exp(-sign * s)), and collect the loss.

    Args:
        scores: (>= rows, >= columns) float32, scores in, gradients out.
        weights: the same shape, 0 where there is no pair.
        sign: +1 for pairs that should not be, -1 for pairs that should.
        scale: factor of the gradients (the learning rate, with its sign).
        rows: how many rows count, at most MAX_ROWS.
        columns: how many columns count.
        odds: (>= columns,) float64, out: product over the rows with a weight of
            1 + exp(sign * s); its logarithm is the loss.
        partial_odds: (>= columns,) float32, overwritten: float64 is slow, so that four factors
            are multiplied in float32 first.
    """
    for j in range(columns):
        odds[j] = 1.0
        partial_odds[j] = _ONE
    for i in range(rows):
        if i % FACTORS == 0:
            for j in range(columns):
                odds[j] *= partial_odds[j]
                partial_odds[j] = _ONE
        row = scores[i]
        weight = weights[i]
        for j in range(columns):
            s = min(max(row[j] * sign, -LOGIT_LIMIT), LOGIT_LIMIT)
            e = odds_of(s)
            row[j] = scale * weight[j] * (e / (_ONE + e))
            partial_odds[j] *= _ONE + e if weight[j] > 0 else _ONE
    for j in range(columns):
        odds[j] *= partial_odds[j]


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
