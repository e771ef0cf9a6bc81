"""Text files of vectors are read in runs of lines, whose pages are let go of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import symvec
from symvec.formats import text_runs
from symvec.formats.content import open_content
from symvec.vectors.cosine import row_norms


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(text_runs, "_RUN_BYTES", 64)
    monkeypatch.setattr(text_runs, "_RUN_NUMBERS", 1)
    path = tmp_path / "v.txt"
    rows = (f"w{row} {row}.5 -{row}e-3 1e{row % 60 - 30}" for row in range(500))
    path.write_text("500 3\n" + "\n".join(rows) + "\n", encoding="ascii")
    return path


def test_runs_give_the_rows_that_numpy_reads(lines: Path) -> None:
    vectors = symvec.load(lines)
    expected = np.loadtxt(lines, skiprows=1, usecols=(1, 2, 3)).astype(np.float32)
    np.testing.assert_array_equal(vectors.table, expected)
    assert vectors.index_to_key == [f"w{row}" for row in range(500)]


def test_the_norms_found_while_reading_are_those_of_the_table(lines: Path) -> None:
    vectors = symvec.load(lines)
    assert vectors.stored_norms is not None
    np.testing.assert_array_equal(vectors.stored_norms, row_norms(vectors.table))


def test_a_word_twice_leaves_the_norms_of_the_rows_that_are_kept(lines: Path) -> None:
    with lines.open("a") as file:
        file.write("w3 9 9 9\nnew 3 4 0\n")
    lines.write_bytes(lines.read_bytes().replace(b"500 3", b"502 3", 1))
    with pytest.warns(UserWarning, match="'w3' was there before"):
        vectors = symvec.load(lines)
    assert float(vectors.norms[500]) == 5.0
    np.testing.assert_array_equal(vectors.norms, row_norms(vectors.table))


def test_a_fault_of_a_later_run_has_its_line_number(lines: Path) -> None:
    with lines.open("a") as file:
        file.write("bad 1 2\n")
    with pytest.raises(symvec.errors.FormatError, match=r"line 502: expected a word and 3 numbers"):
        symvec.load(lines)


def test_released_bytes_are_there_when_read_again(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(bytes(range(256)) * 256)
    content = open_content(path, lambda head: None)
    before = content.octets.copy()
    content.release(5000, 60000)
    content.release(0, 1)
    np.testing.assert_array_equal(content.octets, before)
