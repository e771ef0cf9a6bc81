"""Where text comes from: files, folders, patterns and standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

from symvec.errors import FileError, InputError

STANDARD_INPUT: Final = "-"
Source: TypeAlias = Path | Literal["-"]


def expand_sources(sources: Sequence[str | os.PathLike[str]]) -> tuple[Source, ...]:
    """Return the files that the sources stand for, in the order in which they are read.

    Args:
        sources: files; folders, which stand for all files in them and below, sorted by path,
            without hidden ones; patterns with ``*``, ``?`` or ``[...]`` (``**`` goes through
            folders); ``"-"`` for standard input. A name that exists is never a pattern.

    Raises:
        InputError: no source at all, a source that is not a path, standard input twice.
        FileError: a file is missing, a folder has no files, a pattern matches none.

    Example:
        >>> expand_sources(["-"])
        ('-',)
    """
    if isinstance(sources, str | os.PathLike):
        sources = [sources]
    expanded = tuple(file for source in sources for file in _expanded(source))
    if not expanded:
        raise InputError("no text to read: give at least one file, folder or pattern, or '-'")
    if expanded.count(STANDARD_INPUT) > 1:
        raise InputError("standard input ('-') can be read only once, it was given twice")
    return expanded


def total_bytes(sources: Sequence[Source]) -> int | None:
    """Return how many bytes the files hold as they lie on disk; None with standard input."""
    sizes = [None if source == STANDARD_INPUT else _size(Path(source)) for source in sources]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _size(path: Path) -> int | None:
    """Return the size of a regular file; a pipe has none."""
    return path.stat().st_size if path.is_file() else None


def _expanded(source: str | os.PathLike[str]) -> Iterator[Source]:
    if not isinstance(source, str | os.PathLike):
        raise InputError(
            f"a source of text is a path or '-', got {source!r} of type {type(source).__name__}"
        )
    if source == STANDARD_INPUT:
        yield STANDARD_INPUT
        return
    path = Path(source)
    if path.is_dir():
        yield from _files_below(path)
    elif path.exists():
        yield path
    elif glob.has_magic(str(source)):
        yield from _matches(str(source))
    else:
        raise FileError(f"no such file or folder: {str(source)!r}; the path may be misspelled")


def _files_below(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it, sorted by path, hidden ones left out."""
    files = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(parent, name) for name in names if not name.startswith(".")]
    files = [file for file in files if file.is_file()]
    if not files:
        raise FileError(f"the folder {str(folder)!r} has no text: no file lies in it or below it")
    return sorted(files, key=lambda file: file.parts)


def _matches(pattern: str) -> Iterator[Path]:
    matches = sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207
    files = [match for match in matches if match.is_file()]
    if matches and not files and "**" not in pattern:
        for folder in matches:
            yield from _files_below(folder)
    elif not files:
        raise FileError(f"no file matches the pattern {pattern!r}")
    yield from files
