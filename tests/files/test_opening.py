import numpy as np
import pytest
from safetensors.numpy import save_file

from symvec.errors import FileError, FormatError
from symvec.files import open_tensors, write_tensors


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model"
    write_tensors(path, {"table": np.eye(3, dtype=np.float32), "ids": np.arange(4)}, {"a": "b"})
    return path


def test_tensors_are_views_of_the_file_that_cannot_be_written(path):
    table = open_tensors(path).tensors["table"]
    assert not table.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        table[0, 0] = 5


def test_a_file_of_another_program_is_opened(tmp_path):
    arrays = {"x": np.arange(6, dtype=np.int16).reshape(2, 3), "y": np.ones(2, dtype=np.float16)}
    save_file(arrays, tmp_path / "foreign", metadata={"by": "another"})
    file = open_tensors(tmp_path / "foreign")
    assert file.metadata == {"by": "another"}
    assert {name: array.tolist() for name, array in file.tensors.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }
    with pytest.raises(FormatError, match="has no checksum of its tensor 'x'"):
        file.verify(["x"])


def test_a_changed_tensor_is_named_with_its_place(path):
    place = open_tensors(path).places["table"]
    data = bytearray(path.read_bytes())
    data[place.begin + 5] ^= 1
    path.write_bytes(data)
    file = open_tensors(path)
    file.verify(["ids"])
    with pytest.raises(FormatError) as caught:
        file.verify(["ids", "table"])
    assert str(caught.value) == (
        f"{path} is damaged: the tensor 'table' (bytes {place.begin:,} to {place.end:,}) does not "
        "have the SHA-256 that the header states; restore the file from a copy"
    )


def test_the_file_may_be_replaced_while_it_is_open(path):
    table = open_tensors(path).tensors["table"]
    write_tensors(path, {"table": np.zeros((3, 3), dtype=np.float32)}, {})
    assert table.trace() == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("missing", "cannot read .*missing: No such file or directory"),
        (".", "cannot read .*: it is not a regular file"),
        ("x\0y", "cannot read .*null"),
    ],
)
def test_what_cannot_be_opened(tmp_path, name, text):
    with pytest.raises(FileError, match=text) as caught:
        open_tensors(f"{tmp_path}/{name}")
    assert caught.value.exit_code == 3


def test_a_file_that_may_not_be_read(path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(FileError, match=r"cannot read .*model: Permission denied$"):
        open_tensors(path)


def test_the_longest_header(path, monkeypatch):
    monkeypatch.setattr("symvec.files.opening.LONGEST_HEADER_BYTES", 100)
    with pytest.raises(FormatError, match="bytes; symvec reads headers of up to 100"):
        open_tensors(path)
