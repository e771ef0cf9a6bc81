"""NumPy's ``.npy`` file by memory map; arrays of objects, which are pickles, are refused."""

from __future__ import annotations

import math
import re

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FormatError
from symvec.formats.content import Content

# NumPy itself reads the header as Python, which is more than it needs to be.
_HEADER = re.compile(
    rb"\{'descr': '([<>|=]?)([a-zA-Z])(\d{0,3})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,18},? ?)*)\), ?\}\s*"
)
_VERSIONS = {(1, 0): 2, (2, 0): 4, (3, 0): 4}
_TYPES = {("f", "2"), ("f", "4"), ("f", "8"), ("b", "1")} | {
    (kind, size) for kind in "iu" for size in "1248"
}
# More than the header of any array of numbers.
_HEADER_BYTES = 1 << 16


def read_npy(content: Content) -> AnyArray:
    """Return the array of a file, a view of it.

    Raises:
        FormatError: it was cut off or changed, or holds other things than numbers.
    """
    head = content.bytes(0, _HEADER_BYTES)
    width = _VERSIONS.get((head[6], head[7]), 0) if len(head) > 8 else 0
    begin = 8 + width + int.from_bytes(head[8 : 8 + width], "little")
    match = _HEADER.fullmatch(head[8 + width : begin])
    if width == 0 or begin > len(head) or match is None:
        raise FormatError(f"{content.path}: its header is not one of NumPy's, or was cut off")
    order, kind, size, is_fortran, axes = (part.decode() for part in match.groups())
    if (kind, size) not in _TYPES:
        raise FormatError(
            f"{content.path}: its header says elements of type {kind + size!r}, expected numbers; "
            "nothing in it was run"
        )
    dtype = np.dtype((">" if order == ">" else "<") + kind + size)
    shape = tuple(int(axis) for axis in axes.split(",") if axis.strip())
    count = math.prod(shape)
    left = content.octets.size - begin
    if count * dtype.itemsize != left or math.prod(max(1, axis) for axis in shape) >= 2**60:
        raise FormatError(
            f"{content.path}: its header says an array of shape {shape} and type {dtype}, "
            f"{count * dtype.itemsize:,} bytes, but {left:,} follow; it was cut off or changed"
        )
    numbers: AnyArray = content.octets[begin:].view(dtype)
    return numbers.reshape(shape, order="F" if is_fortran == "True" else "C")
