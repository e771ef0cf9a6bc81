"""Numbers of bfloat16 in a kernel, which sees their bits: the upper half of those of float32.

A kernel that asks here serves both types. NumPy has no bfloat16; its arrays hold uint16.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from symvec.arrays import AnyArray
from symvec.kernels.compiling import Scalar, merged

_HALF_A_UNIT, _UPPER, _ONE = np.uint32(0x7FFF), np.uint32(16), np.uint32(1)


@merged
def _float_of(bits: Scalar) -> Scalar:
    return np.uint32(np.uint32(bits) << _UPPER).view(np.float32)


@merged
def _bits_of(number: Scalar) -> Scalar:
    """Round to the nearest, to the even one of two; NaN stays NaN as processors make it."""
    bits = np.float32(number).view(np.uint32)
    is_odd = np.uint32(np.uint32(bits >> _UPPER) & _ONE)
    return np.uint16(np.uint32(bits + _HALF_A_UNIT + is_odd) >> _UPPER)


def number_of(element: Scalar) -> Scalar:
    """Return the number that an element stands for, float32 for bfloat16.

    Example:
        >>> float(number_of(np.uint16(0x3FC0))), float(number_of(np.float32(0.25)))
        (1.5, 0.25)
    """
    return _float_of(element) if element.dtype == np.uint16 else element


def element_of(number: Scalar, array: AnyArray) -> Scalar:
    """Return what stands for a number in an array, which is asked for its type only.

    Example:
        >>> hex(element_of(np.float32(1.5), np.zeros(1, np.uint16)))
        '0x3fc0'
    """
    return _bits_of(number) if array.dtype == np.uint16 else number


@overload(number_of, inline="always", strict=False)
def _compiled_number(element: Any) -> Any:  # noqa: ANN401 - Numba hands its types
    if element == types.uint16:
        return lambda element: _float_of(element)
    return lambda element: element


@overload(element_of, inline="always", strict=False)
def _compiled_element(number: Any, array: Any) -> Any:  # noqa: ANN401, ARG001
    if array.dtype == types.uint16:
        return lambda number, array: _bits_of(number)  # noqa: ARG005
    return lambda number, array: number  # noqa: ARG005
