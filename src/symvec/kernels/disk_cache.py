"""What Numba keeps of compiled kernels, told apart by the version of all of them.

Numba asks only whether the file of the function itself has changed. But functions are merged into
their callers, whose files an edit or an upgrade may leave as they were; and what is kept names
classes that another version may not have: to read it would fail.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

_VERSION = "_version"  # of a file of the cache: what has another is not read, and written over


@cache
def edition_of(folder: Path) -> str:
    """Return a few letters that change with each file of Python source in a folder."""
    digest = sha256()
    for path in sorted(folder.glob("*.py")):
        status = path.stat()
        digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def told_apart(dispatcher: Callable[..., Any]) -> None:
    """Let a compiled function find only what was kept by this edition of the kernels.

    Where a Numba keeps it otherwise, nothing is changed.
    """
    file = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    if isinstance(getattr(file, _VERSION, None), str):
        try:
            edition = edition_of(Path(__file__).parent)
        except OSError:  # of a package that is not on disk
            return
        setattr(file, _VERSION, f"{getattr(file, _VERSION)} {edition}")
