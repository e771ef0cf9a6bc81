"""Numbers of bfloat16 in kernels: their values, their rounding, what is added up in them."""

import numpy as np
import pytest

from symvec.kernels import lstm_cells
from symvec.kernels.bfloat16 import element_of, number_of
from symvec.kernels.compiling import numeric_kernel
from symvec.kernels.reference import word_sums as twins
from symvec.kernels.word_sums import add_up_words

STEPS, ROWS, SIZE = 3, 4, 5


@numeric_kernel
def convert(numbers, out):
    for n in range(numbers.size):
        out[n] = element_of(number_of(numbers[n]), out)


def widened(bits):
    """Return what the bits stand for, by the definition."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def rounded(numbers):
    out = np.empty(numbers.shape, np.uint16)
    convert(numbers.reshape(-1), out.reshape(-1))
    return out


def test_every_number_is_what_its_bits_say():
    bits = np.arange(1 << 16, dtype=np.uint16)
    found = np.empty(bits.shape, np.float32)
    convert(bits, found)
    np.testing.assert_array_equal(found.view(np.uint32), bits.astype(np.uint32) << 16)


@pytest.mark.parametrize("spread", [1.0, 1e-30, 1e30])
def test_numbers_are_rounded_to_the_nearest(spread):
    numbers = (np.random.default_rng(0).normal(size=4000) * spread).astype(np.float32)
    found = rounded(numbers)
    off = np.abs(widened(found).astype(np.float64) - numbers)
    for step in (-1, 1):
        other = widened((found.astype(np.int32) + step).astype(np.uint16)).astype(np.float64)
        assert (off <= np.abs(other - numbers)).all()


def test_of_two_that_are_as_near_the_even_one_is_taken():
    for whole, expected in {0x3F808000: 0x3F80, 0x3F818000: 0x3F82, 0xBF818000: 0xBF82}.items():
        assert rounded(np.array([whole], np.uint32).view(np.float32)).tolist() == [expected]
    assert np.isnan(widened(rounded(np.array([np.nan, -np.nan], np.float32)))).all()
    infinite = np.array([np.inf, -np.inf, 3.4e38, 0.0], np.float32)
    assert widened(rounded(infinite)).tolist() == [np.inf, -np.inf, np.inf, 0.0]


def test_cells_of_bfloat16_are_near_those_of_float32():
    random = np.random.default_rng(0)
    gates = random.normal(0, 3, (STEPS, ROWS, 4 * SIZE)).astype(np.float32)
    grads, carried = random.normal(size=(2, ROWS, SIZE)).astype(np.float32)
    shapes = (STEPS, ROWS, SIZE), (ROWS, SIZE), (STEPS, ROWS, 4 * SIZE)
    exact = [widened(rounded(gates)), *(np.zeros(shape, np.float32) for shape in shapes)]
    near = [rounded(gates), *(np.zeros(shape, np.uint16) for shape in shapes)]
    memories = [np.zeros((STEPS, ROWS, SIZE), np.float32) for _ in range(2)]
    kept = [carried.copy(), carried.copy()]
    for (numbers, squashed, hidden, gate_grads), memory, own in zip(
        (exact, near), memories, kept, strict=True
    ):
        for step in range(STEPS):
            lstm_cells.open_cells(numbers, memory, squashed, hidden, step)
        came = grads.copy() if numbers.dtype == np.float32 else rounded(grads)
        for step in reversed(range(STEPS)):
            lstm_cells.close_cells(numbers, memory, squashed, came, own, gate_grads, step)
    for found, expected in zip(near, exact, strict=True):
        np.testing.assert_allclose(widened(found), expected, atol=0.05)
        assert np.abs(expected).max() > 0.3
    np.testing.assert_allclose(memories[1], memories[0], atol=0.05)
    np.testing.assert_allclose(kept[1], kept[0], atol=0.05)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.uint16])
def test_rows_are_added_up_by_word(kind):
    words = np.array([2, 0, 2, 2, 4])  # neither 1 nor 3
    rows = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    given = rounded(rows) if kind == np.uint16 else rows.astype(kind)
    order = np.argsort(words, kind="stable")
    starts = np.searchsorted(words[order], np.arange(6))
    sums = np.full((5, 7), 9, kind)
    space = np.empty(7, np.float64 if kind == np.float64 else np.float32)
    add_up_words(given, order, starts, space, sums)
    expected = np.zeros((5, 7))
    np.add.at(expected, words, widened(given) if kind == np.uint16 else given)
    found = widened(sums) if kind == np.uint16 else sums
    np.testing.assert_allclose(
        found, expected, rtol=0.004 if kind == np.uint16 else 1e-6, atol=1e-6
    )
    assert not found[[1, 3]].any()
    if kind != np.uint16:
        by_formula = np.full((5, 7), 9, kind)
        twins.add_up_words(given, order, starts, space, by_formula)
        np.testing.assert_allclose(sums, by_formula, rtol=1e-6, atol=1e-6)


def test_sums_of_bfloat16_are_rounded_at_their_end():
    rows = rounded(np.full((300, 1), 1.0, np.float32))  # in bfloat16 256 + 1 is 256
    sums = np.zeros((1, 1), np.uint16)
    add_up_words(rows, np.arange(300), np.array([0, 300]), np.empty(1, np.float32), sums)
    assert widened(sums).tolist() == [[300.0]]


def test_no_rows_are_no_work():
    add_up_words(
        np.zeros((0, 3), np.float32), np.arange(0), np.array([0]), np.zeros(3, np.float32),
        np.zeros((0, 3), np.float32),
    )  # fmt: skip
