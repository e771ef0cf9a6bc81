"""fastText's and floret's ``.bin``: settings, dictionary, and the table of words and n-grams.

The file is, little-endian: magic and version (2 int32), the settings (12 int32, in floret 14, and
a float64), the sizes of the dictionary (3 int32, 2 int64) and its entries, whether the table is
quantised (1 byte), its shape (2 int64) and its float32, and the same once more for the output
table, from which training can go on. fastText opens a file that was cut off; this does not.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symvec.arrays import Float2
from symvec.errors import FormatError, InputError
from symvec.formats.assembly import Words, checked
from symvec.formats.content import Content
from symvec.text.ngrams import LONGEST_NGRAM, Characters
from symvec.vectors import Vectors
from symvec.vocabulary import HashedRows, Rows, SubwordRows, Vocabulary, WordRows

MAGIC = struct.pack("<i", 793712314)
VERSIONS = (11, 12)
SETTINGS = (
    "dim", "ws", "epoch", "min_count", "neg", "word_ngrams", "loss", "model", "bucket", "minn",
    "maxn", "lr_update_rate",
)  # fmt: skip
# floret has two settings more before the last, and nothing that says so.
FLORET_SETTINGS = (*SETTINGS[:-1], "mode", "hash_count", SETTINGS[-1])
FLORET_MODE = 2
MODELS = {1: "cbow", 2: "skipgram", 3: "supervised"}
LOSSES = {1: "hierarchical softmax", 2: "negative sampling", 3: "softmax", 4: "one against all"}
_UNSUPERVISED = (1, 2)
_NEGATIVE_SAMPLING = 2
_ROWS_LOOKED_AT = 1 << 10
_SIZES = struct.Struct("<iiiqq")
# Files of 2016 have no magic, no version, no n-grams dropped and nothing quantised.
_OLD_SIZES = struct.Struct("<iiiq")
_ENTRY_BYTES = 10
_FLOAT_BYTES = 4


@dataclass(frozen=True)
class Preamble:
    """What stands before the dictionary's entries.

    Args:
        program: ``"fastText"`` or ``"floret"``.
        settings: the numbers by name, and ``t``.
        entries: entries of the dictionary.
        words: how many of them are words, the others are labels.
        tokens: how many words were read.
        pruned: n-grams that were kept, -1 where none was dropped.
        end: where the first entry begins.
    """

    program: str
    settings: Mapping[str, float]
    entries: int
    words: int
    tokens: int
    pruned: int
    end: int

    def number(self, name: str) -> int:
        """Return a setting that is a whole number."""
        return int(self.settings.get(name, 0))


def read_fasttext(content: Content) -> Vectors:
    """Read a model that fastText or floret saved.

    Raises:
        FormatError: it was cut off or changed, or its table is quantised.
    """
    return _read(content, _preamble(content), matrix_head=struct.Struct("<bqq"))


def read_unmarked(content: Content) -> Vectors | None:
    """Read a model of 2016, which has no magic number; None if the content cannot be one.

    Raises:
        FormatError: it was cut off or changed.
    """
    preamble = find_preamble(content, 0, "fastText", SETTINGS)
    return None if preamble is None else _read(content, preamble, struct.Struct("<qq"))


def _read(content: Content, preamble: Preamble, matrix_head: struct.Struct) -> Vectors:
    words, position = _read_words(content, preamble)
    table, position = _read_matrix(content, position, "table", matrix_head)
    outputs = _read_output(content, position, matrix_head)
    try:
        rows = _rows(preamble, Vocabulary.from_blob(words.blob, words.offsets, words.counts))
        vectors = Vectors(
            rows,
            _own_rows(table, rows, content),
            provenance=provenance_of(preamble),
            outputs=_of_words(outputs, preamble),
        )
    except InputError as error:
        raise FormatError(f"{content.path}: its parts do not fit together: {error}") from error
    return checked(vectors, content.path)


def provenance_of(preamble: Preamble) -> Mapping[str, object]:
    """Return the settings as vectors keep them."""
    settings: dict[str, object] = dict(preamble.settings)
    settings["model"] = MODELS.get(preamble.number("model"), preamble.number("model"))
    settings["loss"] = LOSSES.get(preamble.number("loss"), preamble.number("loss"))
    return {"source_format": f"{preamble.program} model", "settings": settings}


def _preamble(content: Content) -> Preamble:
    version = struct.unpack("<i", content.bytes(4, 8).ljust(4, b"\0"))[0]
    if version not in VERSIONS:
        raise FormatError(
            f"{content.path}: version {version} of fastText's format is not known, expected 11 or "
            "12"
        )
    preamble = find_preamble(content, 8, "fastText", SETTINGS) or find_preamble(
        content, 8, "floret", FLORET_SETTINGS
    )
    if preamble is None:
        raise FormatError(
            f"{content.path}: the settings after byte 8 are those of no model: the file was cut "
            "off or changed"
        )
    return preamble


def find_preamble(
    content: Content, begin: int, program: str, names: tuple[str, ...]
) -> Preamble | None:
    """Return the preamble at ``begin`` if its numbers can be a program's, or None."""
    layout = struct.Struct(f"<{len(names)}id")
    sizes = _SIZES if begin else _OLD_SIZES
    data = content.bytes(begin, begin + layout.size + sizes.size)
    if len(data) < layout.size + sizes.size:
        return None
    *numbers, threshold = layout.unpack_from(data)
    settings: dict[str, float] = dict(zip(names, numbers, strict=True)) | {"t": threshold}
    entries, words, labels, tokens, *pruned = sizes.unpack_from(data, layout.size)
    counts_fit = entries == words + labels and min(words, labels, tokens) >= 0
    if not counts_fit or not _is_likely(settings) or (pruned and pruned[0] < -1):
        return None
    end = begin + layout.size + sizes.size
    return Preamble(program, settings, entries, words, tokens, pruned[0] if pruned else -1, end)


