"""Decimal numbers to float32, as text files of vectors hold them by the hundred million.

A number's digits are collected in an integer and scaled by a power of ten in float64. Where that
is exact, or where its possible error cannot reach a boundary between two float32, the result is
that of exact arithmetic; the few others are left to the caller (``SLOW``), who has more time.
The numbers for which one product suffices: Clinger 1990, "How to read floating point numbers
accurately".
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Bytes1
from symvec.kernels.compiling import Scalar, inlined

READ, SLOW, NOT_A_NUMBER = 0, 1, 2
"""What ``read_decimal`` says of a field."""

SPACE, LINE_END, CARRIAGE_RETURN = 0x20, 0x0A, 0x0D
_PLUS, _MINUS, _POINT, _ZERO, _NINE = 0x2B, 0x2D, 0x2E, 0x30, 0x39
_LOWER = 0x20  # the bit in which letters of ASCII differ by case
_E = 0x65
_NAN = np.frombuffer(b"nan", np.uint8)
_INF = np.frombuffer(b"inf", np.uint8)
_INFINITY = np.frombuffer(b"infinity", np.uint8)
# 10^19 - 1 is the largest run of nines in 64 bits.
_MOST_DIGITS = 19
_EXACT_INTEGER = np.uint64(1 << 53)
_EXACT_POWER = 22
_LARGEST_POWER = 80
_POWERS = np.array([float(f"1e{power}") for power in range(_LARGEST_POWER + 1)])
# Three roundings of half a unit each, doubled to be sure.
_SLACK = 4 * np.finfo(np.float64).eps
_LARGEST_FLOAT = float(np.finfo(np.float32).max)
_MOST_EXPONENT = 100_000
_TEN = np.uint64(10)


@inlined
def is_digit(byte: Scalar) -> Scalar:
    """Return whether a byte is 0 to 9."""
    return _ZERO <= byte <= _NINE


@inlined
def scaled(digits: Scalar, exponent: Scalar) -> Scalar:
    """Return ``(READ, digits * 10^exponent as float32)``, or ``(SLOW, 0)`` if that is not sure."""
    if digits == np.uint64(0):
        return READ, np.float32(0)
    if exponent < -_LARGEST_POWER or exponent > _LARGEST_POWER:
        return SLOW, np.float32(0)
    value: Scalar = np.float64(digits)
    if exponent < 0:
        value = value / _POWERS[-exponent]
    else:
        value = value * _POWERS[exponent]
    if value * (1 + _SLACK) > _LARGEST_FLOAT:
        return SLOW, np.float32(0)
    if digits < _EXACT_INTEGER and -_EXACT_POWER <= exponent <= _EXACT_POWER:
        return READ, np.float32(value)
    lower, upper = np.float32(value * (1 - _SLACK)), np.float32(value * (1 + _SLACK))
    return (READ if lower == upper else SLOW), lower


@inlined
def _is_name(octets: Bytes1, begin: Scalar, end: Scalar, name: Bytes1) -> Scalar:
    """Return whether a field is a name, in letters of either case."""
    if end - begin != name.size:
        return False
    for place in range(name.size):
        if octets[begin + place] | _LOWER != name[place]:
            return False
    return True


@inlined
def read_decimal(octets: Bytes1, begin: Scalar, end: Scalar) -> Scalar:
    """Read the number that begins at ``begin``, up to a space, a line end or ``end``.

    Returns:
        ``(what, value, position)``: ``READ`` and its value, ``SLOW`` for one that must be read
        with more care (or that is ``nan`` or ``inf``), or ``NOT_A_NUMBER``; and the position
        after the field.
    """
    position, negative = begin, False
    if position < end and (octets[position] == _MINUS or octets[position] == _PLUS):
        negative = octets[position] == _MINUS
        position += 1
    digits, kept, seen = np.uint64(0), 0, 0
    exponent: Scalar = 0
    after_point = False
    first = position
    while position < end:
        byte = octets[position]
        if is_digit(byte):
            seen += 1
            if kept < _MOST_DIGITS:
                digits = digits * _TEN + np.uint64(byte - _ZERO)
                if digits != np.uint64(0):
                    kept += 1
                exponent -= after_point
            else:
                exponent += not after_point
        elif byte == _POINT and not after_point:
            after_point = True
        else:
            break
        position += 1
    if seen > 0 and position < end and octets[position] | _LOWER == _E:
        position += 1
        falling = False
        if position < end and (octets[position] == _MINUS or octets[position] == _PLUS):
            falling = octets[position] == _MINUS
            position += 1
        power: Scalar = np.int64(0)
        power_digits = 0
        while position < end and is_digit(octets[position]):
            power = min(power * 10 + (np.int64(octets[position]) - _ZERO), _MOST_EXPONENT)
            power_digits += 1
            position += 1
        if power_digits == 0:
            seen = 0
        exponent += -power if falling else power
    if seen == 0 or (position < end and octets[position] != SPACE):
        while position < end and octets[position] != SPACE:
            position += 1
        named = (
            _is_name(octets, first, position, _NAN)
            or _is_name(octets, first, position, _INF)
            or _is_name(octets, first, position, _INFINITY)
        )
        return (SLOW if named else NOT_A_NUMBER), np.float32(0), position
    what, value = scaled(digits, exponent)
    return what, (-value if negative else value), position
