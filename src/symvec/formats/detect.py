"""Opening a file of vectors whatever wrote it, told by its content and not by its name."""

from __future__ import annotations

from symvec.files import PathLike
from symvec.formats.native import open_native
from symvec.vectors import Vectors


def load(path: PathLike, *, verify: bool = False) -> Vectors:
    """Open a file of vectors by memory map, so that millions of words are there at once.

    The header, the vocabulary, the counts and the norms are verified each time, files of up to
    256 MiB as a whole.

    Args:
        path: a file that ``Vectors.save`` wrote.
        verify: compare every byte of a larger file with its checksum, too.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is of no known format, was cut off or changed.

    Example:
        >>> load("no such file")
        Traceback (most recent call last):
        symvec.errors.FileError: cannot read no such file: No such file or directory
    """
    return open_native(path, verify=verify)
