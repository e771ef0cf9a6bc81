import math
import struct

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from symvec.kernels.compiling import kernel
from symvec.kernels.decimal_text import LONGEST_NUMBER, write_lines
from symvec.kernels.decimals import NOT_A_NUMBER, READ, SLOW, read_decimal


@kernel
def read(octets):
    return read_decimal(octets, 0, octets.size)


def read_text(text):
    return read(np.frombuffer(text.encode(), np.uint8))


def expected(text):
    with np.errstate(over="ignore"):
        return np.float64(float(text)).astype(np.float32)


def check_number(text):
    what, value, position = read_text(text)
    assert position == len(text)
    assert what in (READ, SLOW)
    if what == READ:
        assert struct.pack("<f", value) == struct.pack("<f", expected(text)), text


NUMBERS = [
    "0", "-0", "+0.0", "1", "-1", "1.", ".5", "-.5", "0.1", "1e5", "1E5", "1e+5", "1e-5",
    "12345678", "0.000001", "3.4028235e38", "3.4028236e38", "1e39", "-1e39", "1e-45", "7e-46",
    "1.17549435e-38", "16777217", "33554433", "0.30000000000000004", "9007199254740993",
    "12345678901234567890123",
    "0.00000000000000000000000000000000000000000000001", "1e400", "1e-400", "0e999", "00001.5",
    "1.00000005960464477539062500000000", "1.000000059604644775390625000000001",
    "1.1754943508222875e-38", "7.006492321624085e-46", "nan", "NaN", "-inf", "Infinity", "+nan",
]  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers(text):
    check_number(text)


def test_most_numbers_are_read_at_once():
    assert read_text("0.12345")[:1] == (READ,)
    assert read_text("-0.0123456789012345678")[0] == READ
    assert math.copysign(1, read_text("-0")[1]) == -1
    assert read_text("nan")[0] == SLOW


@pytest.mark.parametrize(
    "text",
    ["", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "--1", "0x10", "1_0", "nanx", "in", "١"],
)
def test_what_is_no_number(text):
    assert read_text(text)[0] == NOT_A_NUMBER


def test_a_number_ends_at_a_space():
    what, value, position = read_text("1.5 x")
    assert (what, value, position) == (READ, 1.5, 3)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(0, 20))
def test_numbers_of_any_length(value, digits):
    check_number(f"{value:.{digits}e}")
    check_number(repr(float(value)))


@given(st.integers(0, 10**25), st.integers(-70, 70))
@example(9007199791611905, -16)
def test_digits_and_exponents(digits, exponent):
    check_number(f"{digits}e{exponent}")
    check_number(f"0.{digits}e{exponent}")


def lines(words, table):
    blob = np.frombuffer("".join(words).encode(), np.uint8)
    offsets = np.cumsum([0, *(len(word.encode()) for word in words)])
    text = np.empty(blob.size + len(words) * (LONGEST_NUMBER * table.shape[1] + 1), np.uint8)
    return text[: write_lines(blob, offsets, 0, table, text)].tobytes().decode()


def test_lines():
    table = np.array([[1, -0.5, 0], [1e-5, 1e10, -0.0]], dtype=np.float32)
    assert lines(["tea", "녹차"], table) == "tea 1 -0.5 0\n녹차 0.00001 1e10 -0\n"


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1))
@example([3.4028234663852886e38, 1.401298464324817e-45, 1.1754943508222875e-38, 0.1, 9.9999e8])
def test_written_numbers_read_back_the_same(values):
    table = np.array([values], dtype=np.float32)
    fields = lines(["w"], table).split()[1:]
    back = np.array([float(field) for field in fields]).astype(np.float32)
    assert back.tobytes() == table.tobytes()
    for field, value in zip(fields, values, strict=True):
        assert len(field) < LONGEST_NUMBER
        assert "e" in field or 1e-6 < abs(value) < 1e9 or value == 0
