import itertools

import numpy as np
import pytest

from symvec.errors import InputError
from symvec.layers.bags import Bags
from symvec.layers.reductions import REDUCTIONS, reduction_named

TABLE = np.random.default_rng(0).normal(size=(9, 4))
ROW_IDS = np.array([8, 3, 3, 0, 5, 8, 1])
OFFSETS = np.array([0, 3, 3, 4, 7])


def some_bags(weighted):
    weights = np.random.default_rng(1).normal(size=7) if weighted else None
    return Bags(ROW_IDS, OFFSETS, weights)


def expected(mode, table, bags):
    vectors = []
    for bag in range(len(bags)):
        positions = slice(bags.offsets[bag], bags.offsets[bag + 1])
        rows = table[bags.row_ids[positions]]
        w = np.ones(len(rows)) if bags.weights is None else bags.weights[positions]
        if not len(rows):
            vectors.append(np.zeros(table.shape[1]))
            continue
        if mode == "max":
            vectors.append((w[:, None] * rows).max(axis=0))
            continue
        divisor = {"sum": 1.0, "mean": w.sum(), "sqrtn": np.sqrt((w**2).sum())}[mode]
        vectors.append(w @ rows / divisor)
    return np.array(vectors)


def numeric_gradient(function, array, step=1e-6):
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        array[index] += step
        above = function()
        array[index] -= 2 * step
        gradient[index] = (above - function()) / (2 * step)
        array[index] += step
    return gradient


@pytest.mark.parametrize("mode", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
def test_each_mode_against_its_formula(mode, weighted):
    bags = some_bags(weighted)
    out = reduction_named(mode).forward(TABLE, bags)
    np.testing.assert_allclose(out, expected(mode, TABLE, bags), rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(out[1], 0)


@pytest.mark.parametrize("mode", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
def test_each_gradient_against_differences(mode, weighted):
    table, bags, reduction = TABLE.copy(), some_bags(weighted), reduction_named(mode)
    towards = np.random.default_rng(2).normal(size=(4, 4))

    def loss():
        return float((reduction.forward(table, bags) * towards).sum())

    compact = reduction.backward(table, bags, towards)
    assert compact.row_ids.tolist() == [0, 1, 3, 5, 8]
    np.testing.assert_allclose(compact.to_dense(), numeric_gradient(loss, table), atol=1e-7)
    if weighted:
        of_weights = reduction.backward_weights(table, bags, towards)
        np.testing.assert_allclose(of_weights, numeric_gradient(loss, bags.weights), atol=1e-7)


@pytest.mark.parametrize("mode", ["mean", "sqrtn"])
def test_weights_that_add_up_to_zero_give_zero_and_no_nan(mode):
    weights = np.array([1.0, -1.0]) if mode == "mean" else np.zeros(2)
    bags = Bags(np.array([0, 1]), np.array([0, 2]), weights)
    reduction = reduction_named(mode)
    assert reduction.forward(TABLE, bags).tolist() == [[0.0] * 4]
    assert not reduction.backward(TABLE, bags, np.ones((1, 4))).rows.any()
    assert np.isfinite(reduction.backward_weights(TABLE, bags, np.ones((1, 4)))).all()


@pytest.mark.parametrize("mode", REDUCTIONS)
@pytest.mark.parametrize("shape", list(itertools.product([1, 2], repeat=4)))
def test_every_small_shape(mode, shape):
    rows, width, count, length = shape
    rng = np.random.default_rng(3)
    table = rng.normal(size=(rows, width))
    bags = Bags.from_padded(rng.integers(0, rows, (count, length)), row_count=rows)
    np.testing.assert_allclose(
        reduction_named(mode).forward(table, bags), expected(mode, table, bags), rtol=1e-12
    )


@pytest.mark.parametrize("mode", REDUCTIONS)
def test_no_bags_give_no_vectors(mode):
    bags = Bags(np.empty(0, np.int64), np.zeros(1, np.int64))
    reduction = reduction_named(mode)
    assert reduction.forward(TABLE, bags).shape == (0, 4)
    assert reduction.backward(TABLE, bags, np.empty((0, 4))).rows.shape == (0, 4)


@pytest.mark.parametrize("mode", REDUCTIONS)
def test_the_bits_are_the_same_at_any_number_of_threads(mode):
    rng = np.random.default_rng(4)
    table = rng.normal(size=(2_000, 64)).astype(np.float32)
    offsets = np.sort(np.concatenate([[0], rng.integers(0, 9_000, 700), [9_000]]))
    bags = Bags(rng.zipf(1.3, 9_000) % 2_000, offsets, rng.normal(size=9_000).astype(np.float32))
    towards = rng.normal(size=(len(bags), 64)).astype(np.float32)
    reduction = reduction_named(mode)
    for function in (
        lambda threads: reduction.forward(table, bags, threads),
        lambda threads: reduction.backward(table, bags, towards, threads).rows,
        lambda threads: reduction.backward_weights(table, bags, towards, threads),
    ):
        one = function(1)
        for threads in (2, 7):
            np.testing.assert_array_equal(one, function(threads))


def test_a_mode_that_does_not_exist_is_told():
    with pytest.raises(InputError, match="mode must be one of sum, mean, sqrtn, max, got 'avg'"):
        reduction_named("avg")
