"""finalfusion's ``.fifu``: a header and chunks, each with its kind and its length.

A header is ``FiFu``, version 0 and the kinds of the chunks (uint32 each, little-endian). A chunk
is its kind (uint32), its length in bytes (uint64) and its content: metadata, one vocabulary, one
table, and perhaps the lengths that the words' rows had before they were made unit vectors
(https://finalfusion.github.io/spec).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symvec.arrays import Float1, Float2, Ids64
from symvec.errors import FormatError, InputError
from symvec.formats.assembly import Words, checked
from symvec.formats.content import Content
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import Rows, SubwordRows, Vocabulary, WordOrNgramRows, WordRows
from symvec.vocabulary.listed_places import ListedPlaces
from symvec.vocabulary.ngram_places import HashedPlaces, NgramPlaces

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
_PLACE = struct.Struct("<Q")
_HIGHEST_EXPONENT = 30


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
    stored = _vocabulary(content, chunks[kinds[0]], kinds[0])
    table = _table(content, chunks[TABLE])
    norms = _norms(content, chunks[NORMS]) if NORMS in chunks else None
    try:
        rows, own = _rows(kinds[0], stored, _with_lengths(table, norms))
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
    for kind, following in zip(kinds, (*kinds[1:], None), strict=False):
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
        position = _end(content, begin, begin + length, kind, following)
        found[kind] = _Chunk(begin, position)
    if position != size_bytes:
        raise FormatError(
            f"{content.path}: {size_bytes - position:,} bytes follow its last chunk; something "
            "was added"
        )
    return found


def _end(content: Content, begin: int, stated: int, kind: int, following: int | None) -> int:
    """Return where a chunk ends.

    finalfusion's Python package (0.7.1) leaves the rows of listed n-grams out of the length that it
    writes, and its readers pay no heed to it.
    """
    head = content.bytes(begin, begin + 16)
    if kind != EXPLICIT or len(head) < 16 or _begins(content, stated, following):
        return stated
    whole = stated + _PLACE.size * int.from_bytes(head[8:], "little")
    return whole if _begins(content, whole, following) else stated


def _begins(content: Content, position: int, kind: int | None) -> bool:
    """Return whether a chunk of a kind begins at a byte, or the file ends there."""
    if kind is None or position >= content.octets.size:
        return kind is None and position == content.octets.size
    return content.bytes(position, position + 4) == struct.pack("<I", kind)


@dataclass(frozen=True)
class _Stored:
    """What a vocabulary's chunk holds.

    Args:
        words: the words.
        numbers: what stands before them besides their number: shortest and longest n-gram and
            buckets, or listed n-grams, shortest and longest.
        ngrams: those that are listed.
        places: the row of each, counted from the first of n-grams.
    """

    words: Words
    numbers: tuple[int, ...]
    ngrams: Words
    places: Ids64


def _vocabulary(content: Content, chunk: _Chunk, kind: int) -> _Stored:
    layout = struct.Struct({SIMPLE: "<Q", EXPLICIT: "<QQII"}.get(kind, "<QIII"))
    data = content.octets[chunk.begin : chunk.end].data
    if len(data) < layout.size:
        raise FormatError(f"{content.path}: byte {chunk.begin:,}: the vocabulary is too short")
    count, *numbers = layout.unpack_from(data)
    listed = numbers[0] if kind == EXPLICIT else 0
    if count > len(data) // 4 or listed > len(data) // (4 + _PLACE.size):
        what = f"{listed:,} listed n-grams" if count <= len(data) // 4 else f"{count:,} words"
        raise FormatError(
            f"{content.path}: byte {chunk.begin:,}: {what} are claimed, but {len(data):,} "
            "bytes are there"
        )
    words, _, position = _strings(content, chunk, layout.size, count, 0)
    ngrams, places, position = _strings(content, chunk, position, listed, _PLACE.size)
    if position != len(data):
        raise FormatError(
            f"{content.path}: byte {chunk.begin + position:,}: {len(data) - position:,} bytes "
            f"follow the last {'n-gram' if kind == EXPLICIT else 'word'}"
        )
    return _Stored(Words.of(words), tuple(numbers), Words.of(ngrams), _rows_of_ngrams(places))


def _strings(
    content: Content, chunk: _Chunk, position: int, count: int, more: int
) -> tuple[list[bytes], bytes, int]:
    """Return texts, the ``more`` bytes behind each of them, and where the last ends."""
    data = content.octets[chunk.begin : chunk.end].data
    texts: list[bytes] = []
    behind: list[bytes] = []
    for _ in range(count):
        length = int.from_bytes(data[position : position + 4], "little")
        begin, position = position + 4, position + 4 + length + more
        if position > len(data):
            raise FormatError(
                f"{content.path}: byte {chunk.begin + begin:,}: "
                f"{'n-gram' if more else 'word'} {len(texts) + 1:,} claims {length:,} bytes, more "
                "than the vocabulary has"
            )
        texts.append(bytes(data[begin : begin + length]))
        behind.append(bytes(data[begin + length : position]))
    return texts, b"".join(behind), position


def _rows_of_ngrams(places: bytes) -> Ids64:
    """Return the row of each listed n-gram; one beyond int64 becomes one that is not there."""
    rows = np.frombuffer(places, dtype="<u8")
    known: Ids64 = np.minimum(rows, np.iinfo(np.int64).max).astype(np.int64)
    return known


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


def _rows(kind: int, stored: _Stored, table: Float2) -> tuple[Rows, Float2]:
    vocabulary = Vocabulary.from_blob(stored.words.blob, stored.words.offsets)
    behind = len(table) - len(vocabulary)
    if behind < 0:
        raise InputError(f"the table has {len(table):,} rows for {len(vocabulary):,} words")
    if kind == SIMPLE:
        return WordRows(vocabulary), table[: len(vocabulary)]
    if kind == FASTTEXT:
        shortest, longest, buckets = stored.numbers
        rows = SubwordRows(vocabulary, Characters(shortest, longest), buckets)
        if rows.row_count != len(table):
            raise InputError(f"the table has {len(table):,} rows, expected {rows.row_count:,}")
        return rows, _own_rows(rows, table)
    return WordOrNgramRows(vocabulary, _places(kind, stored, behind)), table


def _places(kind: int, stored: _Stored, row_count: int) -> NgramPlaces:
    """Return where the n-grams of words that are not in the vocabulary lie."""
    if kind == EXPLICIT:
        _, shortest, longest = stored.numbers
        ngrams = Vocabulary.from_blob(stored.ngrams.blob, stored.ngrams.offsets)
        return ListedPlaces(Characters(shortest, longest), ngrams, stored.places, row_count)
    shortest, longest, exponent = stored.numbers
    if exponent > _HIGHEST_EXPONENT:
        raise InputError(
            f"n-grams have 2^{exponent} rows, expected 2^{_HIGHEST_EXPONENT} at the most"
        )
    return HashedPlaces(Characters(shortest, longest), 1 << exponent, "finalfusion")


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
