"""Reading vectors as text: word2vec's, GloVe's and fastText's ``.vec`` files, on all cores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from symvec.arrays import Bytes1, Float1, Float2, Ids64
from symvec.formats.assembly import Words, assemble
from symvec.formats.content import Content
from symvec.formats.faults import Fault, Faults
from symvec.formats.room import Room, in_memory, release_rows
from symvec.formats.text_layout import NUMBER, Layout, count_fields
from symvec.formats.text_runs import BYTES_PER_NUMBER, Run, read_run, row_capacity, run_bounds
from symvec.vectors import Vectors

_SHOWN_BYTES = 40
_LINE_FEED = 0x0A


class Lines(NamedTuple):
    """What the lines of a file hold.

    Args:
        words: what they begin with.
        table: (lines, D) float32, the numbers behind.
        norms: (lines,) float32, the length of each row.
    """

    words: Words
    table: Float2
    norms: Float1


def read_text(content: Content, layout: Layout, faults: Faults, room: Room = in_memory) -> Vectors:
    """Read a text file of vectors; the table goes to ``room``.

    Raises:
        FormatError: from ``faults``, at a line that is no row, or where the words are not as
            many as the first line claims.
    """
    words, table, norms = read_lines(content, layout, faults, room)
    provenance = {"source_format": layout.name}
    return assemble(words, table, faults, content.path, provenance, norms=norms, room=room)


def read_lines(content: Content, layout: Layout, faults: Faults, room: Room = in_memory) -> Lines:
    """Return the words at the beginning of the lines, and the numbers behind them.

    Raises:
        FormatError: see ``read_text``.
    """
    check_header(content, layout, faults)
    end = content_end(content.octets, layout.begin)
    bounds = run_bounds(content.octets[:end], layout)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        capacity = partial(_capacity, content, layout.vector_size)
        capacities = list(pool.map(capacity, bounds, bounds[1:]))
        firsts = np.concatenate([[0], np.cumsum(capacities)]).astype(np.int64)
        table = room((int(firsts[-1]), layout.vector_size))
        slices = [slice(first, last) for first, last in pairwise(firsts.tolist())]
        reading = partial(_read_and_release, content, table)
        runs = list(pool.map(reading, slices, bounds, bounds[1:]))
    rows = _joined(table, firsts, runs)
    check_lines(content, layout, bounds, runs, faults)
    norms = np.concatenate([*(run.norms for run in runs), np.zeros(0, np.float32)])
    return Lines(words_of(runs), rows, norms)


def _capacity(content: Content, vector_size: int, begin: int, stop: int) -> int:
    capacity = row_capacity(content.octets[begin:stop], vector_size)
    content.release(begin, stop)
    return capacity


def _read_and_release(content: Content, table: Float2, rows: slice, begin: int, stop: int) -> Run:
    """Read a run, and unload the bytes that are not needed again, and rows that have a file."""
    run = read_run(content.octets[begin:stop], np.asarray(table[rows]))
    content.release(begin, stop)
    release_rows(table, rows)
    return run


def check_lines(
    content: Content, layout: Layout, bounds: Sequence[int], runs: Sequence[Run], faults: Faults
) -> None:
    """Tell what is wrong with the lines of a file, and with their number."""
    _report_lines(content, layout, bounds, runs, faults)
    rows = sum(len(run.lengths) for run in runs)
    _check_count(layout, rows, faults)
    _check_last_line(content, bounds[-1], rows, faults)


def check_header(content: Content, layout: Layout, faults: Faults) -> None:
    """Tell of a first line whose sizes the file cannot have."""
    header = layout.header
    if header is not None and header.vector_size != layout.vector_size:
        faults.found(
            Fault(
                "header",
                "line 1",
                f"it claims {header.vector_size:,} numbers a word, but the lines have "
                f"{layout.vector_size:,}",
            )
        )
    most = content.octets.size // BYTES_PER_NUMBER // layout.vector_size
    if header is not None and header.words > most:
        faults.found(
            Fault(
                "cut off",
                "line 1",
                f"it claims {header.words:,} words, but the file's {content.octets.size:,} bytes "
                f"cannot hold more than {most:,}",
            )
        )


def content_end(octets: Bytes1, begin: int) -> int:
    """Return where the last line that is not empty ends, its line end included."""
    end = octets.size
    while end > begin + 1 and octets[end - 1] == _LINE_FEED and octets[end - 2] == _LINE_FEED:
        end -= 1
    return end


def _report_lines(
    content: Content, layout: Layout, bounds: Sequence[int], runs: Sequence[Run], faults: Faults
) -> None:
    """Tell of the lines that are no rows, each with its number in the file."""
    line_number = 1 if layout.header is None else 2
    for begin, run in zip(bounds, runs, strict=False):
        for line, first, stop in run.faults.tolist():
            text = content.bytes(begin + first, begin + stop)
            place = f"line {line_number + line:,}"
            faults.found(Fault("line", place, _explained(text, layout.vector_size)))
        left = run.fault_count - len(run.faults)
        if left > 0:
            place = f"lines {line_number:,} to {line_number + run.lines - 1:,}"
            faults.found(Fault("line", place, "more lines like these", count=left))
        line_number += run.lines


def _explained(line: bytes, vector_size: int) -> str:
    shown = repr(line[:_SHOWN_BYTES])[1:] + ("..." if len(line) > _SHOWN_BYTES else "")
    if not line.strip(b" \r"):
        return "it is empty"
    found = count_fields(line)
    if found < vector_size:
        hint = "; fields are separated by spaces" if b"\t" in line else ""
        return (
            f"expected a word and {vector_size:,} numbers, found {found:,} numbers{hint}: {shown}"
        )
    for field in line.rstrip(b" \r").split(b" ")[-vector_size:]:
        if field and not NUMBER.fullmatch(field):
            return f"{field[:_SHOWN_BYTES]!r} is not a number: {shown}"
    return f"expected a word and {vector_size:,} numbers: {shown}"


def _joined(table: Float2, firsts: Ids64, runs: Sequence[Run]) -> Float2:
    """Return the rows without the room between those of one run and the next, moved in place."""
    filled = 0
    for first, run in zip(firsts.tolist(), runs, strict=False):
        rows = len(run.table)
        if first != filled:
            table[filled : filled + rows] = table[first : first + rows]
        filled += rows
    return table[:filled]


def words_of(runs: Sequence[Run]) -> Words:
    """Return the words of all runs."""
    lengths = np.concatenate([*(run.lengths for run in runs), np.zeros(0, np.int64)])
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return Words(np.concatenate([*(run.blob for run in runs), np.zeros(0, np.uint8)]), offsets)


def _check_count(layout: Layout, rows: int, faults: Faults) -> None:
    if layout.header is not None and layout.header.words != rows:
        faults.found(
            Fault(
                "cut off" if rows < layout.header.words else "header",
                "line 1",
                f"it claims {layout.header.words:,} words, but {rows:,} follow",
            )
        )


def _check_last_line(content: Content, end: int, rows: int, faults: Faults) -> None:
    """Tell if the last line has no end: then its last number may have lost digits."""
    if rows and content.octets[end - 1] != _LINE_FEED:
        faults.found(
            Fault(
                "cut off",
                "the last line",
                "it has no line end, so the file may have been cut off within its last number",
                fatal=False,
            )
        )
