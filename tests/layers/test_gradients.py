import numpy as np
import pytest

from symvec.errors import InputError
from symvec.layers.gradients import RowGradient, sum_rows


def batch(positions=500, rows=70, width=33, dtype=np.float32):
    rng = np.random.default_rng(0)
    return rng.zipf(1.5, positions) % rows, rng.normal(size=(positions, width)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_compact_gradient_is_the_dense_one(dtype):
    ids, gradients = batch(dtype=dtype)
    compact = sum_rows(ids, gradients, 70)
    dense = np.zeros((70, 33))
    np.add.at(dense, ids, gradients.astype(np.float64))
    np.testing.assert_allclose(compact.to_dense(), dense, rtol=1e-3, atol=1e-4)
    assert compact.rows.dtype == dtype
    assert compact.norm() == pytest.approx(np.linalg.norm(dense), rel=1e-5)


def test_the_bits_are_the_same_at_any_number_of_threads():
    ids, gradients = batch(20_000, 3_000, 64)
    one = sum_rows(ids, gradients, 3_000, threads=1)
    for threads in (2, 3, 7, 16):
        other = sum_rows(ids, gradients, 3_000, threads=threads)
        np.testing.assert_array_equal(one.rows, other.rows)
        np.testing.assert_array_equal(one.row_ids, other.row_ids)


def test_padding_is_left_out_and_nothing_gives_nothing():
    ids = np.array([2, 5, 2, 1])
    compact = sum_rows(ids, np.ones((4, 3), np.float32), 6, left_out=2)
    assert compact.row_ids.tolist() == [1, 5]
    for shape in ((0, 3), (0, 0)):
        nothing = sum_rows(np.empty(0, np.int64), np.empty(shape, np.float32), 6)
        assert nothing.to_dense().shape == (6, shape[1])
    only_padding = sum_rows(np.array([2, 2]), np.ones((2, 3), np.float32), 6, left_out=2)
    assert only_padding.rows.shape == (0, 3)


def test_sums_and_multiples_of_gradients():
    ids, gradients = batch()
    one, other = sum_rows(ids, gradients, 70), sum_rows(ids[:50] // 2, gradients[:50], 70)
    total = (one + other).to_dense()
    np.testing.assert_allclose(total, one.to_dense() + other.to_dense(), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(one.scaled(0.5).rows, one.rows * np.float32(0.5))


def test_ids_that_do_not_rise_are_refused():
    with pytest.raises(InputError, match="row ids must rise strictly"):
        RowGradient(np.array([3, 3]), np.ones((2, 2)), 5)
    with pytest.raises(InputError, match="2 row ids came with 3 rows"):
        RowGradient(np.array([1, 3]), np.ones((3, 2)), 5)
