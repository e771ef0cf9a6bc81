"""The bytes of a file of vectors, mapped into memory, decompressed where they are compressed."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, BinaryIO

import numpy as np

from symvec.arrays import Bytes1
from symvec.errors import FileError, FormatError
from symvec.files import PathLike
from symvec.text.compression import (
    DECOMPRESSION_ERRORS,
    LONGEST_MAGIC_BYTES,
    Compression,
    find_compression,
)
from symvec.vocabulary.mapped import release

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, eq=False)
class Content:
    """What a file holds.

    Args:
        path: its name, for errors.
        octets: (bytes,) uint8, read-only: the file itself, or what it decompresses to.
        size_bytes: how large the file is on the disk.
        compression: the name of the compression, or None.
    """

    path: str
    octets: Bytes1
    size_bytes: int
    compression: str | None = None

    def bytes(self, begin: int, end: int) -> bytes:
        """Return a copy of some bytes, fewer where the content ends before."""
        return self.octets[begin:end].tobytes()

    def release(self, begin: int, end: int) -> None:
        """Unload the pages between two places; they come from the file when read again."""
        release(self.octets.base, end, begin)


def open_content(path: PathLike, check_head: Callable[[bytes], object]) -> Content:
    """Map a file into memory.

    A compressed one is decompressed to a temporary file first, after ``check_head`` has been
    given its beginning: what is no file of vectors never fills the disk.

    Args:
        path: a regular file.
        check_head: raises if the content that begins so is not worth decompressing.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: its compressed data is damaged or cut short.
    """
    text = os.fspath(path)
    try:
        if not stat.S_ISREG(os.stat(text).st_mode):  # noqa: PTH116 - as given, for the error
            raise FileError(f"cannot read {text}: it is not a regular file")
        with open(text, "rb") as file:  # noqa: PTH123 - a Path would change the name in the text
            size_bytes = os.fstat(file.fileno()).st_size
            compression = find_compression(file.peek(LONGEST_MAGIC_BYTES)[:LONGEST_MAGIC_BYTES])
            if compression is None:
                return Content(text, _mapped(file, size_bytes), size_bytes)
            return _decompressed(text, file, size_bytes, compression, check_head)
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot read {text}: {reason}") from error


def _decompressed(
    path: str,
    file: BinaryIO,
    size_bytes: int,
    compression: Compression,
    check_head: Callable[[bytes], object],
) -> Content:
    source = compression.open(file)
    with tempfile.TemporaryFile(prefix="symvec-") as target:
        chunk = _read(source, path, compression, 0)
        check_head(chunk)
        while chunk:
            target.write(chunk)
            chunk = _read(source, path, compression, target.tell())
        target.flush()
        octets = _mapped(target, target.tell())
    return Content(path, octets, size_bytes, compression.name)


def _read(source: IO[bytes], path: str, compression: Compression, position: int) -> bytes:
    try:
        return source.read(_CHUNK_BYTES)
    except (*DECOMPRESSION_ERRORS, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise FormatError(
            f"the {compression.name} data of {path} is damaged or cut short after {position:,} "
            f"bytes of content ({error}); get the file once more"
        ) from error


def _mapped(file: IO[bytes], size_bytes: int) -> Bytes1:
    if size_bytes == 0:  # nothing cannot be mapped
        empty = np.zeros(0, dtype=np.uint8)
        empty.flags.writeable = False
        return empty
    return np.asarray(np.memmap(file, dtype=np.uint8, mode="r", shape=(size_bytes,)))
