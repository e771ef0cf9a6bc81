"""Indexes kept from one question to the next: a cache, never a file that somebody handed over.

An index is found again by the hash of the vectors and of the engine's settings, only in a folder
that belongs to the user alone, and only if its bytes have the checksum that stands before them.
Where anything is in doubt it is built anew.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from symvec.arrays import Float2
from symvec.errors import OutputError
from symvec.files import write_atomically

_DIGEST_BYTES: Final = 32


def cache_folder() -> Path:
    """Return the folder of indexes: below ``XDG_CACHE_HOME``, or where the system keeps caches."""
    given = os.environ.get("XDG_CACHE_HOME")
    if given:
        return Path(given, "symvec", "indexes")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home()), "symvec", "cache", "indexes")
    caches = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / caches / "symvec" / "indexes"


def index_key(directions: Float2, engine: str, settings: str) -> str:
    """Return the name of an index: the SHA-256 of what it is built from, as hexadecimal digits."""
    digest = hashlib.sha256(f"{engine} {settings} {directions.shape}".encode())
    digest.update(directions.view(np.uint8).reshape(-1).data)
    return digest.hexdigest()


def read_index(folder: Path, key: str) -> bytes | None:
    """Return the bytes of an index, or None where there is none that can be trusted."""
    if not _is_private(folder):
        return None
    with suppress(OSError):
        content = (folder / key).read_bytes()
        checksum, index = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(key.encode() + index).digest() == checksum:
            return index
    return None


def write_index(folder: Path, key: str, index: bytes) -> bool:
    """Keep the bytes of an index, and return whether that could be done."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(folder):
            return False
        with write_atomically(folder / key) as file:
            file.write(hashlib.sha256(key.encode() + index).digest())
            file.write(index)
    except (OSError, ValueError, OutputError):
        return False
    return True


def _is_private(folder: Path) -> bool:
    """Return whether nobody else can have put a file into a folder."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(status.st_mode):
        return False
    if os.name != "posix":
        return True  # a user's own folders are closed to others there
    others = stat.S_IWGRP | stat.S_IWOTH
    return status.st_uid == os.getuid() and not status.st_mode & others
