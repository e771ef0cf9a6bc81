"""floret's ``.floret`` file: a line of settings, and the rows of the hashed table as text.

The first line is ``bucket dim minn maxn hashCount hashSeed BOW EOW``. It names no words: each word
has a vector, but which words there are must be told by a vocabulary file.
"""

from __future__ import annotations

import numpy as np

from symvec.errors import FormatError, InputError
from symvec.files import PathLike
from symvec.formats.assembly import Words, checked
from symvec.formats.content import Content
from symvec.formats.faults import Faults
from symvec.formats.kinds import FLORET_HEADER
from symvec.formats.text import read_lines
from symvec.formats.text_layout import Header, Layout
from symvec.formats.vocabulary_file import read_vocabulary
from symvec.text.ngrams import BEGIN, END, Characters
from symvec.vectors import Vectors
from symvec.vocabulary import HashedRows, Vocabulary
from symvec.vocabulary.index import split

_HEAD_BYTES = 1 << 12


def read_floret_text(content: Content, vocabulary: PathLike | None, faults: Faults) -> Vectors:
    """Read a floret table; ``vocabulary`` names the words that can be answers.

    Raises:
        FormatError: it was cut off or changed, or words are marked by other signs than < and >.
    """
    match = FLORET_HEADER.match(content.bytes(0, _HEAD_BYTES))
    if match is None:
        raise FormatError(f"{content.path}: line 1 is not floret's")
    bucket, dim, shortest, longest, hash_count, seed = (int(match[place]) for place in range(1, 7))
    if (match[7], match[8]) != (BEGIN, END):
        raise FormatError(
            f"{content.path}: line 1: words begin with {match[7]!r} and end with {match[8]!r}; "
            "symvec knows < and >"
        )
    if dim == 0:
        raise FormatError(f"{content.path}: line 1 claims vectors of 0 numbers")
    layout = Layout(dim, Header(bucket, dim), match.end())
    names, table, _ = read_lines(content, layout, faults)
    for row, name in enumerate(split(names.blob, names.offsets)):
        if name != b"%d" % row:
            raise FormatError(f"{content.path}: line {row + 2:,} is row {name!r}, expected {row}")
    words = Words.of([]) if vocabulary is None else read_vocabulary(vocabulary)
    try:
        rows = HashedRows(
            Vocabulary.from_blob(words.blob, words.offsets, words.counts),
            Characters(max(1, shortest), longest),
            bucket,
            hash_count,
            seed,
        )
        numbers = np.ascontiguousarray(table)
        vectors = Vectors(rows, numbers, provenance={"source_format": "floret text"})
    except InputError as error:
        raise FormatError(f"{content.path}: line 1: {error}") from error
    return checked(vectors, content.path)
