import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys

import pytest

from symvec.errors import FileError, FormatError
from symvec.text.compression import find_compression, zstd
from symvec.text.reading import read_chunks

COMPRESS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda text: zstd.compress(text, options={zstd.CompressionParameter.checksum_flag: 1}),
}
TEXT = "".join(f"line {number} é\n" for number in range(5000)).encode()


@pytest.mark.parametrize("name", COMPRESS)
def test_compressed_text_is_told_by_content(tmp_path, name):
    file = tmp_path / "plain.txt"
    file.write_bytes(COMPRESS[name](TEXT[:999]) + COMPRESS[name](TEXT[999:]))  # two members
    chunks = list(read_chunks(file, 1000))
    assert b"".join(chunk.text for chunk in chunks) == TEXT
    assert sum(chunk.source_bytes for chunk in chunks) == file.stat().st_size
    assert [chunk.is_last for chunk in chunks] == [False] * (len(chunks) - 1) + [True]


@pytest.mark.parametrize("name", COMPRESS)
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_damaged_compressed_text_names_the_file_and_the_format(tmp_path, name, damage):
    data = bytearray(COMPRESS[name](os.urandom(3000).hex().encode()))
    if damage == "cut":
        del data[len(data) // 2 :]
    else:
        for place in range(len(data) // 2, len(data) // 2 + 8):
            data[place] ^= 0xFF
    file = tmp_path / "text"
    file.write_bytes(data)
    with pytest.raises(FormatError) as caught:
        list(read_chunks(file))
    start = f"the {name} data of '{file}' is damaged or cut short after 0 bytes of text ("
    assert str(caught.value).startswith(start)


@pytest.mark.parametrize("text", [b"", b"BZh", b"BZh9 is how bzip2 begins", b"\x1f", b"a"])
def test_short_and_misleading_beginnings_are_plain_text(tmp_path, text):
    file = tmp_path / "text"
    file.write_bytes(text)
    (chunk,) = read_chunks(file)
    assert (chunk.text, chunk.source_bytes, chunk.is_last) == (text, len(text), True)
    assert find_compression(text) is None


def test_an_empty_compressed_file_is_an_empty_text(tmp_path):
    for compress in COMPRESS.values():
        (tmp_path / "text").write_bytes(compress(b""))
        assert [chunk.text for chunk in read_chunks(tmp_path / "text")] == [b""]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("tea".encode("utf-16"), "is UTF-16, expected UTF-8; convert it first: iconv -f UTF-16"),
        (b"\xfe\xff\0t", "is UTF-16, expected UTF-8"),
        ("tea".encode("utf-32"), "is UTF-32, expected UTF-8"),
        ("tea".encode("utf-16-le") * 99, "does not look like text: 297 of its first 594 bytes"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9, "does not look like text"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path, data, message):
    for name, content in (("plain", data), ("packed", gzip.compress(data))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FormatError) as caught:
            list(read_chunks(tmp_path / name))
        assert str(caught.value).startswith(f"'{tmp_path / name}' {message}")


@pytest.mark.parametrize("data", ["caf\xe9 ".encode("latin-1") * 99, b"a few \0 NULs " * 99])
def test_text_with_some_odd_bytes_is_read(tmp_path, data):
    (tmp_path / "text").write_bytes(data)
    assert b"".join(chunk.text for chunk in read_chunks(tmp_path / "text")) == data


def test_a_file_that_cannot_be_opened_or_read(tmp_path):
    with pytest.raises(FileError, match=f"cannot open '{tmp_path / 'no'}': No such file"):
        list(read_chunks(tmp_path / "no"))
    with pytest.raises(FileError, match=f"cannot open '{tmp_path}': Is a directory"):
        list(read_chunks(tmp_path))


def test_standard_input_in_memory(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TEXT))))
    assert b"".join(chunk.text for chunk in read_chunks("-")) == TEXT


def test_standard_input_through_a_pipe_stays_open():
    program = (
        "import sys, os; from symvec.text.reading import read_chunks\n"
        "chunks = list(read_chunks('-', 100))\n"
        "os.fstat(0)\n"
        "print(len(chunks), sum(len(c.text) for c in chunks), sum(c.source_bytes for c in chunks))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], input=b"x" * 950, capture_output=True, check=True
    )
    assert finished.stdout.split() == [b"10", b"950", b"950"]
