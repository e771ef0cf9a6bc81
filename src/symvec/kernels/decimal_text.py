"""Float32 to the shortest decimal number that reads back as the same float32.

Nine digits always do (IEEE 754); fewer are tried first. A number of digits is taken only if
reading it back must give the same number whatever the last bit of the arithmetic here: the
middle between two float32 is further away than the error.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Bytes1, Float2, Ids64
from symvec.kernels.compiling import Scalar, inlined, kernel

LONGEST_NUMBER = 17
"""The most bytes of a number: a space, a sign, `0.0000` and nine digits."""

_SPACE, _POINT, _MINUS, _ZERO, _E, _LINE_END = 0x20, 0x2E, 0x2D, 0x30, 0x65, 0x0A
_FEWEST_DIGITS, _MOST_DIGITS = 6, 9
_POWERS = np.array([float(f"1e{power}") for power in range(61)])
_SLACK = 8 * np.finfo(np.float64).eps
# Numbers from 1e-5 to 1e9 are written with a point, the others with an exponent.
_SMALLEST_PLAIN, _LARGEST_PLAIN = -5, 9


@inlined
def _times_power(value: Scalar, exponent: Scalar) -> Scalar:
    if exponent < 0:
        return value / _POWERS[-exponent]
    return value * _POWERS[exponent]


@inlined
def _shortest(value: Scalar) -> Scalar:
    """Return ``(digits, exponent)``: ``digits * 10^exponent`` reads back as ``value`` > 0."""
    size = np.float64(value)
    magnitude = int(np.floor(np.log10(size)))
    digits, exponent = np.int64(0), 0
    for count in range(_FEWEST_DIGITS, _MOST_DIGITS + 1):
        exponent = magnitude - count + 1
        digits = np.int64(np.rint(_times_power(size, -exponent)))
        back = _times_power(np.float64(digits), exponent)
        if np.float32(back * (1 - _SLACK)) == value and np.float32(back * (1 + _SLACK)) == value:
            break
    while digits % 10 == 0:
        digits //= 10
        exponent += 1
    return digits, exponent


@inlined
def _write_digits(
    digits: Scalar, count: Scalar, point: Scalar, text: Bytes1, position: Scalar
) -> Scalar:
    """Write an integer of ``count`` digits with a point after ``point`` of them."""
    end = position + count + (1 if 0 < point < count else 0)
    place = end - 1
    for index in range(count):
        if 0 < point < count and count - index == point:
            text[place] = _POINT
            place -= 1
        text[place] = _ZERO + digits % 10
        digits //= 10
        place -= 1
    return end


@inlined
def _digit_count(digits: Scalar) -> Scalar:
    count = 1
    while digits >= 10:
        digits //= 10
        count += 1
    return count


@inlined
def _write_number(value: Scalar, text: Bytes1, position: Scalar) -> Scalar:
    if np.signbit(value):
        text[position] = _MINUS
        position += 1
        value = -value
    if value == 0:
        text[position] = _ZERO
        return position + 1
    digits, exponent = _shortest(value)
    count = _digit_count(digits)
    point = count + exponent
    if point > _LARGEST_PLAIN or point <= _SMALLEST_PLAIN:
        position = _write_digits(digits, count, 1, text, position)
        text[position] = _E
        position += 1
        power = point - 1
        if power < 0:
            text[position] = _MINUS
            position += 1
            power = -power
        return _write_digits(power, _digit_count(power), 0, text, position)
    if point <= 0:
        text[position], text[position + 1] = _ZERO, _POINT
        position += 2
        for _ in range(-point):
            text[position] = _ZERO
            position += 1
        return _write_digits(digits, count, 0, text, position)
    position = _write_digits(digits, count, point, text, position)
    for _ in range(exponent):
        text[position] = _ZERO
        position += 1
    return position


@kernel
def write_lines(blob: Bytes1, offsets: Ids64, first: int, table: Float2, text: Bytes1) -> Scalar:
    """Write a line for each row: its word, and its numbers with a space before each.

    Args:
        blob: (bytes,) uint8, the words one after another.
        offsets: (words + 1,) int64, where each word begins.
        first: the word of the first row.
        table: (rows, D) float32, finite.
        text: uint8, written; room for the words and ``LONGEST_NUMBER * D + 1`` bytes a row.

    Returns:
        How many bytes were written.
    """
    position = 0
    for row in range(table.shape[0]):
        for place in range(offsets[first + row], offsets[first + row + 1]):
            text[position] = blob[place]
            position += 1
        for column in range(table.shape[1]):
            text[position] = _SPACE
            position = _write_number(table[row, column], text, position + 1)
        text[position] = _LINE_END
        position += 1
    return position
