import numpy as np
import pytest

from symvec.kernels.bag_addresses import NO_WEIGHTS, sum_double_bags_at, sum_float_bags_at
from symvec.kernels.reference.row_gather import sum_unchecked_bags

EDGES = np.array([0, 1, 4])


def address(array):
    return array.ctypes.data


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("divisor", [0, 1, 2])
@pytest.mark.parametrize(
    ("kind", "sum_bags_at"), [(np.float32, sum_float_bags_at), (np.float64, sum_double_bags_at)]
)
def test_bags_at_addresses_are_those_of_the_arrays_there(kind, sum_bags_at, weighted, divisor):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(7, 83)).astype(kind)
    row_ids, offsets = np.array([6, 0, 3, 3, 1]), np.array([0, 2, 2, 4])
    weights = rng.random(5).astype(kind) if weighted else None
    expected, found = np.zeros((4, 83), kind), np.ones((4, 83), kind)
    faults = np.zeros(1, np.int64)
    sum_unchecked_bags(table, row_ids, offsets, weights, divisor, expected, faults, 0, 4)
    numbers = NO_WEIGHTS if weights is None else address(weights)
    places = address(row_ids), 5, address(offsets), 4, numbers, divisor, address(found)
    assert sum_bags_at(0, EDGES, address(table), 7, 83, *places, faults) == 0
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert faults[0] == 0


def test_bad_ids_at_an_address_are_noticed():
    table, row_ids, offsets = np.ones((7, 5)), np.array([0, 7]), np.array([0, 1, 1, 1])
    out, faults = np.empty((4, 5)), np.zeros(1, np.int64)
    places = address(row_ids), 2, address(offsets), 4, NO_WEIGHTS, 0, address(out)
    sum_double_bags_at(0, EDGES, address(table), 7, 5, *places, faults)
    assert faults[0] == 1


def test_no_ids_lie_at_no_address():
    table, offsets = np.ones((7, 5), np.float32), np.zeros(4, np.int64)
    out, faults = np.ones((4, 5), np.float32), np.zeros(1, np.int64)
    places = 0, 0, address(offsets), 4, NO_WEIGHTS, 0, address(out)
    sum_float_bags_at(0, EDGES, address(table), 7, 5, *places, faults)
    np.testing.assert_array_equal(out, 0)
    assert faults[0] == 0
