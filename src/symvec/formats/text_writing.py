"""Writing vectors as text: word2vec's (and fastText's ``.vec``), GloVe's, floret's."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from symvec.arrays import Bytes1, Float2, Ids64
from symvec.errors import InputError
from symvec.files import PathLike, write_atomically
from symvec.formats import limits
from symvec.formats.assembly import Words
from symvec.formats.room import release_rows, row_blocks
from symvec.text.ngrams import BEGIN, END, Characters
from symvec.vectors import Vectors
from symvec.vocabulary import HashedRows, WordRows


def write_word2vec_text(vectors: Vectors, path: PathLike) -> None:
    """Write word2vec's text file, which fastText's ``.vec`` is as well.

    Raises:
        InputError: the format cannot hold the vectors; nothing was written.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    name = "word2vec text"
    limits.refuse_other_rows(vectors, (WordRows,), name)
    limits.refuse_words_with(vectors, b" \n", name)
    limits.refuse_not_finite(vectors, name)
    with write_atomically(path) as file:
        file.write(b"%d %d\n" % (len(vectors), vectors.vector_size))
        _write_lines(file, vectors.vocabulary.blob, vectors.vocabulary.offsets, vectors.table)


def write_glove_text(vectors: Vectors, path: PathLike) -> None:
    """Write GloVe's text file, which has no first line of sizes.

    Raises:
        InputError: the format cannot hold the vectors; nothing was written.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    name = "GloVe text"
    limits.refuse_other_rows(vectors, (WordRows,), name)
    limits.refuse_words_with(vectors, b"\n", name)
    limits.refuse_numbers_behind_words(vectors, name)
    limits.refuse_not_finite(vectors, name)
    if len(vectors) == 0:
        raise InputError(f"{name} cannot hold no words at all: their size would be lost")
    with write_atomically(path) as file:
        _write_lines(file, vectors.vocabulary.blob, vectors.vocabulary.offsets, vectors.table)


def write_floret_text(vectors: Vectors, path: PathLike) -> None:
    """Write floret's table of hashed rows, and nothing of the words.

    Raises:
        InputError: the vectors are no such table, or hold NaN or infinity; nothing was written.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    name = "floret text"
    limits.refuse_other_rows(vectors, (HashedRows,), name)
    rows = vectors.rows
    if not isinstance(rows, HashedRows) or not isinstance(rows.cutting, Characters):
        raise InputError(f"{name} knows n-grams of characters only")
    if not np.isfinite(vectors.table).all():
        raise InputError(f"{name} cannot hold NaN or infinity, and the table has them")
    numbers = (
        rows.bucket, vectors.vector_size, rows.cutting.min_n, rows.cutting.max_n, rows.hash_count,
        rows.hash_seed,
    )  # fmt: skip
    names = Words.of([b"%d" % row for row in range(rows.bucket)])
    with write_atomically(path) as file:
        file.write(b" ".join([*(b"%d" % number for number in numbers), BEGIN, END]) + b"\n")
        _write_lines(file, names.blob, names.offsets, vectors.table)


def _write_lines(file: BinaryIO, blob: Bytes1, offsets: Ids64, table: Float2) -> None:
    from symvec.kernels.decimal_text import LONGEST_NUMBER, write_lines

    rows, vector_size = table.shape
    for block in row_blocks(rows, vector_size):
        count = block.stop - block.start
        word_bytes = int(offsets[block.stop] - offsets[block.start])
        text = np.empty(word_bytes + count * (LONGEST_NUMBER * vector_size + 1), dtype=np.uint8)
        numbers = np.require(table[block], np.float32, ["C", "A"])
        written = write_lines(blob, offsets, block.start, numbers, text)
        file.write(text[:written].data)
        release_rows(table, block)
