"""States that training can go back to when its numbers are not finite any more."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from symvec.arrays import AnyArray
from symvec.training.place import Place, Point

_ROWS_AT_ONCE = 1 << 11


class RollbackState:
    """The latest good state, on the disk: a copy in memory would double what training needs.

    Args:
        folder: where it goes; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._kept: Place | None = None
        self._file: Path | None = None

    def keep(self, place: Place, arrays: Mapping[str, AnyArray]) -> None:
        """Write a state in the place of the one before; without room, there is none."""
        if self._folder is None:
            return
        path = self._folder / f"rollback-{place.epoch}-{place.round}.state"
        self._discard()
        try:
            with path.open("wb") as file:
                for array in _filled(arrays):
                    file.write(array.data)
        except OSError:  # training can go on without: it would begin again from its start
            path.unlink(missing_ok=True)
            return
        self._kept, self._file = place, path

    def restore(self, point: Point, arrays: Mapping[str, AnyArray]) -> Place | None:
        """Fill arrays with the state of a point; return its place, None if it is not kept."""
        if self._kept is None or self._file is None:
            return None
        if (self._kept.epoch, self._kept.round) != point:
            return None
        with self._file.open("rb") as file:
            for array in _filled(arrays):
                file.readinto(array.data.cast("B"))
        return self._kept

    def _discard(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.unlink()
        self._kept = self._file = None


def _filled(arrays: Mapping[str, AnyArray]) -> list[AnyArray]:
    """Return the arrays that hold something: memory of no size has no bytes to view."""
    return [array for array in arrays.values() if array.size]


def are_finite(arrays: Mapping[str, AnyArray]) -> bool:
    """Return whether all numbers are finite."""
    return all(
        bool(np.isfinite(array[start : start + _ROWS_AT_ONCE]).all())
        for array in arrays.values()
        for start in range(0, len(array), _ROWS_AT_ONCE)
    )
