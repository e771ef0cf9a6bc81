"""Converting holds no table in memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from symvec.errors import OutputError
from symvec.formats import convert, load
from symvec.formats.converting import write_as
from symvec.formats.room import copied, on_disk
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows

WORDS, SIZE = 40_000, 600
TABLE_BYTES = 4 * WORDS * SIZE
PEAK = """
import sys, tracemalloc
from symvec.formats import convert
from symvec.kernels import decimal_text, records, text_rows  # compiled code is no table
tracemalloc.start()
convert(sys.argv[1], sys.argv[2], to=sys.argv[3])
print(tracemalloc.get_traced_memory()[1])
"""


def peak_bytes(source: Path, target: Path, to: str) -> int:
    command = [sys.executable, "-c", PEAK, str(source), str(target), to]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_the_peak_does_not_hold_the_table(tmp_path: Path) -> None:
    line = b" 1 2 3" * (SIZE // 3) + b"\n"
    with (tmp_path / "text").open("wb") as file:
        file.write(b"%d %d\n" % (WORDS, SIZE))
        file.writelines(b"w%d" % row + line for row in range(WORDS))
    for source, to in (("text", "word2vec-binary"), ("word2vec-binary", "native")):
        assert peak_bytes(tmp_path / source, tmp_path / to, to) < TABLE_BYTES * 0.7
    found = load(tmp_path / "native")
    assert len(found) == WORDS
    assert found["w7"].tolist() == [1.0, 2.0, 3.0] * (SIZE // 3)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".symvec")]


def test_a_binary_file_without_a_line_end_in_it_is_no_text(tmp_path: Path) -> None:
    words = WordRows(Vocabulary.from_words(["a", "b"]))
    table = np.ones((2, 5 << 19), np.float32)  # longer than any line
    write_as(Vectors(words, table), tmp_path / "ones.bin", "word2vec-binary")
    assert load(tmp_path / "ones.bin").provenance["source_format"] == "word2vec binary"


def test_words_that_come_again_are_left_out_on_the_disk_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("4 2\na 1 2\nb 3 4\na 5 6\nc 7 8\n")
    with pytest.warns(UserWarning, match="'a' was there before"):
        convert(tmp_path / "a.txt", tmp_path / "b.safetensors")
    found = load(tmp_path / "b.safetensors")
    assert found.index_to_key == ["a", "b", "c"]
    assert found.table.tolist() == [[1, 2], [3, 4], [7, 8]]


def test_rows_on_the_disk_are_those_that_were_copied(tmp_path: Path) -> None:
    table = np.arange(12, dtype=np.float64).reshape(4, 3)
    rows = copied(table, on_disk(tmp_path), np.array([3, 0]))
    assert rows.dtype == np.float32
    assert rows.tolist() == [[9, 10, 11], [0, 1, 2]]
    assert on_disk(tmp_path)((0, 3)).shape == (0, 3)
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot hold .* bytes for a while in .*make room"):
        on_disk(tmp_path)((1 << 40, 1 << 10))


def test_what_a_format_cannot_hold_is_refused_before_it_is_written(tmp_path: Path) -> None:
    words = WordRows(Vocabulary.from_words(["new york", "b"]))
    Vectors(words, np.ones((2, 2), np.float32)).save(tmp_path / "a.safetensors")
    (tmp_path / "b.vec").write_bytes(b"old")
    with pytest.raises(Exception, match="cannot hold empty words or words with spaces"):
        convert(tmp_path / "a.safetensors", tmp_path / "b.vec")
    assert (tmp_path / "b.vec").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.safetensors", "b.vec"]
