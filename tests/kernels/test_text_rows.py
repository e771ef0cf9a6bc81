import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.kernels import text_rows
from symvec.kernels.records import read_entries, read_records


def octets_of(data):
    return np.frombuffer(data, np.uint8)


def read(data, vector_size, slow_room=64):
    """Return the words and rows of the lines, and the lines that are none."""
    octets = octets_of(data)
    lines = text_rows.count_lines(octets)
    places = np.empty((lines, 3), np.int64)
    table = np.empty((lines, vector_size), np.float32)
    slow = np.empty((slow_room, 4), np.int64)
    faults = np.empty((4, 3), np.int64)
    progress = np.zeros(text_rows.PROGRESS_SIZE, np.int64)
    done = False
    while not done:
        progress[text_rows.SLOWS] = 0
        done = text_rows.read_rows(octets, places, table, slow, faults, progress)
        for row, column, begin, end in slow[: progress[text_rows.SLOWS]]:
            table[row, column] = {b"1e300": np.inf}.get(data[begin:end], float(data[begin:end]))
    rows = progress[text_rows.ROWS]
    words = [data[begin:end] for begin, end, _ in places[:rows]]
    found = faults[: min(4, progress[text_rows.FAULTS]), text_rows.FAULT_LINE]
    return words, table[:rows].tolist(), found.tolist()


def reference(line, vector_size):
    """Return word and numbers of a line as the format says, or None."""
    text = line.removesuffix(b"\r").rstrip(b" ")
    fields = text.split(b" ")
    numbers, place = [], len(fields)
    while place > 1 and len(numbers) < vector_size:
        place -= 1
        if fields[place]:
            numbers.append(fields[place])
    try:
        values = [float(number) for number in reversed(numbers)]
    except ValueError:
        return None
    if len(values) < vector_size or b"_" in b"".join(numbers):
        return None
    return b" ".join(fields[:place]), np.float32(values).tolist()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"tea 1 2\n", [b"tea"]),
        (b"tea 1 2", [b"tea"]),
        (b"tea 1 2 \r\nmilk 3 4\r\n", [b"tea", b"milk"]),
        (b". . 1 2\n", [b". ."]),
        (b"route 66 1 2\n", [b"route 66"]),
        (b"a  1 2\n", [b"a "]),
        (b"a 1  2\n", [b"a"]),
        (b" 1 2\n", [b""]),
        (b"\xff\xc2\xa0x 1 2\n", [b"\xff\xc2\xa0x"]),
        (b"", []),
    ],
)
def test_words(data, words):
    assert read(data, 2)[0] == words


def test_lines_that_are_no_rows_are_told_by_their_number():
    words, rows, faults = read(b"a 1 2\nb 1\n\nc x 2\nd 3 4\ne 1 2y\n", 2)
    assert words == [b"a", b"d"]
    assert rows == [[1, 2], [3, 4]]
    assert faults == [1, 2, 3, 5]


def test_slow_numbers_do_not_need_room_for_all():
    data = b"".join(b"w%d 1e300 nan\n" % i for i in range(50))
    words, rows, faults = read(data, 2, slow_room=5)
    assert len(words) == 50
    assert not faults
    assert all(row[0] == np.inf and np.isnan(row[1]) for row in rows)


FIELDS = st.sampled_from([b"a", b"1", b"-2.5", b"", b"x1", b"3e2", b"\xff", b"\r", b"66"])


@given(st.lists(st.lists(FIELDS, max_size=6).map(b" ".join), max_size=8), st.integers(1, 3))
def test_lines_are_read_as_the_format_says(lines, vector_size):
    data = b"".join(line + b"\n" for line in lines)
    words, rows, _ = read(data, vector_size)
    found = [reference(line, vector_size) for line in lines]
    assert list(zip(words, rows, strict=True)) == [row for row in found if row is not None]


def test_records():
    data = b"tea " + np.float32([1, 2]).tobytes() + b"m " + np.float32([3, 4]).tobytes()
    places, rows = np.empty((2, 2), np.int64), np.empty((2, 8), np.uint8)
    assert read_records(octets_of(data), 0, places, rows) == len(data)
    assert [data[begin:end] for begin, end in places] == [b"tea", b"m"]
    assert rows.view(np.float32).tolist() == [[1, 2], [3, 4]]
    assert read_records(octets_of(data[:-1]), 0, places, rows) == -2
    assert read_records(octets_of(b""), 0, places, rows) == -1


def test_entries():
    data = b"tea\0" + (-5).to_bytes(8, "little", signed=True) + b"\1" + b"\0" + bytes(9)
    places, counts = np.empty((2, 2), np.int64), np.empty(2, np.int64)
    kinds = np.empty(2, np.uint8)
    assert read_entries(octets_of(data), 0, places, counts, kinds) == len(data)
    assert [data[begin:end] for begin, end in places] == [b"tea", b""]
    assert (counts.tolist(), kinds.tolist()) == ([-5, 0], [1, 0])
    assert read_entries(octets_of(data[:-1]), 0, places, counts, kinds) == -2
