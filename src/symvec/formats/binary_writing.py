"""Writing word2vec's binary file, fastText's ``.bin`` and finalfusion's ``.fifu``."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import numpy as np

from symvec.arrays import Float2
from symvec.errors import InputError
from symvec.files import PathLike, write_atomically
from symvec.formats import fasttext, finalfusion, limits
from symvec.formats.finalfusion_vocabulary import vocabulary_chunk
from symvec.formats.room import release_rows, row_blocks
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vectors.cosine import SHORTEST
from symvec.vocabulary import SubwordRows, WordOrNgramRows, WordRows
from symvec.vocabulary.index import split

_FASTTEXT_DEFAULTS: Mapping[str, float] = {
    "ws": 5, "epoch": 5, "min_count": 1, "neg": 5, "word_ngrams": 1, "loss": 2, "model": 2,
    "lr_update_rate": 100, "t": 1e-4,
}  # fmt: skip
# Those of them that vectors may have come with, and their names in symvec.
_FASTTEXT_NAMES: Mapping[str, str] = {
    "ws": "window", "epoch": "epochs", "min_count": "min_count", "neg": "negative",
    "lr_update_rate": "lr_update_rate", "t": "sample",
}  # fmt: skip
_CBOW = 1


def write_word2vec_binary(vectors: Vectors, path: PathLike) -> None:
    """Write word2vec's binary file, without a line end after each word, as gensim does.

    Raises:
        InputError: the format cannot hold the vectors; nothing was written.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    name = "word2vec binary"
    limits.refuse_other_rows(vectors, (WordRows,), name)
    limits.refuse_words_with(vectors, b" \n", name)
    keys = _keys(vectors)
    with write_atomically(path) as file:
        file.write(b"%d %d\n" % (len(vectors), vectors.vector_size))
        for block in row_blocks(len(vectors), vectors.vector_size):
            rows = np.ascontiguousarray(vectors.table[block], dtype="<f4")
            records = (next(keys) + b" " + row.tobytes() for row in rows)
            file.write(b"".join(records))
            release_rows(vectors.table, block)


def write_fasttext(vectors: Vectors, path: PathLike) -> None:
    """Write fastText's ``.bin``, which fastText opens and asks; it cannot train it further.

    Window, epochs and the like are those that the vectors came with from fastText, and its defaults
    otherwise; the output table is zeros where none was kept, and a count that is not known is 1.

    Raises:
        InputError: the format cannot hold the vectors; nothing was written.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    name = "fastText's model"
    limits.refuse_other_rows(vectors, (WordRows, SubwordRows), name)
    limits.refuse_words_with(vectors, b"\0", name)
    shortest, longest, bucket = _ngrams(vectors, name)
    numbers = _settings(vectors) | {
        "dim": vectors.vector_size, "bucket": bucket, "minn": shortest, "maxn": longest,
    }  # fmt: skip
    words = len(vectors)
    # fastText divides by the sum of the counts when it opens a model.
    counts = np.maximum(vectors.vocabulary.counts, 1)
    tokens = int(counts.sum())
    settings = [int(numbers[setting]) for setting in fasttext.SETTINGS]
    with write_atomically(path) as file:
        file.write(fasttext.MAGIC + struct.pack("<i", fasttext.VERSIONS[-1]))
        file.write(struct.pack(f"<{len(settings)}id", *settings, numbers["t"]))
        file.write(struct.pack("<iiiqq", words, words, 0, tokens, -1))
        for key, count in zip(_keys(vectors), counts.tolist(), strict=True):
            file.write(key + b"\0" + struct.pack("<qb", count, 0))
        file.write(struct.pack("<?qq", False, *vectors.table.shape))
        _write_rows(file, vectors.table)
        file.write(struct.pack("<?qq", False, words, vectors.vector_size))
        _write_rows(file, _outputs(vectors))


def write_finalfusion(vectors: Vectors, path: PathLike) -> None:
    """Write finalfusion's ``.fifu``: unit vectors, and the lengths that they had.

    Raises:
        InputError: the format cannot hold the vectors; nothing was written.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    name = "finalfusion"
    limits.refuse_other_rows(vectors, (WordRows, SubwordRows, WordOrNgramRows), name)
    limits.refuse_broken_text(vectors, name)
    kind, words = vocabulary_chunk(vectors)
    rows, vector_size = vectors.table.shape
    norms = np.where(vectors.norms >= SHORTEST, vectors.norms, np.float32(1))
    with write_atomically(path) as file:
        kinds = (kind, finalfusion.TABLE, finalfusion.NORMS)
        file.write(finalfusion.MAGIC + struct.pack("<II3I", 0, len(kinds), *kinds))
        file.write(struct.pack("<IQ", kind, len(words)) + words)
        head = struct.pack("<QII", rows, vector_size, finalfusion.FLOAT32)
        _write_chunk_head(file, finalfusion.TABLE, head, 4 * rows * vector_size)
        _write_unit_rows(file, vectors.word_matrix, norms)
        _write_rows(file, vectors.table[len(vectors) :])
        head = struct.pack("<QI", len(norms), finalfusion.FLOAT32)
        _write_chunk_head(file, finalfusion.NORMS, head, 4 * len(norms))
        file.write(norms.astype("<f4").tobytes())


