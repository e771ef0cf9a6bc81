"""Letting go of the memory of a mapped file whose beginning has been worked through."""

from __future__ import annotations

import mmap

from symvec.arrays import AnyArray


def release(array: AnyArray, stop: int) -> None:
    """Unload the elements of a memory map before a place; they come from the file when read again.

    The system would unload them anyway when it is short of memory. Without this a program seems
    to need as much of it as its files are long. Arrays that are no memory map stay as they are.

    Args:
        array: one-dimensional, as a rule a memory map from the beginning of a file.
        stop: behind the last element that is not needed for now.
    """
    mapped = getattr(array, "_mmap", None)
    if not isinstance(mapped, mmap.mmap) or not hasattr(mmap, "MADV_DONTNEED"):
        return
    size_bytes = stop * array.itemsize // mmap.PAGESIZE * mmap.PAGESIZE
    if size_bytes:
        mapped.madvise(mmap.MADV_DONTNEED, 0, size_bytes)
