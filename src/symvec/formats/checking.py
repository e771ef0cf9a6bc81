"""All that can be said against a file of vectors, and a copy without it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symvec.errors import FormatError, InputError
from symvec.files import PathLike
from symvec.formats.content import open_content
from symvec.formats.faults import Collecting, Fault
from symvec.formats.kinds import HEAD_BYTES, identify
from symvec.formats.qualities import (
    Hubness,
    Norms,
    Spelling,
    measure_hubness,
    measure_norms,
    measure_spelling,
)
from symvec.formats.reading import Request, read
from symvec.formats.safetensors import format_of
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows
from symvec.vocabulary.index import split


@dataclass(frozen=True)
class CheckedFile:
    """What a file of vectors holds, and what is wrong with it.

    Args:
        path: where it lies.
        size_bytes: how large it is.
        compression: how it is compressed, or None.
        format: what wrote it.
        faults: what is wrong, at most 20 of a kind.
        fault_counts: how often each kind of fault was found.
        vectors: all that could be read, or None where nothing could.
        norms: their lengths.
        hubness: how unevenly they are neighbours.
        spelling: how the words are written.
    """

    path: str
    size_bytes: int
    compression: str | None
    format: str
    faults: tuple[Fault, ...]
    fault_counts: Mapping[str, int]
    vectors: Vectors | None
    norms: Norms | None
    hubness: Hubness | None
    spelling: Spelling | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


def check(path: PathLike, *, vocabulary: PathLike | None = None) -> CheckedFile:
    """Read all that is right in a file of vectors, and tell all that is wrong.

    Args:
        path: a file of any format that ``load`` opens, damaged or not.
        vocabulary: see ``load``.

    Raises:
        FileError: the file is not there or cannot be read.
    """
    collecting = Collecting()
    name = os.fspath(path)
    content = open_content(path, lambda head: identify(head, name))
    vectors, kind = None, "unknown"
    try:
        reader = identify(content.bytes(0, HEAD_BYTES), name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is warned of is counted below
            vectors = read(Request(content, collecting, verify=True, vocabulary=vocabulary), reader)
        kind = format_of(name, vectors)
    except FormatError as error:
        collecting.found(Fault("content", "the file", str(error)))
    norms = None if vectors is None else measure_norms(vectors)
    if norms is not None and norms.not_finite_words:
        count = norms.not_finite_words
        collecting.found(
            Fault("number", "the table", f"{count:,} vectors hold NaN or infinity", count)
        )
    return CheckedFile(
        name,
        content.size_bytes,
        content.compression,
        kind,
        tuple(collecting.faults),
        dict(collecting.counts),
        vectors,
        norms,
        None if vectors is None else measure_hubness(vectors),
        None if vectors is None else measure_spelling(vectors),
    )


def cleaned(checked: CheckedFile) -> Vectors:
    """Return what could be read, without the words whose vectors hold NaN or infinity.

    Raises:
        InputError: nothing could be read, or a table that words share holds NaN.
    """
    vectors = checked.vectors
    if vectors is None:
        raise InputError(f"nothing in {checked.path} could be read, so there is nothing to save")
    finite = np.isfinite(vectors.norms)
    if finite.all():
        return vectors
    if not isinstance(vectors.rows, WordRows):
        raise InputError(
            f"{checked.path}: rows that words share hold NaN or infinity; they cannot be left out"
        )
    kept = np.flatnonzero(finite)
    keys = list(split(vectors.vocabulary.blob, vectors.vocabulary.offsets))
    vocabulary = Vocabulary.from_words(
        [keys[word_id] for word_id in kept.tolist()], vectors.vocabulary.counts[kept]
    )
    return Vectors(
        WordRows(vocabulary),
        vectors.table[kept],
        tokeniser=vectors.tokeniser,
        provenance=vectors.provenance,
    )
