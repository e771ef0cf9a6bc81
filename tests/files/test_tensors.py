import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from safetensors.numpy import load, load_file

from symvec.errors import InputError, OutputError
from symvec.files import open_tensors, write_tensors
from symvec.files.tensors import ALIGNMENT_BYTES, DTYPES

ARRAYS = {
    "table": np.arange(35, dtype=np.float32).reshape(5, 7),
    "letters": np.arange(3, dtype=np.uint8),
    "counts": np.array([2**40, -1]),
    "nothing": np.zeros((0, 4), dtype=np.float32),
    "number": np.array(2.5),
}


def same(first, second):
    return first.keys() == second.keys() and all(
        np.array_equal(first[name], second[name]) and first[name].dtype == second[name].dtype
        for name in first
    )


def test_what_was_written_is_read(tmp_path):
    write_tensors(tmp_path / "a", ARRAYS, {"language": "ko", "word": "한국어"})
    file = open_tensors(tmp_path / "a")
    assert same(file.tensors, ARRAYS)
    assert (file.metadata["language"], file.metadata["word"]) == ("ko", "한국어")
    assert file.size_bytes == (tmp_path / "a").stat().st_size
    file.verify(ARRAYS)


def test_the_reference_implementation_reads_it(tmp_path):
    write_tensors(tmp_path / "a", ARRAYS, {"language": "ko"})
    assert same(load_file(tmp_path / "a"), ARRAYS)


dtypes = st.sampled_from(list(DTYPES.values()))
shapes = st_numpy.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
tensors = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=4),
    dtypes.flatmap(lambda dtype: st_numpy.arrays(dtype, shapes)),
    max_size=4,
)


@given(tensors, st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3))
def test_any_arrays_and_text_come_back(tmp_path_factory, arrays, metadata):
    path = tmp_path_factory.getbasetemp() / "any"
    write_tensors(path, arrays, metadata)
    file = open_tensors(path)
    assert list(file.tensors.keys()) == [name for name, _ in sorted(file.places.items(), key=place)]
    for name, array in arrays.items():
        assert file.tensors[name].tobytes() == array.tobytes()
        assert file.tensors[name].shape == array.shape
    assert metadata.items() <= dict(file.metadata).items()
    file.verify(arrays)


def place(item):
    return item[1].begin, -item[1].dtype.itemsize, item[0]


def test_the_same_arrays_give_the_same_bytes(tmp_path):
    write_tensors(tmp_path / "a", ARRAYS, {"x": "1", "y": "2"})
    write_tensors(tmp_path / "b", dict(reversed(ARRAYS.items())), {"y": "2", "x": "1"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_arrays_may_lie_in_any_way(tmp_path):
    table = np.arange(12, dtype=np.float32).reshape(3, 4)
    odd = {"t": table.T, "s": table[::2, ::-1], "big": table.astype(">f4")}
    write_tensors(tmp_path / "a", odd, {})
    for name, array in open_tensors(tmp_path / "a").tensors.items():
        assert np.array_equal(array, odd[name])


@pytest.mark.parametrize("words", [1, 2, 3, 8])
def test_the_largest_tensor_is_aligned_and_the_others_by_their_elements(tmp_path, words):
    arrays = {
        "table": np.zeros((words, 33), dtype=np.float32),
        "offsets": np.arange(words + 1),
        "blob": np.zeros(words, dtype=np.uint8),
    }
    write_tensors(tmp_path / "a", arrays, {})
    for name, place in open_tensors(tmp_path / "a").places.items():
        step = ALIGNMENT_BYTES if name == "table" else place.dtype.itemsize
        assert place.begin % step == 0


@pytest.mark.parametrize("odd", [1, 2, 3])
def test_elements_are_aligned_whatever_lies_before_the_largest_tensor(tmp_path, odd):
    path = tmp_path / "file"
    write_tensors(
        path,
        {
            "counts": np.arange(5),
            "order": np.arange(odd, dtype=np.int32),
            "table": np.zeros((40, 3), np.float32),
            "text": np.zeros(7, np.uint8),
        },
        {},
    )
    opened = open_tensors(path)
    for name, place in opened.places.items():
        assert place.begin % place.dtype.itemsize == 0, name
        assert opened.tensors[name].flags.aligned
    assert opened.places["table"].begin % ALIGNMENT_BYTES == 4 * (odd % 2)


def test_arrays_larger_than_a_chunk(tmp_path, monkeypatch):
    monkeypatch.setattr("symvec.files.tensors._CHUNK_BYTES", 40)
    write_tensors(tmp_path / "a", ARRAYS, {})
    file = open_tensors(tmp_path / "a")
    assert same(file.tensors, ARRAYS)
    file.verify(ARRAYS)


@pytest.mark.parametrize("name", ["__metadata__", "symvec.sha256.header"])
def test_names_of_the_container_are_refused(tmp_path, name):
    with pytest.raises(InputError, match="is taken by the container itself"):
        write_tensors(tmp_path / "a", {name: np.zeros(1)}, {})
    with pytest.raises(InputError, match="is taken by the container itself"):
        write_tensors(tmp_path / "a", {}, {name: "x"})


@pytest.mark.parametrize("array", [np.array(["tea"]), np.array([1j]), np.array([object()])])
def test_types_that_it_cannot_hold_are_refused(tmp_path, array):
    with pytest.raises(InputError, match=r"the tensor 'x' is of .*, which the file cannot hold"):
        write_tensors(tmp_path / "a", {"x": array}, {})
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="it is a folder"):
        write_tensors(tmp_path, ARRAYS, {})


def test_the_layout_that_the_reference_page_describes(tmp_path):
    write_tensors(tmp_path / "a", ARRAYS, {"language": "ko"})
    data = (tmp_path / "a").read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    assert same(load(data), ARRAYS)
    assert next(iter(header)) == "__metadata__"
    assert next(iter(header["__metadata__"])) == "symvec.sha256.header"
    offsets = [entry["data_offsets"] for name, entry in header.items() if name != "__metadata__"]
    assert [begin for begin, _ in offsets][1:] == [end for _, end in offsets][:-1]
    assert offsets[-1][1] == len(data) - 8 - length
