import numpy as np

from symvec.arrays import RaggedRows
from symvec.training import memory
from symvec.training.settings import Word2VecSettings


def test_rows_begin_on_cache_lines():
    for shape in [(3, 20), (2, 5, 100), (1, 1), (0, 8)]:
        matrix = memory.matrix(*shape)
        assert not matrix.size or matrix.ctypes.data % 64 == 0
        assert matrix.shape[:-1] == shape[:-1]
        assert matrix.shape[-1] % 16 == 0
        assert matrix.flags.c_contiguous
        assert not matrix.any()


def test_tables_begin_with_small_random_inputs_and_no_outputs():
    rows = RaggedRows(np.array([0, 1, 1, 9999]), np.array([0, 2, 4]))
    tables, again = (
        memory.tables(rows, 10_000, Word2VecSettings(vector_size=20)) for _ in range(2)
    )
    drawn = tables.inputs[:, :20]
    assert drawn.shape == (10_000, 20)
    assert abs(float(drawn.mean())) < 1e-3
    assert 0 < np.abs(drawn).max() <= 1 / 20
    assert not tables.inputs[:, 20:].any()  # what is beyond a vector stays nothing
    assert len(tables.outputs) == 2
    assert not tables.outputs.any()
    np.testing.assert_array_equal(tables.inputs, again.inputs)
    other = memory.tables(rows, 10_000, Word2VecSettings(vector_size=20, seed=2))
    assert not np.array_equal(tables.inputs, other.inputs)


def test_inputs_that_are_drawn_again_hold_nothing_of_what_was_there():
    settings = Word2VecSettings(vector_size=20)
    inputs = memory.matrix(5, 20)
    memory.fill_inputs(inputs, settings)
    expected = inputs.copy()
    inputs[:] = np.nan  # as vectors that grew without bound leave the numbers that fill a row
    memory.fill_inputs(inputs, settings)
    np.testing.assert_array_equal(inputs, expected)
