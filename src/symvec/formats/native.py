"""Opening symvec's own file; ``docs/reference/native-file.md`` describes each byte."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FormatError, InputError
from symvec.files import PathLike, TensorFile, open_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY, HEADER_DIGEST, TENSOR_DIGEST
from symvec.text.tokeniser_choice import tokeniser_from_metadata
from symvec.vectors import Vectors, VectorsSummary
from symvec.vectors.saving import (
    FORMAT_NAME,
    FORMAT_VERSION,
    OUTPUTS,
    SMALL_TENSORS,
    TABLE,
    WORD_VECTORS,
)
from symvec.vocabulary import (
    HashedRows,
    NgramRows,
    Rows,
    SubwordRows,
    Vocabulary,
    WordOrNgramRows,
    WordRows,
)
from symvec.vocabulary.listed_places import LISTED_ROWS
from symvec.vocabulary.stored_places import STORED_BUCKETS

# Files up to this size are verified as a whole each time they are opened.
VERIFIED_BYTES = 1 << 28

Expected: TypeAlias = Mapping[str, tuple[tuple[str, ...], int]]
"""The types of the elements and the number of axes of each tensor."""

_EXPECTED: Expected = {
    "counts": (("i8",), 1),
    "norms": (("f4",), 1),
    "order": (("i4", "i8"), 1),
    "vocabulary": (("u1",), 1),
    "vocabulary_offsets": (("i8",), 1),
    TABLE: (("f4",), 2),
}
_MAY_BE_THERE: Expected = {OUTPUTS: (("f4",), 2)}
_OF_SEVERAL_ROWS: Expected = {WORD_VECTORS: (("f4",), 2)}
_OF_NGRAMS: Expected = {
    "ngram_counts": (("i8",), 1),
    "ngram_offsets": (("i8",), 1),
    "ngram_order": (("i4", "i8"), 1),
    "ngrams": (("u1",), 1),
}
_WORDS_OR: Mapping[str, Expected] = {
    "words-or-buckets": {},
    "words-or-stored-buckets": {STORED_BUCKETS: (("i8",), 1)},
    "words-or-ngrams": {**_OF_NGRAMS, LISTED_ROWS: (("i8",), 1)},
}


class _RowsKind(NamedTuple):
    """How a kind of rows is made again: from the vocabulary, settings and tensors."""

    make: Callable[[Vocabulary, Mapping[str, object], Mapping[str, AnyArray]], Rows]
    small_tensors: Expected
    large_tensors: Expected


def _words_or(kind: str, small_tensors: Expected) -> _RowsKind:
    make = partial(WordOrNgramRows.from_metadata, kind)
    return _RowsKind(make, small_tensors, {})


_ROWS: Mapping[str, _RowsKind] = {
    WordRows.kind: _RowsKind(lambda vocabulary, _settings, _: WordRows(vocabulary), {}, {}),
    SubwordRows.kind: _RowsKind(SubwordRows.from_metadata, {}, _OF_SEVERAL_ROWS),
    HashedRows.kind: _RowsKind(HashedRows.from_metadata, {}, _OF_SEVERAL_ROWS),
    NgramRows.kind: _RowsKind(NgramRows.from_metadata, _OF_NGRAMS, _OF_SEVERAL_ROWS),
    **{kind: _words_or(kind, tensors) for kind, tensors in _WORDS_OR.items()},
}


@dataclass(frozen=True, slots=True)
class FileSummary:
    """A file of vectors.

    Args:
        path: where it lies.
        format: name and version of the format.
        size_bytes: size of the file.
        verified: whether every byte was compared with its checksum.
        sha256: the checksum of each tensor, and of the header.
        vectors: what the file holds.
    """

    path: str
    format: str
    size_bytes: int
    verified: bool
    sha256: Mapping[str, str]
    vectors: VectorsSummary


def open_native(path: PathLike, *, verify: bool = False) -> Vectors:
    """Open a file that ``Vectors.save`` wrote, by memory map.

    The header, the vocabulary, the counts and the norms are compared with their checksums each
    time, the table in files of up to 256 MiB, and in larger ones if ``verify`` is true.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is not symvec's, was made by a later version, was cut off or changed.
    """
    return vectors_of(_open(path, verify))


def summarise_native(path: PathLike, *, verify: bool = False) -> FileSummary:
    """Return what a file that ``Vectors.save`` wrote holds; see ``open_native``."""
    file = _open(path, verify)
    digests = {name: file.metadata[TENSOR_DIGEST + name] for name in sorted(file.tensors)}
    digests["header"] = file.metadata[HEADER_DIGEST]
    return FileSummary(
        path=file.path,
        format=file.metadata[FORMAT_KEY],
        size_bytes=file.size_bytes,
        verified=verify or file.size_bytes <= VERIFIED_BYTES,
        sha256=digests,
        vectors=vectors_of(file).summary(),
    )


def _open(path: PathLike, verify: bool) -> TensorFile:
    """Open the container, and compare with their checksums the parts that are to be."""
    file = open_tensors(path)
    _check_version(file)
    expected = check_tensors(file)
    whole = verify or file.size_bytes <= VERIFIED_BYTES
    small = [*SMALL_TENSORS, *_rows_kind(file).small_tensors]
    file.verify(list(expected) if whole else small)
    return file


def check_tensors(file: TensorFile, *, without: frozenset[str] = frozenset()) -> Expected:
    """Return the tensors that a file must or may have, after finding no others there.

    Args:
        file: an open container.
        without: names of tensors that this kind of file does not have.

    Raises:
        FormatError: a tensor is missing, of another type, or has no meaning.
    """
    rows = _rows_kind(file)
    more = {name: what for name, what in _MAY_BE_THERE.items() if name in file.tensors}
    known = {**_EXPECTED, **rows.small_tensors, **rows.large_tensors, **more}
    expected = {name: what for name, what in known.items() if name not in without}
    for name, (kinds, axes) in expected.items():
        tensor = file.tensors.get(name)
        if tensor is None or tensor.dtype.str[1:] not in kinds or tensor.ndim != axes:
            found = "none" if tensor is None else f"{tensor.ndim} axes of {tensor.dtype}"
            raise FormatError(
                f"{file.path}: expected a tensor {name!r} with {axes} axes of "
                f"{' or '.join(kinds)}, found {found}"
            )
    unknown = sorted(set(file.tensors) - set(expected))
    if unknown:
        raise FormatError(f"{file.path}: there is a tensor {unknown[0]!r} that has no meaning")
    return expected


def _rows_kind(file: TensorFile) -> _RowsKind:
    """Return how the rows of a file are made, or say why it cannot be known."""
    try:
        kind = _description(file)["rows"]["kind"]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise FormatError(f"{file.path}: its parts do not fit together: {error}") from error
    if not isinstance(kind, str) or kind not in _ROWS:
        raise FormatError(
            f"{file.path}: its parts do not fit together: there is no kind of rows {kind!r}, "
            f"this symvec knows {', '.join(_ROWS)}"
        )
    return _ROWS[kind]


def _description(file: TensorFile) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads(file.metadata[DESCRIPTION_KEY])


def _check_version(file: TensorFile) -> None:
    name, _, version = file.metadata.get(FORMAT_KEY, "").rpartition(" ")
    if name != FORMAT_NAME or HEADER_DIGEST not in file.metadata:
        raise FormatError(
            f"{file.path} is a safetensors file, but not one of symvec's vectors, or one that "
            "another program has changed"
        )
    if version != str(FORMAT_VERSION):
        raise FormatError(
            f"{file.path} has version {version} of the format, this symvec reads version "
            f"{FORMAT_VERSION}; install a newer symvec"
        )


def vectors_of(file: TensorFile) -> Vectors:
    """Return the vectors of a container whose tensors were checked.

    Raises:
        FormatError: its parts do not fit together.
    """
    tensors = file.tensors
    try:
        vocabulary = Vocabulary(
            tensors["vocabulary"],
            tensors["vocabulary_offsets"],
            tensors["counts"],
            tensors["order"],
        )
        description = _description(file)
        tokeniser = description["tokeniser"]
        vectors = Vectors(
            _rows_kind(file).make(vocabulary, description["rows"]["settings"], tensors),
            tensors[TABLE],
            tokeniser=None if tokeniser is None else tokeniser_from_metadata(tokeniser),
            provenance=dict(description["provenance"]),
            stored_norms=tensors["norms"],
            stored_word_matrix=tensors.get(WORD_VECTORS),
            outputs=tensors.get(OUTPUTS),
        )
    except (InputError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise FormatError(f"{file.path}: its parts do not fit together: {error}") from error
    _report_broken(vectors, file.path)
    return vectors


def _report_broken(vectors: Vectors, path: str) -> None:
    broken = np.flatnonzero(~np.isfinite(vectors.norms))
    if broken.size:
        word = vectors.vocabulary.word(int(broken[0]))
        warnings.warn(
            f"{path}: the vectors of {broken.size:,} words hold NaN or infinity, the first is "
            f"{word!r}; they are never answers",
            stacklevel=5,
        )
