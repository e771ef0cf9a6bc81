"""Lines of a word and its numbers, as word2vec's, GloVe's and fastText's text files have them.

Fields are separated by 0x20 alone, for words hold any other byte. A line has ``D`` numbers at
its end, and what stands before them is the word, spaces included.
"""

from __future__ import annotations

from symvec.arrays import Bytes1, Float2, Ids64
from symvec.kernels.compiling import Scalar, inlined, kernel
from symvec.kernels.decimals import (
    CARRIAGE_RETURN,
    LINE_END,
    NOT_A_NUMBER,
    SLOW,
    SPACE,
    read_decimal,
)

# The places of the kernel's progress.
POSITION, ROWS, LINES, SLOWS, FAULTS = range(5)
PROGRESS_SIZE = 5
# The columns of a row's place, of a number left to the caller, and of a line that is no row.
WORD_BEGIN, WORD_END, LINE = range(3)
SLOW_ROW, SLOW_COLUMN, SLOW_BEGIN, SLOW_END = range(4)
FAULT_LINE, FAULT_BEGIN, FAULT_END = range(3)


@inlined
def line_end(octets: Bytes1, position: Scalar) -> Scalar:
    """Return the position of the next line end, or the number of bytes."""
    while position < octets.size and octets[position] != LINE_END:
        position += 1
    return position


@kernel
def count_lines(octets: Bytes1) -> int:
    """Return how many lines there are, one without an end at the end included."""
    lines = 0
    for byte in octets:
        lines += byte == LINE_END
    return lines + (octets.size > 0 and octets[octets.size - 1] != LINE_END)


@kernel
def next_line(octets: Bytes1, position: int) -> Scalar:
    """Return where the line after the one at ``position`` begins."""
    return min(line_end(octets, position) + 1, octets.size)


@inlined
def content_end(octets: Bytes1, begin: Scalar, end: Scalar) -> Scalar:
    """Return where a line's content ends: before a carriage return, and spaces before that."""
    if end > begin and octets[end - 1] == CARRIAGE_RETURN:
        end -= 1
    while end > begin and octets[end - 1] == SPACE:
        end -= 1
    return end


@inlined
def _numbers_begin(octets: Bytes1, begin: Scalar, end: Scalar, vector_size: Scalar) -> Scalar:
    """Return where the last ``vector_size`` fields begin, or -1 if there are not so many."""
    position = end
    for _ in range(vector_size):
        while position > begin and octets[position - 1] == SPACE:
            position -= 1
        if position == begin:
            return -1
        while position > begin and octets[position - 1] != SPACE:
            position -= 1
    return position


@inlined
def _read_numbers(
    octets: Bytes1,
    begin: Scalar,
    end: Scalar,
    row: Scalar,
    table: Float2,
    slow: Ids64,
    slows: Scalar,
) -> Scalar:
    """Read a row's numbers; return how many are slow so far, or -1 if they are not ``D``."""
    position = begin
    for column in range(table.shape[1]):
        while position < end and octets[position] == SPACE:
            position += 1
        what, value, stop = read_decimal(octets, position, end)
        if what == NOT_A_NUMBER:
            return -1
        table[row, column] = value
        if what == SLOW:
            slow[slows, SLOW_ROW], slow[slows, SLOW_COLUMN] = row, column
            slow[slows, SLOW_BEGIN], slow[slows, SLOW_END] = position, stop
            slows += 1
        position = stop
    return slows if position == end else -1


@inlined
def _read_line(
    octets: Bytes1,
    begin: Scalar,
    end: Scalar,
    row: Scalar,
    table: Float2,
    slow: Ids64,
    slows: Scalar,
) -> Scalar:
    """Read a line; return where its word ends and the slow numbers so far, or -1 and the same."""
    word_end = begin
    while word_end < end and octets[word_end] != SPACE:
        word_end += 1
    if word_end + 1 < end and octets[word_end + 1] != SPACE:
        found = _read_numbers(octets, word_end + 1, end, row, table, slow, slows)
        if found >= 0:
            return word_end, found
    # The word holds a space, or this is no row: count the fields from the end.
    numbers = _numbers_begin(octets, begin, end, table.shape[1])
    if numbers <= begin:
        return -1, slows
    found = _read_numbers(octets, numbers, end, row, table, slow, slows)
    if found < 0:
        return -1, slows
    return numbers - 1, found


@kernel
def read_rows(
    octets: Bytes1, places: Ids64, table: Float2, slow: Ids64, faults: Ids64, progress: Ids64
) -> Scalar:
    """Read the lines of ``octets`` from ``progress[POSITION]`` on.

    Args:
        octets: (bytes,) uint8, beginning with a line and ending with one.
        places: (rows, 3) int64, written: where the word of each row is, and on which line.
        table: (rows, D) float32, written.
        slow: (slow, 4) int64, at least 2 D: numbers that are left to the caller.
        faults: (faults, 3) int64: lines that are no rows; further ones are only counted.
        progress: (PROGRESS_SIZE,) int64, counted on.

    Returns:
        Whether all is read; if not, there is no room for more slow numbers.
    """
    vector_size = table.shape[1]
    position, row = progress[POSITION], progress[ROWS]
    slows = progress[SLOWS]
    while position < octets.size:
        if slows + 2 * vector_size > slow.shape[0]:
            break
        stop = line_end(octets, position)
        end = content_end(octets, position, stop)
        word_end = -1
        if end > position and row < table.shape[0]:
            word_end, slows = _read_line(octets, position, end, row, table, slow, slows)
        if word_end >= 0:
            places[row, WORD_BEGIN], places[row, WORD_END] = position, word_end
            places[row, LINE] = progress[LINES]
            row += 1
        else:
            fault = progress[FAULTS]
            if fault < faults.shape[0]:
                faults[fault, FAULT_LINE] = progress[LINES]
                faults[fault, FAULT_BEGIN], faults[fault, FAULT_END] = position, stop
            progress[FAULTS] += 1
        progress[LINES] += 1
        position = stop + 1
    progress[POSITION], progress[ROWS], progress[SLOWS] = min(position, octets.size), row, slows
    return position >= octets.size


@kernel
def gather_words(octets: Bytes1, places: Ids64, blob: Bytes1) -> None:
    """Write the words at ``places`` one after another.

    Args:
        octets: (bytes,) uint8.
        places: (words, 2 or more) int64: the first byte of each word, and the one after its last.
        blob: (sum of the lengths or more,) uint8, written.
    """
    written = 0
    for word in range(places.shape[0]):
        for position in range(places[word, WORD_BEGIN], places[word, WORD_END]):
            blob[written] = octets[position]
            written += 1
