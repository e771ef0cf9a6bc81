"""symvec's file of compressed vectors: the native file, with codes in the place of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FormatError, InputError
from symvec.files import PathLike, TensorFile, write_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY, HEADER_DIGEST
from symvec.formats.native import check_tensors, vectors_of
from symvec.vectors import Vectors
from symvec.vectors.compression import CODECS, decode
from symvec.vectors.saving import OUTPUTS, TABLE, WORD_VECTORS, native_parts

COMPRESSED_NAME = "symvec compressed vectors"
COMPRESSED_VERSION = 1
CODEC_KEY = "symvec.codec"
_PREFIX = "table."


def save_compressed(
    vectors: Vectors, codes: Mapping[str, AnyArray], codec: str, path: PathLike
) -> None:
    """Save vectors whose table is written as codes; ``symvec.load`` opens the file.

    Args:
        vectors: what opening the file shall give: with the decoded table.
        codes: what ``encode`` made of the table.
        codec: its name.
        path: the file, which is there as a whole or not at all.

    Raises:
        OutputError: it cannot be written; the file that was there is unchanged.
    """
    tensors, description = native_parts(vectors)
    left_out = (TABLE, WORD_VECTORS, OUTPUTS)
    kept = {name: array for name, array in tensors.items() if name not in left_out}
    metadata = {
        FORMAT_KEY: f"{COMPRESSED_NAME} {COMPRESSED_VERSION}",
        CODEC_KEY: codec,
        DESCRIPTION_KEY: description,
    }
    coded = {f"{_PREFIX}{name}": array for name, array in codes.items()}
    write_tensors(path, {**kept, **coded}, metadata)


def is_compressed(file: TensorFile) -> bool:
    """Return whether a safetensors file is one of compressed vectors."""
    return file.metadata.get(FORMAT_KEY, "").startswith(COMPRESSED_NAME + " ")


def open_compressed(file: TensorFile) -> Vectors:
    """Return the vectors of a compressed file; every byte is compared with its checksum.

    Raises:
        FormatError: it was made by a later version, was cut off or changed.
    """
    version = file.metadata[FORMAT_KEY].rpartition(" ")[2]
    codec = file.metadata.get(CODEC_KEY, "")
    if (
        version != str(COMPRESSED_VERSION)
        or codec not in CODECS
        or HEADER_DIGEST not in file.metadata
    ):
        raise FormatError(
            f"{file.path} holds compressed vectors of version {version} and codec {codec!r}, "
            f"this symvec reads version {COMPRESSED_VERSION} and {', '.join(CODECS)}; install a "
            "newer symvec"
        )
    file.verify(list(file.tensors))
    coded = {
        name.removeprefix(_PREFIX): array
        for name, array in file.tensors.items()
        if name.startswith(_PREFIX)
    }
    expected = CODECS[codec].tensors
    found = {name: (array.dtype.str[1:], array.ndim) for name, array in coded.items()}
    if found != dict(expected):
        raise FormatError(f"{file.path}: the codec {codec} needs {dict(expected)}, found {found}")
    try:
        table = decode(coded, codec)
    except InputError as error:
        raise FormatError(f"{file.path}: its parts do not fit together: {error}") from error
    # Copied: in the file they may begin at an odd byte, as the codes lie at a cache line.
    others = {
        name: np.array(array)
        for name, array in file.tensors.items()
        if not name.startswith(_PREFIX)
    }
    native = replace(file, tensors={**others, TABLE: table})
    check_tensors(native, without=frozenset({WORD_VECTORS}))
    return vectors_of(native)