def _settings(vectors: Vectors) -> dict[str, float]:
    """Return fastText's settings: those that the vectors came with, where they are numbers."""
    known = vectors.provenance.get("settings")
    if not isinstance(known, Mapping):
        return dict(_FASTTEXT_DEFAULTS)
    numbers = {
        theirs: known[name]
        for theirs, ours in _FASTTEXT_NAMES.items()
        for name in (theirs, ours)
        if type(known.get(name)) in (int, float)
    }
    if "cbow" in (known.get("model"), known.get("algorithm")):
        numbers["model"] = _CBOW
    return {**_FASTTEXT_DEFAULTS, **numbers}


def _outputs(vectors: Vectors) -> Float2:
    if vectors.outputs is not None:
        return vectors.outputs
    nothing: Float2 = np.broadcast_to(np.float32(0), (len(vectors), vectors.vector_size))
    return nothing


def _ngrams(vectors: Vectors, format_name: str) -> tuple[int, int, int]:
    """Return the shortest and longest n-gram and the buckets, zeros where words are one row."""
    rows = vectors.rows
    if not isinstance(rows, SubwordRows):
        return 0, 0, 0
    if not isinstance(rows.cutting, Characters):
        raise InputError(
            f"{format_name} knows n-grams of characters, not of {rows.cutting.unit_name}; choose "
            "symvec's own format, or drop them with --words-only"
        )
    return rows.cutting.min_n, rows.cutting.max_n, rows.bucket


def _keys(vectors: Vectors) -> Iterator[bytes]:
    return split(vectors.vocabulary.blob, vectors.vocabulary.offsets)


def _write_rows(file: BinaryIO, table: Float2) -> None:
    for block in row_blocks(*table.shape):
        file.write(np.ascontiguousarray(table[block], dtype="<f4").data)
        release_rows(table, block)


def _write_unit_rows(file: BinaryIO, table: Float2, norms: np.ndarray) -> None:
    for block in row_blocks(*table.shape):
        file.write(np.ascontiguousarray(table[block] / norms[block, None], dtype="<f4").data)
        release_rows(table, block)


def _write_chunk_head(file: BinaryIO, kind: int, head: bytes, number_bytes: int) -> None:
    """Write a chunk's kind, length and sizes, and what aligns the numbers behind them."""
    position = file.tell() + 12 + len(head)
    padding = bytes(4 - position % 4)
    length = len(head) + len(padding) + number_bytes
    file.write(struct.pack("<IQ", kind, length) + head + padding)
