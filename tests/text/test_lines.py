import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.errors import FileError
from symvec.text import lines
from symvec.text.lines import read_lines
from symvec.text.reading import read_chunks


@given(st.text(alphabet="ab\n", max_size=30), st.integers(1, 7))
def test_lines_are_those_of_the_whole_text(tmp_path_factory, text, chunk_bytes):
    path = tmp_path_factory.mktemp("lines") / "text"
    path.write_text(text, newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "read_chunks", lambda source: read_chunks(source, chunk_bytes))
        found = list(read_lines(path))
    expected = text.split("\n")
    assert found == (expected if expected[-1] else expected[:-1])


def test_compressed_text_and_invalid_bytes_are_read(tmp_path):
    (tmp_path / "a").write_bytes(gzip.compress(b"one\nbl\xffck"))
    assert list(read_lines(tmp_path / "a")) == ["one", "bl\udcffck"]
    with pytest.raises(FileError, match=r"cannot open"):
        list(read_lines(tmp_path / "none"))
