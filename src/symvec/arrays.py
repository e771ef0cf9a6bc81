"""Names for array types, and the one structure that turns symbols into rows.

A name tells dtype and rank; what the axes count is in each docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from symvec.errors import InputError

Bytes1: TypeAlias = npt.NDArray[np.uint8]
Ids: TypeAlias = npt.NDArray[np.int32]
Ids2: TypeAlias = npt.NDArray[np.int32]
Ids64: TypeAlias = npt.NDArray[np.int64]
Float1: TypeAlias = npt.NDArray[np.float32]
Float2: TypeAlias = npt.NDArray[np.float32]
Float3: TypeAlias = npt.NDArray[np.float32]
Double1: TypeAlias = npt.NDArray[np.float64]
Double2: TypeAlias = npt.NDArray[np.float64]
AnyArray: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class RaggedRows:
    """A list of row ids for each of ``len(self)`` symbols, stored flat.

    Symbol ``s`` has the rows ``row_ids[offsets[s]:offsets[s + 1]]``. A word that is one row, a
    word that is a bag of n-grams and a hashed symbol differ only in these numbers.

    Args:
        row_ids: (total,) int64, rows of a table, counted from 0.
        offsets: (symbols + 1,) int64, rising from 0 to ``len(row_ids)``.

    Raises:
        InputError: the offsets do not describe ``row_ids``, or a row id is negative.

    Example:
        >>> rows = RaggedRows(np.array([7, 2, 3]), np.array([0, 1, 3]))
        >>> len(rows), rows[1].tolist()
        (2, [2, 3])
    """

    row_ids: Ids64
    offsets: Ids64

    def __post_init__(self) -> None:
        """Check that the offsets and the row ids fit each other."""
        for name in ("row_ids", "offsets"):
            array = np.asarray(getattr(self, name))
            if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
                raise InputError(
                    f"{name} must be one-dimensional integers, got shape {array.shape} "
                    f"of {array.dtype}"
                )
            object.__setattr__(self, name, array.astype(np.int64, copy=False))
        if self.offsets.size == 0 or self.offsets[0] != 0:
            raise InputError("offsets must start with 0")
        if self.offsets[-1] != self.row_ids.size or np.any(np.diff(self.offsets) < 0):
            raise InputError(
                f"offsets must rise from 0 to the number of row ids ({self.row_ids.size}), "
                f"the last one is {self.offsets[-1]}"
            )
        if self.row_ids.size and self.row_ids.min() < 0:
            raise InputError(f"row ids must be 0 or more, got {self.row_ids.min()}")

    def __len__(self) -> int:
        """Return the number of symbols."""
        return int(self.offsets.size - 1)

    def __getitem__(self, symbol: int) -> Ids64:
        """Return the row ids of one symbol."""
        return self.row_ids[self.offsets[symbol] : self.offsets[symbol + 1]]

    @property
    def lengths(self) -> Ids64:
        """The number of rows of each symbol, (symbols,) int64."""
        return np.diff(self.offsets)

    @classmethod
    def single(cls, row_ids: Ids64) -> RaggedRows:
        """Return the case of exactly one row a symbol."""
        return cls(row_ids, np.arange(len(row_ids) + 1, dtype=np.int64))
