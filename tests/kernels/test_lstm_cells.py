import numpy as np
import pytest

from symvec.kernels import lstm_cells as kernels
from symvec.kernels.reference import lstm_cells as twins

STEPS, ROWS, SIZE = 3, 4, 5


def arrays(seed=0):
    random = np.random.default_rng(seed)
    gates = random.normal(0, 3, (STEPS, ROWS, 4 * SIZE)).astype(np.float32)
    memories, squashed = random.normal(0, 1, (2, STEPS, ROWS, SIZE)).astype(np.float32)
    return gates, memories, squashed


@pytest.mark.parametrize("step", [0, 1, 2])
def test_cells_open_as_the_formula_says(step):
    answers = []
    for module in (kernels, twins):
        case = *arrays(), np.full((ROWS, SIZE), np.nan, np.float32)
        module.open_cells(*case, step)
        answers.append(case)
    for found, expected in zip(*answers, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("step", [0, 1, 2])
def test_cells_close_as_the_formula_says(step):
    random = np.random.default_rng(1)
    grads, carried = random.normal(size=(2, ROWS, SIZE)).astype(np.float32)
    opened = arrays()
    for n in range(STEPS):
        twins.open_cells(*opened, np.empty((ROWS, SIZE), np.float32), n)
    answers = []
    for module in (kernels, twins):
        case = carried.copy(), np.zeros_like(opened[0])
        module.close_cells(*opened, grads.copy(), *case, step)
        answers.append(case)
    for found, expected in zip(*answers, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("clip", [0.2, np.inf])
def test_cells_are_read_as_the_formula_says(clip):
    gates, memories, _ = arrays()
    bias = np.random.default_rng(2).normal(size=4 * SIZE).astype(np.float32)
    answers = []
    for module in (kernels, twins):
        case = memories[0].copy(), np.full((ROWS, SIZE), np.nan, np.float32)
        read = np.arange(ROWS)[::-1].copy()
        module.read_cells(gates[0], read, gates[1], bias, *case, np.float32(clip), 1, ROWS)
        assert np.array_equal(case[0][0], memories[0][0])  # rows outside of the range stay
        assert np.isnan(case[1][0]).all()
        answers.append([each[1:] for each in case])
    for found, expected in zip(*answers, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-6)
    assert np.abs(answers[0][0]).max() <= np.float32(clip)


def test_gates_far_out_are_at_their_ends():
    for value, (new, rest) in {1e30: (1, 1), -1e30: (-1, 0), 0.0: (0, 0.5)}.items():
        gates = np.full((1, 1, 4), value, np.float32)
        kernels.open_cells(gates, *np.zeros((2, 1, 1, 1), np.float32), np.zeros((1, 1), "f"), 0)
        np.testing.assert_allclose(gates[0, 0], [new, rest, rest, rest], atol=2e-7)


def test_tanh_is_exact_to_float32():
    x = np.linspace(-12, 12, 4001).astype(np.float32).reshape(1, 1, -1)
    zeros = np.zeros((1, 1, x.shape[2]), np.float32)
    gates = np.concatenate([x, zeros, zeros, zeros], axis=2)
    kernels.open_cells(gates, zeros.copy(), zeros.copy(), zeros[0].copy(), 0)
    np.testing.assert_allclose(gates[0, 0, : x.shape[2]], np.tanh(x[0, 0]), rtol=6e-7)


def test_no_rows_are_no_work():
    empty = np.zeros((1, 0, 4 * SIZE), np.float32)
    none = np.zeros((1, 0, SIZE), np.float32)
    kernels.open_cells(empty, none, none, none[0], 0)
    kernels.close_cells(empty, none, none, none[0], none[0], empty, 0)
