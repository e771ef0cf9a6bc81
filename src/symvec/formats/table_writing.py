"""Writing tables with their words beside them (NumPy, safetensors) or within (Parquet)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from symvec.files import PathLike, ensure_writable, write_atomically, write_tensors
from symvec.formats import limits
from symvec.formats.parquet import EXTRA
from symvec.formats.room import release_rows, row_blocks
from symvec.optional import require
from symvec.vectors import Vectors
from symvec.vocabulary import WordRows

TENSOR = "embeddings"


def write_npy(vectors: Vectors, path: PathLike) -> None:
    """Write NumPy's ``.npy``, and the words as a list in JSON beside it.

    Raises:
        InputError: words are more than one row each; nothing was written.
        OutputError: a file cannot be written; the one that was there is unchanged.
    """
    limits.refuse_other_rows(vectors, (WordRows,), "NumPy")
    _write_vocabulary(vectors, path)
    with write_atomically(path) as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": vectors.table.shape}
        np.lib.format.write_array_header_1_0(file, header)
        for block in row_blocks(*vectors.table.shape):
            file.write(np.ascontiguousarray(vectors.table[block], dtype="<f4").data)
            release_rows(vectors.table, block)


def write_safetensors(vectors: Vectors, path: PathLike) -> None:
    """Write one plain tensor, ``embeddings``, and the words as a list in JSON beside it.

    Raises:
        InputError: words are more than one row each; nothing was written.
        OutputError: a file cannot be written; the one that was there is unchanged.
    """
    limits.refuse_other_rows(vectors, (WordRows,), "safetensors with a vocabulary")
    _write_vocabulary(vectors, path)
    write_tensors(path, {TENSOR: vectors.table}, {})


def write_parquet(vectors: Vectors, path: PathLike) -> None:
    """Write Parquet with two columns: ``word``, and ``vector``, a list of D float32.

    Raises:
        InputError: words are more than one row each, or not UTF-8; nothing was written.
        MissingExtraError: pyarrow is not installed.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    arrow = require("pyarrow", extra=EXTRA)
    parquet = require("pyarrow.parquet", extra=EXTRA)
    limits.refuse_other_rows(vectors, (WordRows,), "Parquet")
    limits.refuse_broken_text(vectors, "Parquet")
    vector_size = vectors.vector_size
    kind = arrow.list_(arrow.float32(), vector_size)
    schema = arrow.schema([("word", arrow.string()), ("vector", kind)])
    words = iter(vectors.vocabulary)
    with write_atomically(path) as file, parquet.ParquetWriter(file, schema) as writer:
        for block in row_blocks(len(vectors), vector_size):
            rows = np.ascontiguousarray(vectors.table[block])
            names = arrow.array([next(words) for _ in range(len(rows))], arrow.string())
            numbers = arrow.FixedSizeListArray.from_arrays(arrow.array(rows.reshape(-1)), type=kind)
            writer.write_batch(arrow.record_batch([names, numbers], schema=schema))
            release_rows(vectors.table, block)


def _write_vocabulary(vectors: Vectors, path: PathLike) -> None:
    ensure_writable(path, needed_bytes=vectors.table.nbytes)
    with write_atomically(Path(path).with_suffix(".json")) as file:
        # Bytes that are no UTF-8 are escapes of lone surrogates in it (PEP 383).
        file.write(json.dumps(vectors.vocabulary.words, indent=0).encode("ascii"))
