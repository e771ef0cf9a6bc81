"""finalfusion's ``.fifu``: a header and chunks, each with its kind and its length.

A header is ``FiFu``, version 0 and the kinds of the chunks (uint32 each, little-endian). A chunk
is its kind (uint32), its length in bytes (uint64) and its content: metadata, one vocabulary, one
table, and perhaps the lengths that the words' rows had before they were made unit vectors
(https://finalfusion.github.io/spec).
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symvec.arrays import Float1, Float2
from symvec.errors import FormatError, InputError
from symvec.formats.assembly import Words, checked
from symvec.formats.content import Content
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import Rows, SubwordRows, Vocabulary, WordRows

MAGIC = b"FiFu"
SIMPLE, TABLE, BUCKETS, QUANTISED, METADATA, NORMS, FASTTEXT, EXPLICIT = range(1, 9)
FLOAT32 = 10
_VOCABULARIES = (SIMPLE, BUCKETS, FASTTEXT, EXPLICIT)
_NAMES = {
    SIMPLE: "words", BUCKETS: "words and hashed n-grams", FASTTEXT: "words and fastText's n-grams",
    EXPLICIT: "words and listed n-grams",
}  # fmt: skip
_KNOWN = range(SIMPLE, EXPLICIT + 1)
_FLOAT_BYTES = 4


@dataclass(frozen=True)
class _Chunk:
    """Where a chunk's content lies.

    Args:
        begin: its first byte.
        end: the byte after its last.
    """

    begin: int
    end: int


def read_finalfusion(content: Content) -> Vectors:
    """Read a finalfusion file.

    Raises:
        FormatError: it was cut off or changed, or its table is quantised.
    """
    chunks = _chunks(content)
    if QUANTISED in chunks:
        raise FormatError(
            f"{content.path}: its table is quantised, which symvec does not read; take the file "
            "that it was made from, or write it as text: finalfusion convert -t textdims"
        )
    kinds = [kind for kind in _VOCABULARIES if kind in chunks]
    if len(kinds) != 1 or TABLE not in chunks:
        raise FormatError(f"{content.path}: expected one vocabulary and one table in it")
    words, numbers = _vocabulary(content, chunks[kinds[0]], kinds[0])
    table = _table(content, chunks[TABLE])
    norms = _norms(content, chunks[NORMS]) if NORMS in chunks else None
    try:
        vocabulary = Vocabulary.from_blob(words.blob, words.offsets)
        rows, own = _rows(content, vocabulary, kinds[0], numbers, _with_lengths(table, norms))
        provenance = {"source_format": f"finalfusion ({_NAMES[kinds[0]]})"}
        return checked(Vectors(rows, own, provenance=provenance), content.path)
    except InputError as error:
        raise FormatError(f"{content.path}: its parts do not fit together: {error}") from error


def _chunks(content: Content) -> Mapping[int, _Chunk]:
    size_bytes = content.octets.size
    head = content.bytes(0, 12)
    if len(head) < 12:
        raise FormatError(f"{content.path}: it ends within its header; it was cut off")
    version, count = struct.unpack("<II", head[4:])
    if version != 0 or count > len(_KNOWN):
        raise FormatError(
            f"{content.path}: version {version} with {count:,} chunks is not known, expected "
            "version 0"
        )
    kinds = struct.unpack(f"<{count}I", content.bytes(12, 12 + 4 * count).ljust(4 * count, b"\0"))
    position = 12 + 4 * count
    found: dict[int, _Chunk] = {}
    for kind in kinds:
        start = content.bytes(position, position + 12)
        if len(start) < 12:
            raise FormatError(
                f"{content.path}: byte {position:,}: {count} chunks are claimed, but the file "
                f"ends after {len(found)}; it was cut off"
            )
        stated, length = struct.unpack("<IQ", start)
        if stated != kind or kind not in _KNOWN or kind in found:
            raise FormatError(
                f"{content.path}: byte {position:,}: a chunk of kind {stated}, expected {kind}"
            )
        begin = position + 12
        if length > size_bytes - begin:
            raise FormatError(
                f"{content.path}: byte {position:,}: a chunk claims {length:,} bytes, but "
                f"{size_bytes - begin:,} follow; the file was cut off or changed"
            )
        found[kind] = _Chunk(begin, begin + length)
        position = begin + length
    if position != size_bytes:
        raise FormatError(
            f"{content.path}: {size_bytes - position:,} bytes follow its last chunk; something "
            "was added"
        )
    return found


def _vocabulary(content: Content, chunk: _Chunk, kind: int) -> tuple[Words, tuple[int, ...]]:
    """Return the words, and the numbers (shortest and longest n-gram, buckets) before them."""
    layout = struct.Struct({SIMPLE: "<Q", EXPLICIT: "<QQII"}.get(kind, "<QIII"))
    data = content.octets[chunk.begin : chunk.end].data
    if len(data) < layout.size:
        raise FormatError(f"{content.path}: byte {chunk.begin:,}: the vocabulary is too short")
    count, *numbers = layout.unpack_from(data)
    if count > len(data) // 4:
        raise FormatError(
            f"{content.path}: byte {chunk.begin:,}: {count:,} words are claimed, but {len(data):,} "
            "bytes are there"
        )
    position = layout.size
    keys: list[bytes] = []
    for _ in range(count):
        length = int.from_bytes(data[position : position + 4], "little")
        position += 4
        if position + length > len(data):
            raise FormatError(
                f"{content.path}: byte {chunk.begin + position:,}: word {len(keys) + 1:,} claims "
                f"{length:,} bytes, more than the vocabulary has"
            )
        keys.append(bytes(data[position : position + length]))
        position += length
    if position != len(data) and kind != EXPLICIT:
        raise FormatError(
            f"{content.path}: byte {chunk.begin + position:,}: {len(data) - position:,} bytes "
            "follow the last word"
        )
    return Words.of(keys), tuple(numbers)


def _numbers(content: Content, chunk: _Chunk, layout: str, name: str) -> tuple[Float1, list[int]]:
    """Return a chunk's float32 and the sizes before them."""
    size = struct.calcsize(layout)
    head = content.bytes(chunk.begin, min(chunk.begin + size, chunk.end))
    if len(head) < size:
        raise FormatError(f"{content.path}: byte {chunk.begin:,}: the {name} is too short")
    *sizes, kind = struct.unpack(layout, head)
    position = chunk.begin + size
    begin = position + _FLOAT_BYTES - position % _FLOAT_BYTES
    count = 1
    for number in sizes:
        count *= number
    if kind != FLOAT32 or begin + count * _FLOAT_BYTES != chunk.end:
        raise FormatError(
            f"{content.path}: byte {chunk.begin:,}: the {name} claims {count:,} numbers of type "
            f"{kind}, expected type {FLOAT32} (float32) and {max(0, chunk.end - begin):,} bytes"
        )
    return content.octets[begin : chunk.end].view("<f4"), sizes


