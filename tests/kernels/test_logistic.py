import numpy as np
import pytest

from symvec.kernels import logistic, tiles
from symvec.kernels.compiling import kernel
from symvec.kernels.logistic import MAX_ROWS
from symvec.training import memory


@kernel
def _gradient(scores, weights, targets, alpha, rows, columns, odds):
    tiles.logistic_gradient(scores, weights, targets, alpha, rows, columns, odds)


@kernel
def _sum(factors, count):
    return logistic.sum_of_logarithms(factors, count)


def gradient(values, weights, targets, alpha):
    rows, columns = values.shape
    scores = memory.matrix(rows, columns)
    scores[:, :columns] = values
    odds = np.zeros(columns)
    _gradient(scores, weights, targets, np.float32(alpha), rows, columns, odds)
    return scores[:, :columns], odds


@pytest.mark.parametrize("of_all_rows", [False, True])
@pytest.mark.parametrize("target", [-1, 1, None])
@pytest.mark.parametrize("rows", [1, 4, 7, MAX_ROWS])
def test_gradients_and_losses(rows, target, of_all_rows):
    random = np.random.default_rng(rows)
    scores = random.normal(0, 6, (rows, 24)).clip(-18, 18).astype(np.float32)
    shape = scores.shape[1:] if of_all_rows else scores.shape
    weights = random.choice([0, 1, 2.5], shape).astype(np.float32)
    targets = random.choice([-1, 1], (rows, 1)) if target is None else target
    given = np.float32(target) if target else targets[:, 0].astype(np.float32)
    found, odds = gradient(scores, weights, given, 0.3)
    exact = -scores.astype(np.float64) * targets
    np.testing.assert_allclose(found, 0.3 * weights * targets / (1 + np.exp(-exact)), rtol=5e-5)
    expected = np.where(weights > 0, np.logaddexp(0, exact), 0).sum(axis=0)
    np.testing.assert_allclose(np.log(odds), expected, rtol=5e-5, atol=1e-4)


def test_the_largest_scores_stay_finite():
    scores = np.full((MAX_ROWS, 8), 1e30, np.float32)
    scores[:, ::2] *= -1
    found, odds = gradient(scores, np.ones_like(scores), np.float32(-1), 1.0)
    assert np.isfinite(odds).all()
    np.testing.assert_allclose(found[0, :2], [0, -1], atol=2e-8)


@pytest.mark.parametrize("factors", [[], [1.0], [2.0, 3.0], [1e300] * 5, [1e149] * 9, [1.0] * 40])
def test_the_sum_of_logarithms(factors):
    assert _sum(np.array(factors), len(factors)) == pytest.approx(np.sum(np.log(factors)))
