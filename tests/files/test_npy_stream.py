import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.files.npy_stream import NpyStream, npy_stream


@given(
    parts=st.lists(st.integers(0, 5), max_size=6),
    dtype=st.sampled_from(["uint8", "int64", "float16", "float32"]),
    row_shape=st.sampled_from([(), (3,), (2, 3)]),
)
def test_numpy_reads_what_was_appended(tmp_path_factory, parts, dtype, row_shape):
    path = tmp_path_factory.mktemp("npy") / "rows.npy"
    random = np.random.default_rng(0)
    rows = [random.integers(0, 9, (count, *row_shape)) for count in parts]
    with npy_stream(path, dtype, row_shape) as stream:
        for some in rows:
            stream.append(some)
    found = np.load(path, mmap_mode="r") if sum(parts) else np.load(path)
    assert (found.dtype, found.shape) == (np.dtype(dtype), (sum(parts), *row_shape))
    assert np.array_equal(found, np.concatenate([np.zeros((0, *row_shape), int), *rows]))


def test_any_count_of_rows_has_room_in_the_header(tmp_path):
    with (tmp_path / "a").open("xb") as file:
        stream = NpyStream(file, np.float32, (1 << 40, 1 << 40))
        stream.row_count = 1 << 62
        stream.finish()
    assert (tmp_path / "a").stat().st_size == 128


def test_rows_of_another_shape_are_refused(tmp_path):
    with (
        npy_stream(tmp_path / "a", np.float32, (2,)) as stream,
        pytest.raises(ValueError, match=r"rows must be of shape \(2,\), got \(3,\)"),
    ):
        stream.append(np.zeros((1, 3)))