def _table(content: Content, chunk: _Chunk) -> Float2:
    numbers, (rows, columns) = _numbers(content, chunk, "<QII", "table")
    return numbers.reshape(rows, columns)


def _norms(content: Content, chunk: _Chunk) -> Float1:
    return _numbers(content, chunk, "<QI", "list of lengths")[0]


def _with_lengths(table: Float2, norms: Float1 | None) -> Float2:
    """Return the table in which words have the lengths that they had."""
    if norms is None:
        return np.require(table, np.float32, ["C", "A"])
    if len(norms) > len(table):
        raise InputError(f"there are {len(norms):,} lengths for {len(table):,} rows")
    scaled = np.array(table, dtype=np.float32)
    scaled[: len(norms)] *= norms[:, None]
    return scaled


def _rows(
    content: Content, vocabulary: Vocabulary, kind: int, numbers: tuple[int, ...], table: Float2
) -> tuple[Rows, Float2]:
    words = len(vocabulary)
    if len(table) < words:
        raise InputError(f"the table has {len(table):,} rows for {words:,} words")
    if kind == FASTTEXT:
        shortest, longest, buckets = numbers
        rows = SubwordRows(vocabulary, Characters(shortest, longest), buckets)
        if rows.row_count != len(table):
            raise InputError(f"the table has {len(table):,} rows, expected {rows.row_count:,}")
        return rows, _own_rows(rows, table)
    if kind != SIMPLE:
        warnings.warn(
            f"{content.path}: its n-grams are hashed in finalfusion's own way or listed, so only "
            "its words are opened; others have no vector",
            stacklevel=4,
        )
    return WordRows(vocabulary), table[:words]


def _own_rows(rows: SubwordRows, table: Float2) -> Float2:
    """Return the table in which a word's row is again only its own share.

    finalfusion stores the mean of a word's own row and those of its n-grams in the row's place.
    """
    own = np.array(table)
    lists = rows.word_rows()
    for word_id in range(len(lists)):
        row_ids = lists[word_id]
        others = table[row_ids[row_ids != word_id]].sum(axis=0, dtype=np.float64)
        own[word_id] = table[word_id].astype(np.float64) * len(row_ids) - others
    return own
