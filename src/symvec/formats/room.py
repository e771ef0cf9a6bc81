"""Room for a table that is read: in memory, or in a file that goes when the table does."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64
from symvec.errors import OutputError
from symvec.files import PathLike
from symvec.vocabulary.mapped import release

Room: TypeAlias = Callable[[tuple[int, int]], Float2]
"""Gives a (rows, D) float32 array to be written."""

_BLOCK_NUMBERS = 1 << 20
_ZEROS = bytes(1 << 20)


def in_memory(shape: tuple[int, int]) -> Float2:
    """Give room in memory."""
    return np.empty(shape, dtype=np.float32)


def on_disk(folder: PathLike) -> Room:
    """Give room in a file without a name in a folder, mapped into memory.

    Its pages are written to the disk whenever the system wants their memory.
    """

    def room(shape: tuple[int, int]) -> Float2:
        if 0 in shape:  # nothing cannot be mapped
            return in_memory(shape)
        size_bytes = 4 * shape[0] * shape[1]
        try:
            with tempfile.TemporaryFile(prefix=".symvec-", dir=Path(folder)) as file:
                _reserve(file.fileno(), size_bytes)
                return np.memmap(file, dtype=np.float32, mode="r+", shape=shape)
        except OSError as error:
            raise OutputError(
                f"cannot hold {size_bytes:,} bytes for a while in {os.fspath(folder)}: "
                f"{error.strerror or error}; make room or write to another disk"
            ) from error

    return room


def row_blocks(rows: int, vector_size: int, block_numbers: int = _BLOCK_NUMBERS) -> Iterator[slice]:
    """Go through the rows of a table in runs of about a million numbers."""
    step = max(1, block_numbers // max(1, vector_size))
    for first in range(0, rows, step):
        yield slice(first, min(rows, first + step))


def release_rows(table: AnyArray, rows: slice) -> None:
    """Let go of the memory of rows of a mapped table; read again, they come from its file."""
    release(table, rows.stop * table.shape[1], rows.start * table.shape[1])


def copied(table: AnyArray, room: Room, kept: Ids64 | None = None) -> Float2:
    """Return rows of a table of any numbers as float32, copied block by block.

    Args:
        table: (rows, D) numbers.
        room: where they go.
        kept: (kept,) int64, the rows that are wanted, or None for all.
    """
    count = len(table) if kept is None else len(kept)
    rows = room((count, table.shape[1]))
    for block in row_blocks(*rows.shape):
        with np.errstate(over="ignore"):
            rows[block] = table[block] if kept is None else table[kept[block]]
        release_rows(rows, block)
    return rows


def _reserve(descriptor: int, size_bytes: int) -> None:
    """Take the room now: a full disk would end the process later, when a page is written."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size_bytes)
        return
    for begin in range(0, size_bytes, len(_ZEROS)):
        os.write(descriptor, _ZEROS[: size_bytes - begin])
