import numpy as np
import pytest

from symvec.vectors import cosines, row_norms
from symvec.vectors.cosine import inverse_norms, unit

TABLE = np.array([[3, 4], [0, 0], [np.nan, 1], [np.inf, 1], [3e38, 3e38], [1e-40, 0]], np.float32)


def test_norms_are_computed_in_double_precision():
    norms = row_norms(np.array([[1e30, 1e30], [1e-30, 0]], dtype=np.float32))
    assert norms == pytest.approx([2**0.5 * 1e30, 1e-30], rel=1e-6)
    assert norms.dtype == np.float32


def test_only_odd_rows_have_odd_norms():
    norms = row_norms(TABLE)
    assert norms[:2].tolist() == [5.0, 0.0]
    assert np.isfinite(norms).tolist() == [True, True, False, False, False, True]
    assert inverse_norms(norms) == pytest.approx([0.2, 0, 0, 0, 0, 0])


def test_norms_in_blocks(monkeypatch):
    table = np.random.default_rng(1).standard_normal((10, 3)).astype(np.float32)
    whole = row_norms(table)
    monkeypatch.setattr("symvec.vectors.cosine._BLOCK_NUMBERS", 4)
    assert row_norms(table).tolist() == whole.tolist()
    assert whole == pytest.approx(np.linalg.norm(table, axis=1))


def test_no_rows():
    assert row_norms(np.zeros((0, 3), dtype=np.float32)).shape == (0,)
    assert unit(np.zeros((0, 3))).shape == (0, 3)
    assert cosines(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0,)


def test_unit():
    assert unit(TABLE[:2]).tolist() == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))
    assert unit(TABLE[:2]).dtype == np.float32


def test_cosines():
    other = np.tile([[1.0, 0.0]], (4, 1))
    found = cosines(TABLE[:4], other)
    assert found[:2].tolist() == pytest.approx([0.6, 0.0])
    assert np.isnan(found[2:]).all()
    vector = np.array([[0.1, 0.7, 0.3]])
    assert cosines(vector, vector).tolist() == [1.0]
    assert cosines(vector, -3 * vector).tolist() == [-1.0]
