"""Text a line at a time, from files that may be compressed."""

from __future__ import annotations

from collections.abc import Iterator

from symvec.text.reading import read_chunks
from symvec.text.sources import Source


def read_lines(source: Source) -> Iterator[str]:
    r"""Go through the lines of one file or of standard input, without their ends.

    Bytes that are not valid UTF-8 become lone surrogates (PEP 383).

    Raises:
        FileError: the file cannot be opened or read.
        FormatError: its compressed data is damaged, or it is something else than text.

    Example:
        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "tea.txt")
        ...     _ = file.write_bytes(b"green tea\n\nbl\xffck")
        ...     list(read_lines(file))
        ['green tea', '', 'bl\udcffck']
    """
    rest: list[bytes] = []
    for chunk in read_chunks(source):
        first, *others = chunk.text.split(b"\n")
        rest.append(first)
        for line in others:
            yield b"".join(rest).decode("utf-8", "surrogateescape")
            rest = [line]
    last = b"".join(rest)
    if last:
        yield last.decode("utf-8", "surrogateescape")
