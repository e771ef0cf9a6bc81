import numpy as np
import pytest

from symvec.kernels import noise as kernels
from symvec.kernels.compiling import kernel
from symvec.kernels.reference.noise import draw_noise, probabilities
from symvec.training.plan import alias_table


@kernel
def _draw(table, key, words):
    for n in range(len(words)):
        words[n] = kernels.draw_noise(table, key, n)


def draws(table, key, count):
    words = np.zeros(count, np.int64)
    _draw(table, np.uint64(key), words)
    return words


@pytest.mark.parametrize(
    "weights",
    [
        [1.0],
        [1.0, 1.0],
        [5.0, 1.0, 0.0],
        [1e-9, 1.0, 1e9],
        np.arange(1, 1000) ** -0.75,
        np.random.default_rng(1).random(500) ** 8,
    ],
)
def test_the_table_holds_the_distribution(weights):
    weights = np.array(weights)
    np.testing.assert_allclose(
        probabilities(alias_table(weights)), weights / weights.sum(), rtol=1e-6, atol=1e-9
    )


def test_draws_are_those_of_the_twin():
    table = alias_table(np.arange(1, 60) ** -0.75)
    twin = [draw_noise(table, 2**63 + 11, n) for n in range(300)]
    assert draws(table, 2**63 + 11, 300).tolist() == twin


def test_draws_follow_the_distribution():
    weights = np.arange(1.0, 11.0)
    counts = np.bincount(draws(alias_table(weights), 5, 55_000), minlength=10)
    expected = weights / weights.sum() * 55_000
    assert np.sum((counts - expected) ** 2 / expected) < 27.9  # chi squared, 9 free, 1 in 1,000
