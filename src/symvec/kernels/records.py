"""Records of a word and numbers as they lie in memory: in files of word2vec and fastText."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Bytes1, Ids64
from symvec.kernels.compiling import kernel

SPACE = 0x20


@kernel
def read_records(octets: Bytes1, position: int, places: Ids64, rows: Bytes1) -> int:
    """Read records one after another.

    Args:
        octets: (bytes,) uint8.
        position: where the first record begins.
        places: (records, 2) int64, written: the first byte of each word, and the one after its
            last.
        rows: (records, bytes of a row) uint8, written.

    Returns:
        The position after the last record, or, where the bytes end before that, ``-1 - r`` if
        record ``r`` is the one that is not whole.
    """
    row_bytes = rows.shape[1]
    for record in range(rows.shape[0]):
        begin = position
        while position < octets.size and octets[position] != SPACE:
            position += 1
        if position + 1 + row_bytes > octets.size:
            return -1 - record
        places[record, 0], places[record, 1] = begin, position
        position += 1
        for byte in range(row_bytes):
            rows[record, byte] = octets[position + byte]
        position += row_bytes
    return position


@kernel
def read_entries(octets: Bytes1, position: int, places: Ids64, counts: Ids64, kinds: Bytes1) -> int:
    """Read the entries of fastText's dictionary: a word, 0, its count (int64), its kind (int8).

    Args:
        octets: (bytes,) uint8.
        position: where the first entry begins.
        places: (entries, 2) int64, written: the first byte of each word, and the one after its
            last.
        counts: (entries,) int64, written.
        kinds: (entries,) uint8, written.

    Returns:
        The position after the last entry, or ``-1 - e`` if the bytes end within entry ``e``.
    """
    for entry in range(places.shape[0]):
        begin = position
        while position < octets.size and octets[position] != 0:
            position += 1
        if position + 10 > octets.size:
            return -1 - entry
        places[entry, 0], places[entry, 1] = begin, position
        count = np.int64(0)
        for byte in range(8, 0, -1):
            count = (count << 8) | np.int64(octets[position + byte])
        counts[entry] = count
        kinds[entry] = octets[position + 9]
        position += 10
    return position
