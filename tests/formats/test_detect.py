import numpy as np
import pytest

from symvec.errors import FileError, FormatError
from symvec.formats import load
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows


def test_the_name_does_not_matter(tmp_path):
    vectors = Vectors(WordRows(Vocabulary.from_words(["tea"])), np.ones((1, 2), np.float32))
    for name in ("model.bin", "model", "model.txt"):
        vectors.save(tmp_path / name)
        assert len(load(tmp_path / name)) == 1
        assert len(load(str(tmp_path / name))) == 1


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is empty"),
        (b"tea and coffee\nmilk\n", "is of no known format"),
        (b"\x80\x04\x95\x0a", "8 bytes are claimed"),
        (b"\xba\x16\x4f\x2f" + bytes(99), "version 0 of fastText's format"),
        (b"PK\x03\x04" + bytes(99), "a zip archive"),
        (b"\x89HDF\r\n\x1a\n" + bytes(99), "an HDF5 file"),
        ("tea 1 2\n".encode("utf-16"), "is UTF-16 or UTF-32 text"),
        (bytes(99), "is of no known format"),
    ],
)
def test_files_of_no_vectors(tmp_path, content, text):
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(FormatError, match=text) as caught:
        load(tmp_path / "model.safetensors")
    assert str(tmp_path / "model.safetensors") in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match=r"cannot read .*: No such file or directory"):
        load(tmp_path / "model")
