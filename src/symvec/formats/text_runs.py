"""Runs of lines of a text file of vectors, each read by whichever core is free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symvec.arrays import Bytes1, Float1, Float2, Ids64
from symvec.formats.text_layout import Layout
from symvec.kernels import text_rows
from symvec.vectors.cosine import row_norms

BYTES_PER_NUMBER = 2
"""A field and its space take two bytes at least, so no file holds more numbers than this tells."""
_RUN_BYTES = 1 << 23
_RUN_NUMBERS = 64
_SLOW_NUMBERS = 1 << 12
_KEPT_FAULTS = 64


@dataclass(frozen=True, eq=False)
class Run:
    """What a run of lines holds.

    Args:
        blob: (bytes,) uint8, the words one after another.
        lengths: (rows,) int64, the bytes of each word.
        begins: (rows,) int64, where the line of each row begins, counted from the run's first byte.
        table: (rows, D) float32.
        norms: (rows,) float32, the length of each row, not finite where the row is not.
        faults: (faults, 3) int64: line, begin, end of lines that are no rows, the first ones.
        fault_count: how many there are.
        lines: how many lines the run has.
    """

    blob: Bytes1
    lengths: Ids64
    begins: Ids64
    table: Float2
    norms: Float1
    faults: Ids64
    fault_count: int
    lines: int


def run_bounds(octets: Bytes1, layout: Layout) -> list[int]:
    """Return where runs of lines begin, and the end of the last."""
    # A run must be long beside a row, for its room is rounded up to a whole one.
    run_bytes = max(_RUN_BYTES, _RUN_NUMBERS * layout.vector_size)
    bounds = [layout.begin]
    while bounds[-1] < octets.size:
        bounds.append(text_rows.next_line(octets, min(bounds[-1] + run_bytes, octets.size - 1)))
    return bounds


def row_capacity(octets: Bytes1, vector_size: int) -> int:
    """Return how many rows a run has at most."""
    most = octets.size // (BYTES_PER_NUMBER * vector_size) + 1
    return min(text_rows.count_lines(octets), most)


def read_run(octets: Bytes1, table: Float2) -> Run:
    """Read a run.

    Args:
        octets: (bytes,) uint8, whole lines.
        table: (rows, D) float32, written: at least as many rows as there are.
    """
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
    begins, ends = places[:rows, text_rows.WORD_BEGIN], places[:rows, text_rows.WORD_END]
    lengths = ends - begins
    blob = np.empty(int(lengths.sum()), dtype=np.uint8)
    text_rows.gather_words(octets, places[:rows], blob)
    return Run(
        blob,
        lengths,
        begins.copy(),
        table[:rows],
        row_norms(table[:rows]),
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
