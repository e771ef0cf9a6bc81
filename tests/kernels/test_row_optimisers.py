import numpy as np
import pytest

from symvec.kernels import row_adagrad, row_adam, row_sgd
from symvec.kernels.reference import row_optimisers as twins
from symvec.kernels.row_history import COLUMNS, AdamHistory, AdamSettings, fill_recent
from symvec.kernels.row_sgd import SgdSettings

KERNELS = {**vars(row_sgd), **vars(row_adagrad), **vars(row_adam)}
ROWS, WIDTH = 9, 4
ROW_IDS = np.array([1, 4, 8])


def arrays(count, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(ROWS, WIDTH)) for _ in range(count)], rng.normal(size=(3, WIDTH))


def both(name, state, *arguments, out=None):
    """Run the kernel and its twin on copies; return the kernel's arrays."""
    results = []
    for named in (KERNELS, vars(twins)):
        copies = [array.copy() for array in state]
        extra = [] if out is None else [np.zeros(out)]
        stop = len(ROW_IDS)
        named[name](*copies, ROW_IDS, *arguments, *extra, 0, stop)
        results.append(copies + extra)
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-14)
    return results[0]


def test_sgd():
    (table,), gradients = arrays(1)
    settings = SgdSettings(0.1, 0.0, 1.0, 0.01, False)
    (after,) = both("sgd_rows", [table], gradients, settings)
    np.testing.assert_allclose(after[4], table[4] - 0.1 * (gradients[1] + 0.01 * table[4]))
    np.testing.assert_array_equal(np.delete(after, ROW_IDS, 0), np.delete(table, ROW_IDS, 0))


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("replayed", [False, True])
def test_momentum(nesterov, replayed):
    (table, buffers), gradients = arrays(2)
    last_steps = np.array([3, 0, 1, 2, 6, 5, 4, 3, 2], np.int32)
    transitions = np.random.default_rng(5).normal(size=(7 if replayed else 0, 4))
    transitions[:1] = [1, 0, 0, 1]  # no missed step
    settings = SgdSettings(0.1, 0.9, 0.7, 0.01, nesterov)
    state = [table, buffers, last_steps]
    after = both("momentum_rows", state, gradients, settings, 7, transitions)
    assert after[2][ROW_IDS].tolist() == [7, 7, 7]
    if replayed:
        both("read_momentum_rows", state, 6, transitions, out=(3, WIDTH))
        caught = both("catch_up_momentum_rows", state, 6, transitions)
        np.testing.assert_array_equal(caught[0][4], table[4])


def test_adagrad_with_a_sum_a_number_and_a_sum_a_row():
    (table, sums), gradients = arrays(2)
    both("adagrad_rows", [table, sums**2], gradients, 0.1, 1e-10)
    after = both("rowwise_adagrad_rows", [table, (sums**2)[:, 0].copy()], gradients, 0.1, 1e-10)
    np.testing.assert_allclose(after[1][1], sums[1, 0] ** 2 + np.mean(gradients[0] ** 2))


@pytest.mark.parametrize("coupled", [False, True])
def test_adam(coupled):
    (table, m, v), gradients = arrays(3)
    settings = AdamSettings(1e-3, 0.9, 0.999, 1e-8, 0.1, coupled)
    rates = np.full(21, 1e-3)
    logs = np.arange(21) * np.log1p(-1e-4)
    recent, frozen = np.zeros((301, COLUMNS)), np.zeros((21, COLUMNS))
    history = AdamHistory(20, 0, recent, frozen, rates, logs)
    fill_recent(settings, history)
    last_steps = np.arange(ROWS, dtype=np.int32) + 12
    state = [table, m, v**2, last_steps]
    after = both("adam_rows", state, gradients, settings, history)
    assert after[3][ROW_IDS].tolist() == [21, 21, 21]
    np.testing.assert_array_equal(np.delete(after[0], ROW_IDS, 0), np.delete(table, ROW_IDS, 0))


@pytest.mark.parametrize("coupled", [False, True])
def test_lazy_adam(coupled):
    (table, m, v), gradients = arrays(3)
    settings = AdamSettings(1e-3, 0.9, 0.999, 1e-8, 0.1, coupled)
    after = both("lazy_adam_rows", [table, m, v**2], gradients, settings, 21)
    for before, now in zip([table, m, v**2], after, strict=True):
        assert (before[ROW_IDS] != now[ROW_IDS]).all()
        np.testing.assert_array_equal(np.delete(now, ROW_IDS, 0), np.delete(before, ROW_IDS, 0))
