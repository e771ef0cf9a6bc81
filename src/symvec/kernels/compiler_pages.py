"""Letting go of the compiler's pages, once the kernels are there.

LLVM is a library of 179 MB. To load the kernels 67 of them are read (measured, llvmlite 0.50), and
stay, though the running kernels do not need them. They are the file's own bytes, so that the system
would unload them when it is short of memory; until then training seems to need, and in a container
counts as needing, more than it does.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LIBRARY: Final = "libllvmlite"
_MAPS: Final = Path("/proc/self/smaps")
_MADV_DONTNEED: Final = 4  # linux/mman.h; Python's mmap module knows it for its own maps only


def release_compiler_pages() -> None:
    """Unload the pages of the compiler that hold what its file holds; used again, they come back.

    What was allocated and is free goes back to the system, too.

    Elsewhere than on Linux nothing happens.

    Source: madvise(2), MADV_DONTNEED on private maps of a file.

    Example:
        >>> release_compiler_pages()
    """
    if sys.platform != "linux" or not _MAPS.exists():
        return
    process = ctypes.CDLL(None)
    if hasattr(process, "malloc_trim"):  # glibc's: what loading took and gave back, and it has kept
        process.malloc_trim(0)
    unload = process.madvise
    unload.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, stop in _unchanged_maps():
        unload(start, stop - start, _MADV_DONTNEED)


def _unchanged_maps() -> Iterator[tuple[int, int]]:
    """Yield the address ranges of the library that nobody has written to, nor can."""
    start = stop = 0
    for line in _MAPS.read_text(encoding="utf-8", errors="replace").splitlines():
        first, *others = line.split()
        if not first.endswith(":"):  # the head of a map: addresses, rights, ..., file
            is_ours = _LIBRARY in others[-1] and "w" not in others[0]
            addresses = first.split("-") if is_ours else ("0", "0")
            start, stop = (int(address, 16) for address in addresses)
        elif first == "Anonymous:" and others[0] == "0" and start < stop:
            # What the loader has written, and then closed to writing, is in no file.
            yield start, stop
