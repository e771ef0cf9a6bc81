import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from symvec.errors import InputError
from symvec.vectors.texts import transport


def least_cost(supply, demand, cost):
    n, m = cost.shape
    rows = np.kron(np.eye(n), np.ones(m))
    columns = np.kron(np.ones(n), np.eye(m))
    solved = linprog(
        cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([supply, demand])
    )
    return solved.fun


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 10**6), st.booleans())
def test_the_flow_is_the_cheapest(n, m, seed, whole) -> None:
    random = np.random.default_rng(seed)
    cost = random.integers(-3, 5, (n, m)).astype(float) if whole else random.random((n, m))
    supply, demand = random.random(n), random.random(m)
    if whole:
        supply, demand = random.integers(0, 5, n) * 1.0, random.integers(1, 5, m) * 1.0
        supply, demand = supply * demand.sum(), demand * supply.sum()
    else:
        demand *= supply.sum() / demand.sum()
    flow = transport(supply, demand, cost)
    assert (flow >= 0).all()
    np.testing.assert_allclose(flow.sum(axis=1), supply, atol=1e-9)
    np.testing.assert_allclose(flow.sum(axis=0), demand, atol=1e-9)
    assert (flow * cost).sum() == pytest.approx(least_cost(supply, demand, cost), abs=1e-7)


def test_nothing_to_carry() -> None:
    assert transport([], [], np.zeros((0, 0))).shape == (0, 0)
    assert transport([0.0], [0.0, 0.0], [[1, 2]]).tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("supply", "demand", "cost", "reason"),
    [
        ([1], [2], [[1]], "the same sum, got 1.0 and 2.0"),
        ([-1], [-1], [[1]], "each supply must be a finite number and 0 or more"),
        ([1], [np.nan], [[1]], "each demand must be"),
        ([1], [1], [[np.inf]], "each cost must be a finite number"),
        ([1, 1], [2], [[1], [1], [1]], "expected a cost for each"),
    ],
)
def test_what_cannot_be_carried(supply, demand, cost, reason) -> None:
    with pytest.raises(InputError, match=reason):
        transport(supply, demand, cost)
