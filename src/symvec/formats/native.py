"""Opening symvec's own file; ``docs/reference/native-file.md`` describes each byte."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from symvec.errors import FormatError, InputError
from symvec.files import PathLike, TensorFile, open_tensors
from symvec.files.tensors import HEADER_DIGEST, TENSOR_DIGEST
from symvec.text.tokenisers import Tokeniser
from symvec.vectors import Vectors, VectorsSummary
from symvec.vectors.saving import (
    DESCRIPTION_KEY,
    FORMAT_KEY,
    FORMAT_NAME,
    FORMAT_VERSION,
    SMALL_TENSORS,
    TABLE,
)
from symvec.vocabulary import Rows, Vocabulary, WordRows

# Files up to this size are verified as a whole each time they are opened.
VERIFIED_BYTES = 1 << 28

# How each kind of rows is made again from the vocabulary and its settings.
_ROWS: Mapping[str, Callable[[Vocabulary, Mapping[str, object]], Rows]] = {
    WordRows.kind: lambda vocabulary, _: WordRows(vocabulary)
}
_EXPECTED = {
    "counts": (("i8",), 1),
    "norms": (("f4",), 1),
    "order": (("i4", "i8"), 1),
    "vocabulary": (("u1",), 1),
    "vocabulary_offsets": (("i8",), 1),
    TABLE: (("f4",), 2),
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
    return _vectors(_open(path, verify))


def summarise_native(path: PathLike, *, verify: bool = False) -> FileSummary:
    """Return what a file that ``Vectors.save`` wrote holds; see ``open_native``."""
    file = _open(path, verify)
    digests = {name: file.metadata[TENSOR_DIGEST + name] for name in sorted(_EXPECTED)}
    digests["header"] = file.metadata[HEADER_DIGEST]
    return FileSummary(
        path=file.path,
        format=file.metadata[FORMAT_KEY],
        size_bytes=file.size_bytes,
        verified=verify or file.size_bytes <= VERIFIED_BYTES,
        sha256=digests,
        vectors=_vectors(file).summary(),
    )


def _open(path: PathLike, verify: bool) -> TensorFile:
    """Open the container, and compare with their checksums the parts that are to be."""
    file = open_tensors(path)
    _check_version(file)
    for name, (kinds, axes) in _EXPECTED.items():
        tensor = file.tensors.get(name)
        if tensor is None or tensor.dtype.str[1:] not in kinds or tensor.ndim != axes:
            found = "none" if tensor is None else f"{tensor.ndim} axes of {tensor.dtype}"
            raise FormatError(
                f"{file.path}: expected a tensor {name!r} with {axes} axes of "
                f"{' or '.join(kinds)}, found {found}"
            )
    unknown = sorted(set(file.tensors) - set(_EXPECTED))
    if unknown:
        raise FormatError(f"{file.path}: there is a tensor {unknown[0]!r} that has no meaning")
    whole = verify or file.size_bytes <= VERIFIED_BYTES
    file.verify([*SMALL_TENSORS, TABLE] if whole else SMALL_TENSORS)
    return file


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


def _vectors(file: TensorFile) -> Vectors:
    tensors = file.tensors
    try:
        vocabulary = Vocabulary(
            tensors["vocabulary"],
            tensors["vocabulary_offsets"],
            tensors["counts"],
            tensors["order"],
        )
        description = json.loads(file.metadata[DESCRIPTION_KEY])
        tokeniser = description["tokeniser"]
        vectors = Vectors(
            _ROWS[description["rows"]["kind"]](vocabulary, description["rows"]["settings"]),
            tensors[TABLE],
            tokeniser=None if tokeniser is None else Tokeniser.from_metadata(tokeniser),
            provenance=dict(description["provenance"]),
            stored_norms=tensors["norms"],
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
