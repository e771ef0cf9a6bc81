"""Letting go of the memory of a mapped file whose beginning has been worked through."""

from __future__ import annotations

import mmap

from symvec.arrays import AnyArray


def release(array: AnyArray | None, stop: int, start: int = 0) -> None:
    """Unload the elements of a memory map between two places; read again, they come from the file.

    The system would unload them anyway when it is short of memory. Without this a program seems
    to need as much of it as its files are long. Arrays that are no memory map stay as they are.

    Args:
        array: one-dimensional, as a rule a memory map from the beginning of a file.
        stop: behind the last element that is not needed for now.
        start: the first one that is not needed.
    """
    mapped = getattr(array, "_mmap", None)
    if array is None or not isinstance(mapped, mmap.mmap) or not hasattr(mmap, "MADV_DONTNEED"):
        return
    first, last = (
        place * array.itemsize // mmap.PAGESIZE * mmap.PAGESIZE for place in (start, stop)
    )
    if last > first:
        mapped.madvise(mmap.MADV_DONTNEED, first, last - first)
