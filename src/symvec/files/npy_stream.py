"""Writing a ``.npy`` file whose number of rows is known only at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray

# Room for any shape that this writes, and a multiple of NumPy's alignment.
_HEADER_BYTES: Final = 128
_MAGIC: Final = b"\x93NUMPY\x01\x00"


class NpyStream:
    """Rows that go to a ``.npy`` file one after another; see ``npy_stream``.

    Args:
        file: an empty file.
        dtype: of the numbers.
        row_shape: of a row; ``()`` for numbers one by one.
    """

    def __init__(self, file: BinaryIO, dtype: npt.DTypeLike, row_shape: tuple[int, ...]) -> None:
        self._file = file
        self.dtype = np.dtype(dtype)
        self.row_shape = row_shape
        self.row_count = 0
        file.write(self._header())

    def append(self, rows: AnyArray) -> None:
        """Write rows, (rows, *row_shape)."""
        array = np.ascontiguousarray(rows, dtype=self.dtype)
        if array.shape[1:] != self.row_shape:
            raise ValueError(f"rows must be of shape {self.row_shape}, got {array.shape[1:]}")
        self.row_count += len(array)
        self._file.write(array.reshape(-1).view(np.uint8).data)

    def finish(self) -> None:
        """Write how many rows there are."""
        self._file.seek(0)
        self._file.write(self._header())

    def _header(self) -> bytes:
        """Return the header of NumPy's format 1.0, filled up to a length that fits any count."""
        shape = (self.row_count, *self.row_shape)
        descr = self.dtype.newbyteorder("<").str
        stated = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
        room = _HEADER_BYTES - len(_MAGIC) - 2
        text = stated.ljust(room - 1) + "\n"
        return _MAGIC + room.to_bytes(2, "little") + text.encode("latin-1")


@contextmanager
def npy_stream(
    path: Path, dtype: npt.DTypeLike, row_shape: tuple[int, ...] = ()
) -> Iterator[NpyStream]:
    """Give a new ``.npy`` file to append rows to; it is right when the block has ended.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp(), "rows.npy")
        >>> with npy_stream(path, np.float16, (2,)) as rows:
        ...     rows.append(np.ones((3, 2)))
        >>> np.load(path, mmap_mode="r").shape
        (3, 2)
    """
    with path.open("xb") as file:
        stream = NpyStream(file, dtype, row_shape)
        yield stream
        stream.finish()
