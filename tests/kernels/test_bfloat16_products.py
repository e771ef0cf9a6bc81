import numpy as np
import pytest

from symvec.kernels import bfloat16_products as kernels
from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.reference import bfloat16_products as twins

if not kernels.multiplies_bfloat16():
    reason = "nothing is compiled" if UNCOMPILED else "the processor multiplies no bfloat16"
    pytestmark = pytest.mark.skip(reason=reason)


def bits_of(numbers):
    bits = np.empty(numbers.shape, np.uint16)
    kernels.round_numbers(numbers.reshape(-1), bits.reshape(-1))
    return bits


def numbers_of(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32)


def case(rows, inner, columns, seed=0):
    random = np.random.default_rng(seed)
    left = bits_of(random.standard_normal((rows, inner), np.float32))
    return left, bits_of(random.standard_normal((inner, columns), np.float32))


def product(left, right, *ranges):
    out = np.full((len(left), right.shape[1]), np.nan, np.float32)
    panels = kernels.in_panels(right)
    for start, stop in ranges or [(0, len(panels))]:
        kernels.multiply_panels(left.view(np.uint32), panels, out, start, stop)
    return out


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 20])
@pytest.mark.parametrize(
    ("inner", "columns"), [(2, 32), (6, 64), (1024, 32), (1026, 96), (3000, 64)]
)
def test_products_are_those_of_the_rounded_numbers(rows, inner, columns):
    left, right = case(rows, inner, columns)
    expected = numbers_of(left).astype(np.float64) @ numbers_of(right)
    np.testing.assert_allclose(product(left, right), expected, atol=1e-6 * inner)


def test_some_panels_are_as_the_twin_has_them():
    left, right = case(11, 40, 128)
    answers = []
    for module in (kernels, twins):
        out = np.full((11, 128), 7, np.float32)
        module.multiply_panels(left.view(np.uint32), kernels.in_panels(right), out, 1, 3)
        answers.append(out)
    np.testing.assert_allclose(*answers, rtol=1e-5, atol=1e-5)


def test_a_rows_bits_depend_on_that_row_alone():
    left, right = case(19, 1500, 96)
    whole = product(left, right)
    for row in (0, 7, 8, 18):
        assert np.array_equal(product(left[row : row + 1].copy(), right)[0], whole[row])
    assert np.array_equal(product(left, right, (1, 3), (0, 1)), whole)


def test_only_the_columns_of_some_panels_are_written():
    left, right = case(9, 8, 96)
    found = product(left, right, (1, 2))
    assert np.isnan(found[:, :32]).all()
    assert np.isnan(found[:, 64:]).all()
    assert np.array_equal(found[:, 32:64], product(left, right)[:, 32:64])


def test_panels_hold_pairs_of_rows_by_column():
    bits = np.arange(4 * 64, dtype=np.uint16).reshape(4, 64)
    panels = kernels.in_panels(bits)
    assert panels.shape == (2, 2, 32)
    pairs = panels.view(np.uint16).reshape(2, 2, 32, 2)
    assert pairs[1, 0, 3].tolist() == [bits[0, 35], bits[1, 35]]
    assert pairs[0, 1, 31].tolist() == [bits[2, 31], bits[3, 31]]
