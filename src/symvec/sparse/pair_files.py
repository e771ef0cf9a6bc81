"""Files of pairs and their weights, rising by key; read and written a part at a time."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import OutputError
from symvec.kernels.cooccurrence import Keys

RECORD: Final = np.dtype([("key", "<u8"), ("sum", "<i8")])


@dataclass(frozen=True, slots=True)
class PairFile:
    """A file of records.

    Args:
        path: where it lies.
        count: how many records it has.
    """

    path: Path
    count: int

    def read(self, start: int, stop: int) -> AnyArray:
        """Return the records from ``start`` up to ``stop``, or up to the end of the file."""
        count = max(min(stop, self.count) - start, 0)
        return np.fromfile(self.path, RECORD, count, offset=start * RECORD.itemsize)


def append_pairs(file: IO[bytes], keys: Keys, sums: Ids64) -> None:
    """Write pairs behind those that were written."""
    records = np.empty(len(keys), RECORD)
    records["key"], records["sum"] = keys, sums
    file.write(records.data)


@contextmanager
def room_needed(directory: Path) -> Iterator[None]:
    """Say what is missing where a folder has no room for pairs.

    Raises:
        OutputError: the folder has no room for them.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise OutputError(
                f"the folder {str(directory)!r} has no room for the pairs of words "
                f"({error.strerror}); they take 16 bytes for each two words that occur together, "
                "and as much again while they are merged"
            ) from error
        raise
