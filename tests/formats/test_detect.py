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
    "content", [b"", b"2 3\ntea 1 2 3\n", b"\x80\x04\x95\x0a", b"\xba\x16\x4f\x2f" + bytes(99)]
)
def test_files_that_are_not_ours(tmp_path, content):
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(FormatError, match=r"model.safetensors .*safetensors file"):
        load(tmp_path / "model.safetensors")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match=r"cannot read .*: No such file or directory"):
        load(tmp_path / "model")
