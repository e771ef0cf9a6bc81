import numpy as np
import pytest

from symvec.kernels import row_history as closed
from symvec.kernels import row_replay as kernels
from symvec.kernels.reference import row_replay as twins
from symvec.kernels.row_history import AdamHistory, AdamSettings

NO_PLACES = (np.empty(0, np.int64),) * 3


def history_of(settings, steps, horizon, base=0):
    rates = np.zeros(steps + 1)
    rates[1:] = settings.learning_rate * (1 + 0.5 * np.sin(np.arange(steps) / 7))
    shrink = 0.0 if settings.coupled else settings.weight_decay
    logs = np.append(0.0, np.cumsum(np.log1p(-rates[1:] * shrink)))
    recent = np.zeros((horizon + 1, closed.COLUMNS))
    frozen = np.zeros((steps + 1, closed.COLUMNS))
    history = AdamHistory(base, base, recent, frozen, rates, logs)
    for step in range(base, base + steps + 1):
        history = history._replace(step=step)
        closed.fill_recent(settings, history)
    return history


def states(gradient_scale, rows=6, width=5, seed=0):
    rng = np.random.default_rng(seed)
    m = rng.normal(size=(rows, width)) * gradient_scale
    v = (rng.normal(size=(rows, width)) * gradient_scale) ** 2 * 0.05
    m[0, 0] = v[0, 0] = 0  # never touched
    return rng.normal(size=(rows, width)), m, v


@pytest.mark.parametrize("gradient_scale", [1.0, 1e-5, 1e-8, 1e-11])
@pytest.mark.parametrize(("beta1", "beta2"), [(0.9, 0.999), (0.9, 0.95), (0.0, 0.9), (0.5, 0.99)])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_the_closed_form_moves_rows_as_the_missed_steps_do(
    gradient_scale, beta1, beta2, weight_decay
):
    settings = AdamSettings(1e-2, beta1, beta2, 1e-8, weight_decay, False)
    history = history_of(settings, steps=700, horizon=410)
    table, m, v = states(gradient_scale)
    last_steps = np.array([1, 4, 30, 200, 690, 700], np.int32)
    row_ids = np.arange(6)
    moved = np.empty_like(table), np.empty_like(table)
    for module, out in zip((kernels, twins), moved, strict=True):
        module.read_rows(table, m, v, last_steps, row_ids, *NO_PLACES, settings, history, out, 0, 6)
    movement = np.abs(moved[1] - table).max()
    np.testing.assert_allclose(moved[0], moved[1], rtol=0, atol=2e-6 * movement + 1e-15)
    np.testing.assert_array_equal(moved[0][5], table[5])


def test_catching_up_writes_what_reading_shows_and_moves_the_state():
    settings = AdamSettings(1e-2, 0.9, 0.999, 1e-8, 0.1, False)
    history = history_of(settings, steps=50, horizon=300)
    table, m, v = states(1.0)
    last_steps = np.array([1, 4, 30, 20, 45, 50], np.int32)
    shown = np.empty_like(table)
    arguments = settings, history
    kernels.read_rows(table, m, v, last_steps, np.arange(6), *NO_PLACES, *arguments, shown, 0, 6)
    expected = [array.copy() for array in (table, m, v, last_steps)]
    twins.catch_up_rows(*expected, np.arange(6), *arguments, 0, 6)
    kernels.catch_up_rows(table, m, v, last_steps, np.empty(0, np.int64), *arguments, 0, 6)
    np.testing.assert_array_equal(table, shown)
    assert last_steps.tolist() == [50] * 6
    for ours, theirs in zip((table, m, v), expected[:3], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-9)


def test_coupled_decay_is_looped_over_every_missed_step():
    settings = AdamSettings(1e-2, 0.9, 0.999, 1e-8, 0.1, True)
    history = history_of(settings, steps=60, horizon=300)
    ours = [*states(1.0), np.array([0, 4, 30, 20, 45, 60], np.int32)]
    theirs = [array.copy() for array in ours]
    for module, rows in ((kernels, ours), (twins, theirs)):
        module.catch_up_rows(*rows, np.arange(6), settings, history, 0, 6)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-12)


def test_a_history_may_begin_at_any_step():
    settings = AdamSettings(1e-2, 0.9, 0.999, 1e-8, 0.1, False)
    history = history_of(settings, steps=40, horizon=300, base=5_000)
    table, m, v = states(1.0)
    last_steps = np.full(6, 5_003, np.int32)
    ours, theirs = np.empty_like(table), np.empty_like(table)
    for module, out in ((kernels, ours), (twins, theirs)):
        places = np.arange(6), *NO_PLACES
        module.read_rows(table, m, v, last_steps, *places, settings, history, out, 0, 6)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_the_recursion_gives_the_moments_of_the_sum():
    settings = AdamSettings(1e-2, 0.9, 0.999, 1e-8, 0.1, False)
    history = history_of(settings, steps=80, horizon=30)
    for gap in (1, 2, 30):
        expected = np.zeros(closed.COLUMNS)
        closed.two_nodes(twins.moments(gap, settings, history), settings.epsilon, expected)
        columns = slice(closed.WEIGHT_1, None)
        np.testing.assert_allclose(history.recent[gap, columns], expected[columns], rtol=1e-6)


def test_moments_that_overflow_fall_back_to_the_loop():
    target = np.zeros(closed.COLUMNS)
    closed.two_nodes(np.array([1.0, 2.0, np.inf, np.inf]), 1e-8, target)
    assert target[closed.LOOP_BELOW] == np.inf


def test_a_row_is_written_to_each_of_its_positions():
    settings = AdamSettings(1e-2, 0.9, 0.999, 1e-8, 0.1, False)
    history = history_of(settings, steps=40, horizon=300)
    table, m, v = states(1.0)
    last_steps = np.array([40, 3, 7, 30, 39, 20], np.int32)
    each, batch, expected = np.empty_like(table), np.empty((5, 5)), np.empty((5, 5))
    state = table, m, v, last_steps
    kernels.read_rows(*state, np.arange(6), *NO_PLACES, settings, history, each, 0, 6)
    order, edges = np.array([1, 3, 0, 4, 2]), np.array([0, 2, 3, 5])
    places = np.array([0, 2, 5]), order, edges[:-1], edges[1:]
    for module, out in ((kernels, batch), (twins, expected)):
        module.read_rows(*state, *places, settings, history, out, 0, 3)
    np.testing.assert_array_equal(batch, each[[2, 0, 5, 0, 5]])
    np.testing.assert_allclose(batch, expected, rtol=1e-6)
