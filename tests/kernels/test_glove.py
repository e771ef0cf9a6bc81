import numpy as np
import pytest

from symvec.kernels.cooccurrence import PairBits
from symvec.kernels.glove import GloveTables, entries_loss, make_entries, train_entries
from symvec.kernels.random import below, draw
from symvec.kernels.reference import glove as twin
from symvec.training import memory

SIZE, RATE = 5, 0.05


def tables(rows, seed=0):
    values = memory.matrix(2 * rows, SIZE + 2)
    values[:, :SIZE] = np.random.default_rng(seed).normal(0, 0.3, (2 * rows, SIZE))
    values[0::2, SIZE], values[1::2, SIZE + 1] = 0.1, -0.2
    values[1::2, SIZE] = values[0::2, SIZE + 1] = 1
    return GloveTables(values, memory.matrix(2 * rows, SIZE + 2))


def entries_of(pairs):
    entries = np.zeros((len(pairs), 4), np.int32)
    targets = entries.view(np.float32)
    for n, (first, second, logarithm, weight) in enumerate(pairs):
        entries[n, :2], targets[n, 2:] = (first, second), (logarithm, weight)
    return entries, targets


def random_pairs(count, rows, seed=1):
    random = np.random.default_rng(seed)
    couples = np.sort(random.integers(0, rows, (count, 2)))
    return [(a, b, *random.random(2)) for a, b in couples]


def copied(given):
    return GloveTables(given.values.copy(), given.sums.copy())


def train(given, pairs, key=7):
    entries, targets = entries_of(pairs)
    return train_entries(given, entries, targets, np.uint64(key), SIZE, RATE)


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_training_is_what_the_formulas_say(count):
    found = tables(6)
    wanted = copied(found)
    pairs = random_pairs(count, 6)
    key = np.uint64(7)
    draws = [int(below(np.uint64(draw(key, n)), n + 1)) for n in range(count - 1, 0, -1)]
    entries, targets = entries_of(pairs)
    order = twin.shuffled(np.arange(count, dtype=np.int32)[:, None], draws)[:, 0]
    loss = 0.0
    for n in order:
        first, second = int(entries[n, 0]), int(entries[n, 1])
        loss += twin.train_entry(
            wanted.values, wanted.sums, first, second, *map(float, targets[n, 2:]), SIZE, RATE
        )
    assert train(found, pairs) == pytest.approx(loss, rel=1e-4)
    np.testing.assert_allclose(found.values, wanted.values, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.sums, wanted.sums, rtol=1e-3, atol=1e-9)


def test_a_small_step_goes_down_the_numeric_gradient():
    given = tables(2)
    before = given.values.astype(np.float64)
    logarithm, weight = 0.7, 0.4

    def loss(values):
        word, context = values[0], values[3]
        biases = word[SIZE], context[SIZE + 1]
        return twin.loss(word[:SIZE], context[:SIZE], biases, logarithm, weight)

    gradient = np.zeros_like(before)
    for row in (0, 3):
        for column in range(SIZE + 2):
            up, down = before.copy(), before.copy()
            up[row, column] += 1e-6
            down[row, column] -= 1e-6
            gradient[row, column] = (loss(up) - loss(down)) / 2e-6
    values, sums = given.values.copy(), given.sums.copy()
    difference = float(values[0] @ values[3]) - logarithm
    twin.adagrad_step(values, sums, 0, 3, RATE * weight * difference, values.shape[1])
    values[0, SIZE + 1] = values[3, SIZE] = 1
    np.testing.assert_allclose((before - values) / RATE, gradient, rtol=1e-4, atol=1e-5)


def test_the_loss_is_the_mean_of_the_formula_before_any_step():
    given = tables(4)
    ((first, second, logarithm, weight),) = random_pairs(1, 4, seed=5)
    values = given.values.astype(np.float64)
    expected = sum(
        twin.loss(
            values[2 * w, :SIZE],
            values[2 * c + 1, :SIZE],
            (values[2 * w, SIZE], values[2 * c + 1, SIZE + 1]),
            logarithm,
            weight,
        )
        for w, c in ((first, second), (second, first))
    )
    assert train(given, [(first, second, logarithm, weight)]) == pytest.approx(expected, rel=1e-4)


def test_a_word_beside_itself_is_trained_once():
    given = tables(2)
    expected = copied(given)
    loss = twin.train_entry(expected.values, expected.sums, 1, 1, 0.5, 1.0, SIZE, RATE)
    assert train(given, [(1, 1, 0.5, 1.0)]) == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(given.values, expected.values, rtol=1e-4, atol=1e-6)


def test_the_key_decides_the_order():
    results = {}
    for key in (1, 2, 2):
        given = tables(6)
        train(given, random_pairs(40, 6), key)
        results.setdefault(key, []).append(given.values)
    np.testing.assert_array_equal(*results[2])
    assert not np.array_equal(results[1][0], results[2][0])


def test_pairs_become_entries():
    bits = PairBits(1, 2, 0)
    keys = np.array([0b0_1_10_01, 0b0_0_00_11], np.uint64)  # groups, then indices
    entries = np.zeros((2, 4), np.int32)
    make_entries(
        keys, np.array([600, 12]), bits, 4, 6.0, 100.0, 0.75, entries, entries.view(np.float32)
    )
    assert entries[:, :2].tolist() == [[2, 5], [0, 3]]
    targets = entries.view(np.float32)[:, 2:]
    expected = [twin.target(x, 100.0, 0.75) for x in (100.0, 2.0)]
    np.testing.assert_allclose(targets, expected, rtol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_the_loss_is_what_the_formulas_say_and_nothing_is_trained(count):
    given = tables(6)
    before = copied(given)
    pairs = random_pairs(count, 6)
    expected = 0.0
    for first, second, logarithm, weight in pairs:
        for word, context in {(first, second), (second, first)}:
            w, c = given.values[2 * word], given.values[2 * context + 1]
            biases = (float(w[SIZE]), float(c[SIZE + 1]))
            rest = (float(np.float32(logarithm)), float(np.float32(weight)))
            expected += twin.loss(w[:SIZE], c[:SIZE], biases, *rest)
    assert entries_loss(given, *entries_of(pairs)) == pytest.approx(expected, rel=1e-4)
    np.testing.assert_array_equal(given.values, before.values)
    np.testing.assert_array_equal(given.sums, before.sums)