def _is_likely(settings: Mapping[str, float]) -> bool:
    """Return whether the settings are ones that fastText would have taken."""
    shortest, longest = settings["minn"], settings["maxn"]
    return (
        settings["dim"] > 0
        and settings["bucket"] >= 0
        and settings["model"] in MODELS
        and (longest == 0 or 0 <= shortest <= longest <= LONGEST_NGRAM)
        and settings.get("mode", FLORET_MODE) in (1, FLORET_MODE)
        and 0.0 <= settings["t"] <= 1e9
    )


def _read_words(content: Content, preamble: Preamble) -> tuple[Words, int]:
    """Return the words and their counts, and where the dictionary ends."""
    from symvec.kernels.records import read_entries
    from symvec.kernels.text_rows import gather_words

    most = (content.octets.size - preamble.end) // _ENTRY_BYTES
    if preamble.entries > most:
        raise FormatError(
            f"{content.path}: its dictionary claims {preamble.entries:,} entries, but its "
            f"{content.octets.size:,} bytes hold no more than {most:,}; it was cut off or changed"
        )
    places = np.empty((preamble.entries, 2), dtype=np.int64)
    counts = np.empty(preamble.entries, dtype=np.int64)
    kinds = np.empty(preamble.entries, dtype=np.uint8)
    position = read_entries(content.octets, preamble.end, places, counts, kinds)
    if position < 0:
        raise FormatError(
            f"{content.path}: it ends within entry {-position:,} of {preamble.entries:,} of its "
            "dictionary; it was cut off"
        )
    if np.any(kinds[: preamble.words] != 0) or np.any(kinds[preamble.words :] != 1):
        raise FormatError(
            f"{content.path}: its dictionary does not begin with {preamble.words:,} words; the "
            "file was changed"
        )
    places = places[: preamble.words]
    offsets = np.zeros(preamble.words + 1, dtype=np.int64)
    np.cumsum(places[:, 1] - places[:, 0], out=offsets[1:])
    blob = np.empty(int(offsets[-1]), dtype=np.uint8)
    gather_words(content.octets, places, blob)
    if preamble.pruned > 0:
        position += 8 * preamble.pruned
    return Words(blob, offsets, counts[: preamble.words]), position


