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
def _set_path_scores(nodes, table, slots, first, rows, x, x_rows, scores, columns, dimensions):
    tiles.set_path_scores(nodes, table, slots, first, rows, x, x_rows, scores, columns, dimensions)


@kernel
def _add_path_changes(nodes, table, slots, first, rows, x, x_rows, changes, g, columns, dimensions):
    tiles.add_path_changes(
        nodes, table, slots, first, rows, x, x_rows, changes, g, columns, dimensions
    )


@kernel
def _rows(y, x, scale, columns):
    tiles.prefetch_row(x, 2, columns)
    tiles.sum_rows(y, 0, x, 1, x, 2, columns)
    tiles.sum_rows(y, 1, y, 1, x, 0, columns)
    tiles.add_scaled_row(y, 2, x, 1, scale, columns)
    tiles.copy_row(y, 4, x, 2, columns)
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


def some_rows(count, of):
    """Return the numbers of so many different rows, out of order."""
    return np.random.default_rng(count).permutation(of)[:count].astype(np.int32)


def some_slots(rows):
    """Return two slots that are not meant, then one for each row, then one more.

    Each third is a row of the table, with a sign.
    """
    slots = some_rows(rows + 3, 30)
    return np.where(slots % 3 == 0, ~slots, slots)


def nodes_at(slots, nodes, table):
    return np.stack([table[~slot] if slot < 0 else nodes[slot] for slot in slots])


@pytest.mark.parametrize(("rows", "columns"), [(1, 4), (3, 4), (8, 12), (13, 8)])
@pytest.mark.parametrize("dimensions", [8, 16, 104])
def test_scores_along_a_path(rows, columns, dimensions):
    nodes, table, x = (normal(seed, 30, dimensions) for seed in (1, 2, 3))
    slots, x_rows, found = some_slots(rows), some_rows(columns, 30), normal(4, 16, columns)
    expected = found.copy()
    own = nodes_at(slots[2 : 2 + rows], nodes, table)[:, :dimensions]
    expected[:rows, :columns] = own @ x[x_rows, :dimensions].T
    _set_path_scores(nodes, table, slots, 2, rows, x, x_rows, found, columns, dimensions)
    np.testing.assert_allclose(found[:rows], expected[:rows], rtol=1e-5, atol=1e-5)
    behind = -(-rows // tiles.SIDE) * tiles.SIDE
    np.testing.assert_array_equal(found[behind:], expected[behind:])


@pytest.mark.parametrize(("rows", "columns"), [(1, 2), (3, 2), (8, 10), (13, 16)])
@pytest.mark.parametrize("dimensions", [8, 16, 104])
def test_changes_along_a_path(rows, columns, dimensions):
    nodes, table, x, changes = (normal(seed, 30, dimensions) for seed in (1, 2, 3, 4))
    gradient = normal(5, 16, columns)
    gradient[rows:] = 0
    slots, x_rows = some_slots(rows), some_rows(columns, 30)
    own, others, g = slots[2 : 2 + rows], x_rows[:columns], gradient[:rows, :columns]
    was = [matrix.copy() for matrix in (nodes, table, changes)]
    _add_path_changes(
        nodes, table, slots, 2, rows, x, x_rows, changes, gradient, columns, dimensions
    )
    moved, n = np.zeros_like(nodes), nodes_at(own, *was[:2])
    np.add.at(moved[:, :dimensions], np.abs(own) - (own < 0), g @ x[others, :dimensions])
    in_table = np.isin(~np.arange(30), own)
    expected = [was[0] + np.where(in_table[:, None], 0, moved), was[1], was[2]]
    expected[1][in_table] += moved[in_table]
    expected[2][others, :dimensions] += g.T @ n[:, :dimensions]
    for found, wanted in zip((nodes, table, changes), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", [(8, 8), (8, 24), (48, 104)])
def test_transposes(shape):
    x, target = normal(1, *shape), memory.matrix(*shape[::-1])
    _transpose(target, x, *shape)
    np.testing.assert_array_equal(target[: shape[1], : shape[0]], x[:, : shape[1]].T)


@pytest.mark.parametrize("columns", [8, 16, 104])
def test_rows(columns):
    x, y = normal(1, 3, columns), normal(2, 5, columns)
    expected = y.copy()
    expected[0, :columns] = x[1, :columns] + x[2, :columns]
    expected[1, :columns] += x[0, :columns]
    expected[2, :columns] += np.float32(0.3) * x[1, :columns]
    expected[4, :columns] = x[2, :columns]
    product = _rows(y, x, np.float32(0.3), columns)
    np.testing.assert_allclose(y, expected, rtol=1e-6, atol=1e-6)
    assert product == pytest.approx(float(y[3, :columns] @ x[0, :columns]), rel=1e-4)
