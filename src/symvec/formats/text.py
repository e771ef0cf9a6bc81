"""Reading vectors as text: word2vec's, GloVe's and fastText's ``.vec`` files, on all cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from symvec.arrays import Bytes1, Float2, Ids64
from symvec.formats.assembly import Words, assemble
from symvec.formats.content import Content
from symvec.formats.faults import Fault, Faults
from symvec.formats.text_layout import NUMBER, Layout, count_fields
from symvec.kernels import text_rows
from symvec.vectors import Vectors

# A field and its space take two bytes at least, so no file holds more numbers than this tells.
_BYTES_PER_NUMBER = 2
_CHUNK_BYTES = 1 << 23
_CHUNK_NUMBERS = 64
_SLOW_NUMBERS = 1 << 12
_KEPT_FAULTS = 64
_SHOWN_BYTES = 40
_LINE_FEED = 0x0A


@dataclass(frozen=True, eq=False)
class _Part:
    """What a run of lines holds.

    Args:
        places: (rows, 3) int64: begin and end of each word, counted from the run's first byte,
            and its line, counted from the run's first.
        table: (rows, D) float32.
        faults: (faults, 3) int64: line, begin, end of lines that are no rows, the first ones.
        fault_count: how many there are.
        lines: how many lines the run has.
    """

    places: Ids64
    table: Float2
    faults: Ids64
    fault_count: int
    lines: int


def read_text(content: Content, layout: Layout, faults: Faults) -> Vectors:
    """Read a text file of vectors.

    Raises:
        FormatError: from ``faults``, at a line that is no row, or where the words are not as
            many as the first line claims.
    """
    words, table = read_lines(content, layout, faults)
    return assemble(words, table, faults, content.path, {"source_format": layout.name})


def read_lines(content: Content, layout: Layout, faults: Faults) -> tuple[Words, Float2]:
    """Return the words at the beginning of the lines, and the (lines, D) numbers behind them.

    Raises:
        FormatError: see ``read_text``.
    """
    _check_header(content, layout, faults)
    end = _content_end(content.octets, layout.begin)
    bounds = _bounds(content.octets[:end], layout)
    runs = [content.octets[begin:stop] for begin, stop in pairwise(bounds)]
    capacities = [_capacity(run, layout.vector_size) for run in runs]
    firsts = np.concatenate([[0], np.cumsum(capacities)]).astype(np.int64)
    table = np.empty((int(firsts[-1]), layout.vector_size), dtype=np.float32)
    slices = [table[first:last] for first, last in pairwise(firsts.tolist())]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        parts = list(pool.map(_read_run, runs, slices))
    _report_lines(content, layout, bounds, parts, faults)
    rows = _joined(table, firsts, parts)
    _check_count(layout, len(rows), faults)
    _check_last_line(content, end, len(rows), faults)
    return _words(runs, parts), rows


def _check_header(content: Content, layout: Layout, faults: Faults) -> None:
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
    most = content.octets.size // _BYTES_PER_NUMBER // layout.vector_size
    if header is not None and header.words > most:
        faults.found(
            Fault(
                "cut off",
                "line 1",
                f"it claims {header.words:,} words, but the file's {content.octets.size:,} bytes "
                f"cannot hold more than {most:,}",
            )
        )


def _content_end(octets: Bytes1, begin: int) -> int:
    """Return where the last line that is not empty ends, its line end included."""
    end = octets.size
    while end > begin + 1 and octets[end - 1] == _LINE_FEED and octets[end - 2] == _LINE_FEED:
        end -= 1
    return end


def _bounds(octets: Bytes1, layout: Layout) -> list[int]:
    """Return where runs of lines begin, and the end of the last."""
    # A run must be long beside a row, for its room is rounded up to a whole one.
    run_bytes = max(_CHUNK_BYTES, _CHUNK_NUMBERS * layout.vector_size)
    bounds = [layout.begin]
    while bounds[-1] < octets.size:
        bounds.append(text_rows.next_line(octets, min(bounds[-1] + run_bytes, octets.size - 1)))
    return bounds


def _capacity(run: Bytes1, vector_size: int) -> int:
    most = run.size // (_BYTES_PER_NUMBER * vector_size) + 1
    return min(text_rows.count_lines(run), most)


def _read_run(octets: Bytes1, table: Float2) -> _Part:
    places = np.empty((len(table), 3), dtype=np.int64)
    slow = np.empty((max(_SLOW_NUMBERS, 4 * table.shape[1]), 4), dtype=np.int64)
    faults = np.empty((_KEPT_FAULTS, 3), dtype=np.int64)
    progress = np.zeros(text_rows.PROGRESS_SIZE, dtype=np.int64)
    done = False
    while not done:
        progress[text_rows.SLOWS] = 0
        done = text_rows.read_rows(octets, places, table, slow, faults, progress)
        _read_slow(octets, slow[: progress[text_rows.SLOWS]], table)
    rows, fault_count = int(progress[text_rows.ROWS]), int(progress[text_rows.FAULTS])
    return _Part(
        places[:rows],
        table[:rows],
        faults[:fault_count],
        fault_count,
        int(progress[text_rows.LINES]),
    )


def _read_slow(octets: Bytes1, slow: Ids64, table: Float2) -> None:
    """Read the numbers that the kernel leaves: very long ones, at the edges, not finite ones."""
    for row, column, begin, end in slow.tolist():
        value = float(octets[begin:end].tobytes())
        with np.errstate(over="ignore"):
            table[row, column] = np.float64(value).astype(np.float32)


def _report_lines(
    content: Content, layout: Layout, bounds: list[int], parts: list[_Part], faults: Faults
) -> None:
    """Tell of the lines that are no rows, each with its number in the file."""
    line_number = 1 if layout.header is None else 2
    for begin, part in zip(bounds, parts, strict=False):
        for line, first, stop in part.faults.tolist():
            text = content.bytes(begin + first, begin + stop)
            place = f"line {line_number + line:,}"
            faults.found(Fault("line", place, _explained(text, layout.vector_size)))
        left = part.fault_count - len(part.faults)
        if left > 0:
            place = f"lines {line_number:,} to {line_number + part.lines - 1:,}"
            faults.found(Fault("line", place, "more lines like these", count=left))
        line_number += part.lines


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


def _joined(table: Float2, firsts: Ids64, parts: list[_Part]) -> Float2:
    """Return the rows without the room between those of one run and the next, moved in place."""
    filled = 0
    for first, part in zip(firsts.tolist(), parts, strict=False):
        rows = len(part.table)
        if first != filled:
            table[filled : filled + rows] = table[first : first + rows]
        filled += rows
    return table[:filled]


def _words(runs: list[Bytes1], parts: list[_Part]) -> Words:
    lengths = [part.places[:, 1] - part.places[:, 0] for part in parts]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate([*lengths, []]))])
    offsets = offsets.astype(np.int64)
    blob = np.empty(int(offsets[-1]), dtype=np.uint8)
    word = 0
    for run, part in zip(runs, parts, strict=True):
        text_rows.gather_words(run, part.places, blob[offsets[word] :])
        word += len(part.places)
    return Words(blob, offsets)


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
