"""Tables of numbers whose words lie in another file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FormatError
from symvec.files import PathLike
from symvec.formats.assembly import assemble
from symvec.formats.faults import Faults
from symvec.formats.room import Room, copied, in_memory
from symvec.formats.vocabulary_file import read_vocabulary
from symvec.vectors import Vectors

SUFFIXES = (".vocab", ".words", ".txt", ".json", ".parquet", ".tsv")
"""How a vocabulary beside a table may be called: ``model.npy`` and ``model.vocab``."""
NAMES = ("vocab.txt", "vocab.json", "tokenizer.json", "words.txt")
"""What a vocabulary in a folder is called by custom."""


def table_vectors(
    path: str,
    table: AnyArray,
    vocabulary: PathLike | None,
    faults: Faults,
    kind: str,
    room: Room = in_memory,
) -> Vectors:
    """Return the vectors of a table and the words of its vocabulary file.

    Raises:
        FileError: there is no vocabulary.
        FormatError: the table is not (words, D) numbers, or has not a row for each word.
    """
    if table.ndim != 2 or table.dtype.kind not in "fiu" or table.shape[1] == 0:
        raise FormatError(
            f"{path}: it holds an array of shape {table.shape} and type {table.dtype}, expected "
            "(words, D) numbers"
        )
    place = vocabulary if vocabulary is not None else find_vocabulary(path)
    words = read_vocabulary(place)
    found = len(words.offsets) - 1
    if found != len(table):
        raise FormatError(
            f"{path} has {len(table):,} rows, but the vocabulary {os.fspath(place)} has {found:,} "
            "words; each row needs its word"
        )
    is_ready = table.dtype == np.float32 and table.flags.c_contiguous and table.flags.aligned
    rows = table if is_ready else copied(table, room)
    return assemble(words, rows, faults, path, {"source_format": f"{kind} table"}, room=room)


def find_vocabulary(path: str) -> Path:
    """Return the vocabulary file that lies beside a table.

    Raises:
        FormatError: there is none.
    """
    table = Path(path)
    stems = (table, table.with_suffix(""))
    beside = [stem.with_name(stem.name + suffix) for stem in stems for suffix in SUFFIXES]
    for candidate in [*beside, *(table.with_name(name) for name in NAMES)]:
        if candidate.is_file() and candidate != table:
            return candidate
    raise FormatError(
        f"{path} is a table without words, and there is no vocabulary beside it (such as "
        f"{table.with_suffix('.vocab').name}); name it: symvec.load(path, vocabulary=...), or "
        "symvec convert TABLE OUT --vocabulary FILE; a folder of one table and its words opens "
        "itself"
    )
