"""word2vec's binary file: a line of two integers, then word, space and float32 numbers.

word2vec.c ends each record with a line end, gensim does not. The file says neither, nor how
long a word may be; so it is believed only if the last record ends where the file does.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Float1, Float2, Ids64
from symvec.errors import FormatError
from symvec.formats.assembly import Words, assemble
from symvec.formats.content import Content
from symvec.formats.faults import Fault, Faults
from symvec.formats.room import Room, in_memory, release_rows, row_blocks
from symvec.formats.text_layout import Header
from symvec.kernels.records import read_records
from symvec.kernels.text_rows import gather_words
from symvec.vectors import Vectors
from symvec.vectors.cosine import row_norms

_FLOAT_BYTES = 4
_LINE_FEED = 0x0A


def read_word2vec_binary(
    content: Content, header: Header, begin: int, faults: Faults, room: Room = in_memory
) -> Vectors:
    """Read a binary file whose first line says ``header`` and ends at ``begin``.

    Raises:
        FormatError: from ``faults``, where the records do not end with the file.
    """
    octets = content.octets
    row_bytes = _FLOAT_BYTES * header.vector_size
    if row_bytes == 0:
        raise FormatError(f"{content.path}: line 1: it claims vectors of 0 numbers")
    # The shortest record is an empty word, a space and its numbers.
    most = (octets.size - begin) // (row_bytes + 1)
    if header.words > most:
        faults.found(
            Fault(
                "cut off",
                "line 1",
                f"it claims {header.words:,} words of {header.vector_size:,} numbers, but the "
                f"{octets.size - begin:,} bytes that follow hold no more than {most:,}",
            )
        )
    records = min(header.words, most)
    table = room((records, header.vector_size))
    places, norms, end = _read_rows(content, begin, table)
    if end < 0:
        records = -1 - end
        faults.found(_cut_record(octets.size, records, header))
        table, places, norms = table[:records], places[:records], norms[:records]
        end = octets.size
    rest = octets[end:]
    ends_lines = rest.size == 1 and rest[0] == _LINE_FEED
    if rest.size and not ends_lines:
        faults.found(
            Fault(
                "content",
                f"byte {end:,}",
                f"{rest.size:,} bytes follow the last of {header.words:,} words; a word with a "
                "space in it, which the format cannot hold, would have this effect",
            )
        )
    _drop_line_ends(octets, places)
    lengths = places[:, 1] - places[:, 0]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    blob = np.empty(int(offsets[-1]), dtype=np.uint8)
    gather_words(octets, places, blob)
    _check_spelling(Words(blob, offsets), faults)
    provenance = {"source_format": "word2vec binary"}
    words = Words(blob, offsets)
    return assemble(words, table, faults, content.path, provenance, norms=norms, room=room)


def _read_rows(content: Content, begin: int, table: Float2) -> tuple[Ids64, Float1, int]:
    """Read the records block by block, and unload what is not needed again.

    Returns:
        (rows, 2) int64, where the words are; (rows,) float32, the lengths of the rows; and the
        end of the last one, or ``-1 - r`` if record ``r`` is the one that is not whole.
    """
    places = np.empty((len(table), 2), dtype=np.int64)
    norms = np.empty(len(table), dtype=np.float32)
    end = begin
    for block in row_blocks(*table.shape):
        rows = np.empty((block.stop - block.start, table.shape[1]), dtype="<f4")
        octets = rows.view(np.uint8).reshape(len(rows), -1)
        stop = read_records(content.octets, end, places[block], octets)
        table[block] = rows
        norms[block] = row_norms(np.asarray(table[block]))
        release_rows(table, block)
        if stop < 0:
            return places, norms, stop - block.start
        content.release(end, stop)
        end = stop
    return places, norms, end


def _cut_record(size_bytes: int, record: int, header: Header) -> Fault:
    return Fault(
        "cut off",
        f"word {record + 1:,} of {header.words:,}",
        f"the file ends within it, after {size_bytes:,} bytes; it was cut off, or a word holds a "
        "space, which the format cannot hold",
    )


def _check_spelling(words: Words, faults: Faults) -> None:
    """Tell of words that look like numbers' bytes: what follows a word with a space is read so."""
    odd = np.unique(np.searchsorted(words.offsets, np.flatnonzero(words.blob < 0x20), "right") - 1)
    if not odd.size:
        try:
            words.blob.tobytes().decode("utf-8")
        except UnicodeDecodeError as error:
            odd = np.searchsorted(words.offsets, [error.start], "right") - 1
    if odd.size:
        word = int(odd[0])
        key = words.blob[words.offsets[word] : words.offsets[word + 1]].tobytes()
        faults.found(
            Fault(
                "encoding",
                f"word {word + 1:,}",
                f"{key[:40]!r} is no plain text; if the word before it has a space in it, which "
                "the format cannot hold, both are wrong",
                count=len(odd),
                fatal=False,
            )
        )


def _drop_line_ends(octets: np.ndarray, places: np.ndarray) -> None:
    """Begin each word after the line end of the record before it, if all records have one."""
    begins, ends = places[1:, 0], places[1:, 1]
    if len(begins) and np.all(octets[begins] == _LINE_FEED) and np.all(ends > begins):
        places[1:, 0] += 1
