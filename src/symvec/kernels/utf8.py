"""Characters as bytes of UTF-8 (RFC 3629), in which bytes that are none keep their place."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Bytes1
from symvec.characters import FIRST_INVALID
from symvec.kernels.compiling import Scalar, inlined, kernel

_LONGEST_BYTES = 4


@inlined
def is_cut(text: Bytes1, position: Scalar, is_last: bool) -> Scalar:
    """Return whether text that follows may complete the character at ``position``."""
    near_end = text.size - position < _LONGEST_BYTES
    return near_end and not is_last and text[position] >= 0x80


@inlined
def decoded(text: Bytes1, position: Scalar) -> Scalar:
    """Return the code point at ``position`` and its width in bytes.

    A byte that begins no valid sequence (one that is whole, not overlong, no surrogate and at
    most U+10FFFF) is the code point ``FIRST_INVALID + byte`` of width 1.
    """
    first = np.int64(text[position])
    if first < 0x80:
        return first, 1
    width = 2 + (first >= 0xE0) + (first >= 0xF0)
    code_point = first & (0x7F >> width)
    is_valid = 0xC2 <= first <= 0xF4 and text.size - position >= width
    for place in range(1, width):
        if is_valid:
            byte = np.int64(text[position + place])
            is_valid = byte & 0xC0 == 0x80
            code_point = code_point << 6 | byte & 0x3F
    if width == 3:
        is_valid = is_valid and code_point >= 0x800 and not 0xD800 <= code_point <= 0xDFFF
    elif width == 4:
        is_valid = is_valid and 0x10000 <= code_point <= 0x10FFFF
    if is_valid:
        return code_point, width
    return FIRST_INVALID + first, 1


@kernel
def encode_into(code_point: Scalar, target: Bytes1, at: Scalar) -> Scalar:
    """Write a valid code point to ``target`` from ``at`` on; return the number of bytes."""
    width = 1 + (code_point >= 0x80) + (code_point >= 0x800) + (code_point >= 0x10000)
    for place in range(width - 1, 0, -1):
        target[at + place] = 0x80 | code_point & 0x3F
        code_point >>= 6
    lead = 0 if width == 1 else 0xF00 >> width & 0xFF
    target[at] = lead | code_point
    return width
