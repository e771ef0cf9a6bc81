"""NumPy's ``.npy`` file by memory map; arrays of objects, which are pickles, are refused."""

from __future__ import annotations

import io

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FormatError
from symvec.formats.content import Content

MAGIC = b"\x93NUMPY"
# More than the header of any array of numbers.
_HEADER_BYTES = 1 << 16
_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npy(content: Content) -> AnyArray:
    """Return the array of a file, a view of it.

    Raises:
        FormatError: it was cut off or changed, or holds other things than numbers.
    """
    head = io.BytesIO(content.bytes(0, _HEADER_BYTES))
    try:
        version = np.lib.format.read_magic(head)
        reader = _READERS.get(version)
        if reader is None:
            raise ValueError(f"version {version} is not known")
        shape, is_fortran, dtype = reader(head)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise FormatError(f"{content.path}: its header is damaged: {error}") from error
    if dtype.kind not in "fiub":
        raise FormatError(
            f"{content.path}: it holds {dtype}, expected numbers; nothing in it was run"
        )
    begin = head.tell()
    count = 1
    for size in shape:
        count *= size
    if any(size < 0 for size in shape) or count * dtype.itemsize != content.octets.size - begin:
        raise FormatError(
            f"{content.path}: an array of shape {shape} and type {dtype} takes "
            f"{count * dtype.itemsize:,} bytes, but {content.octets.size - begin:,} follow its "
            "header; it was cut off or changed"
        )
    numbers: AnyArray = content.octets[begin:].view(dtype)
    return numbers.reshape(shape, order="F" if is_fortran else "C")
