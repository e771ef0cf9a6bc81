"""Opening a file of vectors whatever wrote it, told by its content and not by its name."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from symvec.errors import FileError
from symvec.files import PathLike, open_tensors
from symvec.formats.content import open_content
from symvec.formats.faults import Refusing
from symvec.formats.kinds import HEAD_BYTES, identify
from symvec.formats.native import FileSummary, summarise_native
from symvec.formats.reading import Request, read
from symvec.formats.room import Room, in_memory
from symvec.formats.safetensors import is_native
from symvec.vectors import Vectors


def load(path: PathLike, *, verify: bool = False, vocabulary: PathLike | None = None) -> Vectors:
    """Open a file of vectors, whatever program wrote it.

    symvec's own file is opened by memory map, so that millions of words are there at once: its
    header, vocabulary, counts and norms are verified each time, files of up to 256 MiB as a
    whole. Others are told by their content: word2vec's text and binary files, GloVe's,
    fastText's ``.vec`` and ``.bin``, floret's, finalfusion's ``.fifu``, models that gensim saved,
    NumPy's ``.npy``, safetensors and Parquet; each may be compressed by gzip, bzip2, xz or zstd.
    Nothing in a file is ever run. ``docs/reference/formats.md`` describes each.

    Args:
        path: the file, or a folder that holds one table and one vocabulary.
        verify: compare every byte of a larger file of symvec's with its checksum, too.
        vocabulary: for a table without words, the file that has them: one a line, JSON or
            Parquet. Without it a file beside the table with its name is taken.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is of no known format, was cut off or changed.

    Example:
        >>> load("no such file")
        Traceback (most recent call last):
        symvec.errors.FileError: cannot read no such file: No such file or directory
    """
    return load_into(in_memory, path, verify=verify, vocabulary=vocabulary)


def load_into(
    room: Room, path: PathLike, *, verify: bool = False, vocabulary: PathLike | None = None
) -> Vectors:
    """Open a file of vectors as ``load`` does, with its table in ``room`` if it is not mapped."""
    if os.path.isdir(path):  # noqa: PTH112
        from symvec.formats.folder import find_parts

        path, vocabulary = find_parts(path, vocabulary)
    content = open_content(path, lambda head: identify(head, os.fspath(path)))
    name = identify(content.bytes(0, HEAD_BYTES), content.path)
    return read(Request(content, Refusing(content.path), verify, vocabulary, room), name)


def summarise(path: PathLike, *, verify: bool = False) -> FileSummary:
    """Return what a file of vectors holds; see ``load``.

    Only symvec's own files have checksums: of others ``sha256`` is empty and ``verified`` false.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is of no known format, was cut off or changed.
    """
    vectors = load(path, verify=verify)
    with suppress(FileError):
        if is_native(open_tensors(path)):
            return summarise_native(path, verify=verify)
    size_bytes = _size_bytes(path)
    name = str(vectors.provenance.get("source_format"))
    return FileSummary(os.fspath(path), name, size_bytes, False, {}, vectors.summary())


def _size_bytes(path: PathLike) -> int:
    """Return the size of a file, or of a folder's files together."""
    place = Path(path)
    files = filter(Path.is_file, place.iterdir()) if place.is_dir() else (place,)
    return sum(file.stat().st_size for file in files)
