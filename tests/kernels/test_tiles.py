import numpy as np
import pytest

from symvec.kernels import tiles
from symvec.kernels.compiling import kernel
from symvec.kernels.reference import tiles as twin
from symvec.training import memory


@kernel
def _set_product(c, a, b, rows, columns, depth):
    tiles.set_product(c, a, b, rows, columns, depth)


@kernel
def _add_product(c, a, b, rows, columns, depth):
    tiles.add_product(c, a, b, rows, columns, depth)


@kernel
def _transpose(target, x, rows, columns):
    tiles.transpose(target, x, rows, columns)


@kernel
def _set_row_products(c, a, b, rows, columns, depth):
    tiles.set_row_products(c, a, b, rows, columns, depth)


@kernel
def _rows(y, x, scale, columns):
    tiles.prefetch_row(x, 2, columns)
    tiles.sum_rows(y, 0, x, 1, x, 2, columns)
    tiles.sum_rows(y, 1, y, 1, x, 0, columns)
    tiles.add_scaled_row(y, 2, x, 1, scale, columns)
    return tiles.dot_rows(y, 3, x, 0, columns)


def normal(seed, rows, columns):
    matrix = memory.matrix(rows, columns)
    matrix[:] = np.random.default_rng(seed).normal(size=matrix.shape)
    return matrix


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 5, 6, 8, 14, 23])
@pytest.mark.parametrize("columns", [8, 16, 24, 48, 56, 104, 128])
@pytest.mark.parametrize("depth", [1, 6, 17])
def test_products(turned, rows, columns, depth):
    a, b, c = normal(1, rows, depth), normal(2, depth, columns), normal(3, rows, columns)
    if turned:
        a = normal(1, depth, rows).T
    for compiled, formula in ((_set_product, twin.set_product), (_add_product, twin.add_product)):
        found, expected = c.copy(), c.copy()
        compiled(found, a, b, rows, columns, depth)
        formula(expected, a, b, rows, columns, depth)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_products_of_parts_of_matrices_leave_the_rest_alone():
    a, b, c = normal(1, 12, 16), normal(2, 16, 40), normal(3, 12, 40)
    found = c.copy()
    _set_product(found[6:], a[6:], b[:, 8:], 5, 16, 16)
    expected = c.copy()
    expected[6:11, :16] = a[6:11] @ b[:, 8:24]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("rows", "columns"), [(0, 4), (4, 4), (8, 12), (16, 4)])
@pytest.mark.parametrize("depth", [16, 48, 112])
def test_products_of_rows(rows, columns, depth):
    a, b, found = normal(1, rows, depth), normal(2, columns, depth), normal(3, rows, columns)
    expected = found.copy()
    expected[:rows, :columns] = a @ b.T
    _set_row_products(found, a, b, rows, columns, depth)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", [(8, 8), (8, 24), (48, 104)])
def test_transposes(shape):
    x, target = normal(1, *shape), memory.matrix(*shape[::-1])
    _transpose(target, x, *shape)
    np.testing.assert_array_equal(target[: shape[1], : shape[0]], x[:, : shape[1]].T)


@pytest.mark.parametrize("columns", [8, 16, 104])
def test_rows(columns):
    x, y = normal(1, 3, columns), normal(2, 4, columns)
    expected = y.copy()
    expected[0, :columns] = x[1, :columns] + x[2, :columns]
    expected[1, :columns] += x[0, :columns]
    expected[2, :columns] += np.float32(0.3) * x[1, :columns]
    product = _rows(y, x, np.float32(0.3), columns)
    np.testing.assert_allclose(y, expected, rtol=1e-6, atol=1e-6)
    assert product == pytest.approx(float(y[3, :columns] @ x[0, :columns]), rel=1e-4)
