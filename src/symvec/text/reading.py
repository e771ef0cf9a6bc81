"""Bytes of text, a chunk at a time, from files that may be compressed."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from symvec.errors import FileError, FormatError
from symvec.text.compression import (
    DECOMPRESSION_ERRORS,
    LONGEST_MAGIC_BYTES,
    Compression,
    find_compression,
)
from symvec.text.sources import STANDARD_INPUT, Source
from symvec.text.suspicion import refuse_other_than_text

# Measured on 100 MB: 1 MiB is as fast as any size, and it fits into a core's cache.
CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a source's text.

    Args:
        text: bytes, cut anywhere: it may end within a line, a word or a character.
        source_bytes: how many bytes of the file were read for it, fewer than it has where the
            file is compressed.
        is_last: whether the source ends with it. Each source has one such chunk.
    """

    text: bytes
    source_bytes: int
    is_last: bool


def read_chunks(source: Source, chunk_bytes: int = CHUNK_BYTES) -> Generator[Chunk, None, None]:
    r"""Go through the text of one file or of standard input.

    gzip, bzip2, xz and zstd are told by content and decompressed on the way.

    Raises:
        FileError: the file cannot be opened or read.
        FormatError: its compressed data is damaged, or it is something else than text.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "tea.txt")
        ...     _ = file.write_text("green tea\n")
        ...     [chunk.text for chunk in read_chunks(file)]
        [b'green tea\n']
    """
    name = "standard input" if source == STANDARD_INPUT else repr(str(source))
    with _opened(source, name) as file:
        head = file.peek(LONGEST_MAGIC_BYTES)[:LONGEST_MAGIC_BYTES]
        compression = find_compression(head)
        text = compression.open(file) if compression else cast(IO[bytes], file)
        yield from _chunks(text, file, name, compression, chunk_bytes)


def _chunks(
    text: IO[bytes],
    file: io.BufferedReader,
    name: str,
    compression: Compression | None,
    chunk_bytes: int,
) -> Generator[Chunk, None, None]:
    read_before = text_bytes = 0
    following = _read(text, chunk_bytes, name, compression, 0)
    refuse_other_than_text(following, name)
    is_last = False
    while not is_last:
        piece = following
        text_bytes += len(piece)
        following = _read(text, chunk_bytes, name, compression, text_bytes) if piece else b""
        is_last = not following
        read = text_bytes if compression is None else _tell(file, text_bytes)
        yield Chunk(piece, read - read_before, is_last)
        read_before = read


def _tell(file: io.BufferedReader, text_bytes: int) -> int:
    """Return how far a compressed file was read; of a pipe, how much text it gave."""
    return file.tell() if file.seekable() else text_bytes


def _read(
    text: IO[bytes], chunk_bytes: int, name: str, compression: Compression | None, text_bytes: int
) -> bytes:
    try:
        return text.read(chunk_bytes)
    except DECOMPRESSION_ERRORS as error:
        raise _damaged(name, compression, text_bytes, error) from error
    except OSError as error:
        if compression is not None and error.errno is None:  # the bz2 module's way to say it
            raise _damaged(name, compression, text_bytes, error) from error
        raise FileError(f"cannot read {name}: {error.strerror or error}") from error


def _damaged(
    name: str, compression: Compression | None, text_bytes: int, error: Exception
) -> FormatError:
    kind = compression.name if compression else "compressed"
    return FormatError(
        f"the {kind} data of {name} is damaged or cut short after {text_bytes:,} bytes of text "
        f"({error}); get the file once more"
    )


@contextmanager
def _opened(source: Source, name: str) -> Iterator[io.BufferedReader]:
    """Open a source for reading; standard input by a handle of its own, so that it stays open."""
    try:
        file = _standard_input() if source == STANDARD_INPUT else _file(Path(source))
    except OSError as error:
        raise FileError(f"cannot open {name}: {error.strerror or error}") from error
    try:
        yield file
    finally:
        file.close()


def _file(path: Path) -> io.BufferedReader:
    return path.open("rb")


def _standard_input() -> io.BufferedReader:
    try:
        return open(os.dup(sys.stdin.fileno()), "rb")  # noqa: PTH123
    except io.UnsupportedOperation:  # standard input was replaced by an object in memory
        return io.BufferedReader(io.BytesIO(sys.stdin.buffer.read()))