def _read_matrix(
    content: Content, position: int, name: str, layout: struct.Struct
) -> tuple[Float2, int]:
    """Return a table and where it ends."""
    head = content.bytes(position, position + layout.size)
    if len(head) < layout.size:
        raise FormatError(f"{content.path}: it ends before its {name}; it was cut off")
    *quantised, rows, columns = layout.unpack(head)
    if quantised and quantised[0] not in (0, 1):
        raise FormatError(f"{content.path}: byte {position:,} is {quantised[0]}, expected 0 or 1")
    if quantised and quantised[0]:
        raise FormatError(
            f"{content.path}: its {name} is quantised (.ftz), which symvec does not read; take "
            "the model that it was made from, or write its vectors as text: fasttext "
            "print-word-vectors MODEL < WORDS"
        )
    begin, left = position + layout.size, content.octets.size - position - layout.size
    if rows < 0 or columns <= 0 or rows > left // _FLOAT_BYTES // columns:
        raise FormatError(
            f"{content.path}: its {name} claims {rows:,} rows of {columns:,} numbers at byte "
            f"{position:,}, but {left:,} bytes follow; it was cut off or changed"
        )
    end = begin + rows * columns * _FLOAT_BYTES
    numbers = content.octets[begin:end].view("<f4").reshape(rows, columns)
    return numbers, end


def _read_output(content: Content, position: int, layout: struct.Struct) -> Float2:
    """Return the output table, which must end where the file does."""
    size_bytes = content.octets.size
    if position >= size_bytes:
        raise FormatError(f"{content.path}: it ends before its output table; it was cut off")
    outputs, end = _read_matrix(content, position, "output table", layout)
    if end != size_bytes:
        raise FormatError(
            f"{content.path}: {size_bytes - end:,} bytes follow its end at byte {end:,}; something "
            "was added or changed"
        )
    return outputs


def _of_words(outputs: Float2, preamble: Preamble) -> Float2 | None:
    """Return the output table where its rows are words and it has learned something.

    Otherwise they are the nodes of a tree, or labels; and where only vectors were known to the
    program that wrote the file, they are zeros.
    """
    is_of_words = (
        preamble.number("model") in _UNSUPERVISED
        and preamble.number("loss") == _NEGATIVE_SAMPLING
        and outputs.shape == (preamble.words, preamble.number("dim"))
    )
    if not is_of_words or not outputs[:_ROWS_LOOKED_AT].any():
        return None
    return outputs.astype(np.float32, copy=False)


def _rows(preamble: Preamble, vocabulary: Vocabulary) -> Rows:
    shortest, longest = max(1, preamble.number("minn")), preamble.number("maxn")
    bucket = preamble.number("bucket")
    if preamble.number("mode") == FLORET_MODE:
        return HashedRows(
            vocabulary, Characters(shortest, longest), bucket, preamble.number("hash_count")
        )
    if longest == 0 or bucket == 0:
        return WordRows(vocabulary)
    return SubwordRows(vocabulary, Characters(shortest, longest), bucket)


def _own_rows(table: Float2, rows: Rows, content: Content) -> Float2:
    """Return the rows that the words need, aligned in memory."""
    words = len(rows.vocabulary)
    if isinstance(rows, HashedRows):
        needed = table[words:] if len(table) == words + rows.row_count else table
    elif isinstance(rows, WordRows):
        needed = table[:words]
    else:
        needed = table
    if len(needed) != rows.row_count:
        raise FormatError(
            f"{content.path}: its table has {len(table):,} rows, but its words and buckets need "
            f"{rows.row_count:,}; the file was changed"
        )
    aligned = needed if needed.flags.aligned else np.array(needed)
    return aligned.astype(np.float32, copy=False)
