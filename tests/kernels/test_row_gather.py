import numpy as np
import pytest

from symvec.kernels import row_gather as kernels
from symvec.kernels.reference import row_gather as twins

NONE = np.empty(0, np.float64)


def bags(rng, table_rows=7, sizes=(3, 0, 1, 4)):
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    row_ids = rng.integers(0, table_rows, offsets[-1])
    return row_ids, offsets


def both(name, *arguments, out, count):
    answers = []
    for module in (kernels, twins):
        answer = out.copy()
        getattr(module, name)(*arguments, answer, 0, count)
        answers.append(answer)
    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-12)
    return answers[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gather_reads_rows_and_only_the_range_it_owns(dtype):
    table = np.arange(12, dtype=dtype).reshape(4, 3)
    row_ids = np.array([3, 3, 0, 2])
    out = both("gather", table, row_ids, out=np.zeros((4, 3), dtype), count=4)
    np.testing.assert_array_equal(out, table[row_ids])
    part = np.full((4, 3), -1, dtype)
    kernels.gather(table, row_ids, part, 1, 3)
    np.testing.assert_array_equal(part[[0, 3]], -1)
    np.testing.assert_array_equal(part[1:3], table[[3, 0]])


def test_a_distinct_row_goes_to_each_of_its_positions():
    table = np.arange(12.0).reshape(4, 3)
    order, edges = np.array([2, 0, 3, 1]), np.array([0, 1, 4])
    places = np.array([1, 3]), order, edges[:-1], edges[1:]
    out = both("gather_segments", table, *places, out=np.zeros((4, 3)), count=2)
    np.testing.assert_array_equal(out, table[[3, 3, 1, 3]])


LEAST, MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
DIVISORS = [kernels.UNDIVIDED, kernels.SUM_OF_WEIGHTS, kernels.ROOT_OF_SQUARES]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("divisor", DIVISORS)
@pytest.mark.parametrize("width", [1, 5, 8, 83])  # of a line of 8 and a block of 64 numbers
def test_sums_of_bags_with_an_empty_one(weighted, divisor, width):
    rng = np.random.default_rng(1)
    table = rng.normal(size=(7, width))
    row_ids, offsets = bags(rng, sizes=(9, 0, 1, 22, 7, 16))
    weights = rng.normal(size=row_ids.size) if weighted else None
    arguments = table, row_ids, offsets, weights, divisor
    out = both("sum_bags", *arguments, out=np.ones((6, width)), count=6)
    np.testing.assert_array_equal(out[1], 0)
    weight = weights[9] if weighted else 1.0
    divided = {0: weight, 1: 1.0, 2: np.sign(weight)}[divisor]
    np.testing.assert_allclose(out[2], divided * table[row_ids[9]])
    unchecked, faults = np.full((6, width), np.nan), np.zeros(1, np.int64)
    given = table, row_ids, offsets[:-1], weights, divisor, unchecked, faults
    kernels.sum_unchecked_bags(*given, 0, 6)
    np.testing.assert_array_equal(unchecked, out)
    assert faults[0] == 0


def test_weights_that_sum_to_nothing_leave_nothing():
    table, ids, offsets = np.ones((2, 3)), np.array([0, 1]), np.array([0, 2])
    for divisor, weights in ((1, np.array([1.0, -1.0])), (2, np.zeros(2))):
        out = both("sum_bags", table, ids, offsets, weights, divisor, out=np.ones((1, 3)), count=1)
        assert out.tolist() == [[0, 0, 0]]


@pytest.mark.parametrize(
    ("row_ids", "offsets"),
    [
        ([0, 7, 1], [0, 2]),
        ([0, -1, 1], [0, 2]),
        ([0, 1, 1], [1, 2]),
        ([0, 1, 1], [0, 2, 1]),
        ([0, 1, 1], [0, 4]),
        ([0, 1, 1], [0, -1, 2]),
        ([0, LEAST, 1], [0, 2]),
        ([0, MOST, 1], [0, 2]),
        ([0, 1, 1], [0, LEAST, 2]),
        ([0, 1, 1], [0, MOST]),
        ([0, 1, 1], [0, 2, LEAST + 1]),
    ],
)
@pytest.mark.parametrize("width", [5, 83])
def test_bad_ids_and_offsets_are_noticed_and_never_read(row_ids, offsets, width):
    table = np.ones((7, width))
    given = table, np.array(row_ids), np.array(offsets), None, 0, np.ones((len(offsets), width))
    for module in (kernels, twins):
        faults = np.zeros(1, np.int64)
        module.sum_unchecked_bags(*given, faults, 0, len(offsets))
        assert faults[0] == 1


def test_a_table_without_rows_has_empty_bags_only():
    table, offsets, out = np.empty((0, 83)), np.array([0, 0]), np.ones((2, 83))
    for row_ids, fault in (([], 0), ([0], 1)):
        faults = np.zeros(1, np.int64)
        ids = np.array(row_ids, np.int64)
        kernels.sum_unchecked_bags(table, ids, offsets, None, 0, out, faults, 0, 2)
        assert faults[0] == fault
    np.testing.assert_array_equal(out, 0)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_maximum_and_its_winners(weighted):
    rng = np.random.default_rng(2)
    table = rng.normal(size=(7, 5))
    row_ids, offsets = bags(rng)
    weights = rng.normal(size=row_ids.size) if weighted else NONE
    arguments = table, row_ids, offsets, weights
    largest = both("max_bags", *arguments, out=np.ones((4, 5)), count=4)
    winners = both("max_bag_winners", *arguments, largest, out=np.ones((4, 5), int), count=4)
    np.testing.assert_array_equal(winners[1], -1)
    np.testing.assert_array_equal(largest[1], 0)


def test_the_first_of_equal_rows_wins_and_nan_is_never_lost():
    table = np.array([[1.0, np.nan], [1.0, 5.0]])
    arguments = table, np.array([1, 0, 0]), np.array([0, 3]), NONE
    largest = both("max_bags", *arguments, out=np.zeros((1, 2)), count=1)
    winners = both("max_bag_winners", *arguments, largest, out=np.zeros((1, 2), int), count=1)
    assert np.isnan(largest[0, 1])
    assert winners.tolist() == [[0, 1]]


@pytest.mark.parametrize("won", [False, True])
def test_products_of_rows_and_gradients(won):
    rng = np.random.default_rng(3)
    table, gradients = rng.normal(size=(7, 5)), rng.normal(size=(4, 5))
    row_ids, offsets = bags(rng)
    bag_of_position = np.repeat(np.arange(4), np.diff(offsets))
    winners = rng.integers(0, 8, (4, 5)) if won else np.empty((0, 0), np.int64)
    both(
        "row_products",
        *(table, row_ids, bag_of_position, gradients, winners),
        out=np.zeros(8),
        count=8,
    )
