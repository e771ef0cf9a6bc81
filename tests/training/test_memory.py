import numpy as np
import pytest

from symvec.arrays import RaggedRows
from symvec.training import memory
from symvec.training.plan import plan
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus


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


def test_threads_share_rows_out_to_and_fro():
    settings = Word2VecSettings()
    counts = np.ones(400, np.int64)
    planned = plan(settings, counts, EncodedCorpus(np.array([*range(400), -1], np.int32), 400, 1))
    touches = memory.touches(500, planned, threads=3)
    assert touches.owners.tolist() == [0, 1, 2, 2, 1, 0, 0, 1]  # of 64 rows each
    assert not memory.touches(500, planned).owners.any()
    assert set(memory.touches(100_000, planned, threads=300).owners) == set(range(256))


def test_inputs_that_are_drawn_again_hold_nothing_of_what_was_there():
    settings = Word2VecSettings(vector_size=20)
    inputs = memory.matrix(5, 20)
    memory.fill_inputs(inputs, settings)
    expected = inputs.copy()
    inputs[:] = np.nan  # as vectors that grew without bound leave the numbers that fill a row
    memory.fill_inputs(inputs, settings)
    np.testing.assert_array_equal(inputs, expected)


@pytest.mark.parametrize("vector_size", [1, 20, 100])
def test_inputs_are_drawn_the_same_at_any_number_of_threads(vector_size):
    settings = Word2VecSettings(vector_size=vector_size, seed=5)
    rows = 2 * 4096 + 3
    wanted = memory.matrix(rows, vector_size)
    random = np.random.Generator(np.random.Philox(5))
    drawn = random.random((rows, vector_size), dtype=np.float32)
    wanted[:, :vector_size] = (2 * drawn - 1) / np.float32(vector_size)
    for threads in (1, 3):
        inputs = memory.matrix(rows, vector_size)
        memory.fill_inputs(inputs, settings, threads)
        np.testing.assert_array_equal(inputs, wanted)


@pytest.mark.parametrize(("rows", "size"), [(0, 5), (1, 16), (9000, 20), (9000, 31)])
def test_narrow_rows_are_those_that_were_wide(rows, size):
    wide = memory.matrix(rows, size)
    wide[:] = np.arange(wide.size).reshape(wide.shape)
    wanted = wide[:, :size].copy()
    narrow = memory.narrowed(wide, size)
    np.testing.assert_array_equal(narrow, wanted)
    assert narrow.flags.c_contiguous
    assert np.shares_memory(narrow, wide) or not rows
