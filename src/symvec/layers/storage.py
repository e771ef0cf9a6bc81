"""Where the arrays of a growing table lie: in memory, or in files that are mapped into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FormatError
from symvec.files.atomic import PathLike, write_atomically


class Storage(Protocol):
    """Arrays by name whose first axis can grow."""

    def resize(self, name: str, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> AnyArray:
        """Return the array of this name with a new number of rows; new rows are zeros."""
        ...


class MemoryStorage:
    """Arrays in memory; growing copies them."""

    def __init__(self) -> None:
        self._arrays: dict[str, AnyArray] = {}

    def resize(self, name: str, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> AnyArray:
        """Return the array of this name with a new number of rows; new rows are zeros."""
        array = np.zeros(shape, dtype)
        before = self._arrays.get(name)
        if before is not None:
            kept = min(len(before), len(array))
            array[:kept] = before[:kept]
        self._arrays[name] = array
        return array


class FileStorage:
    """Arrays in files of plain numbers, mapped and changed in place; growing moves nothing.

    Args:
        folder: where the files lie; it is made if it is not there.
    """

    def __init__(self, folder: PathLike) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._maps: dict[str, np.memmap[tuple[int, ...], np.dtype[np.generic]]] = {}

    def resize(self, name: str, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> AnyArray:
        """Return the array of this name with a new number of rows; new rows are zeros."""
        path = self.folder / f"{name}.bin"
        path.touch()
        count = int(np.prod(shape))
        with path.open("r+b") as file:
            file.truncate(count * dtype.itemsize)
        if count == 0:
            return np.zeros(shape, dtype)  # an empty file cannot be mapped
        self._maps[name] = np.memmap(path, dtype, "r+", shape=shape)
        return np.asarray(self._maps[name])

    def check_size(self, name: str, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> None:
        """Check that a file holds the array that its header claims.

        Raises:
            FormatError: the file is missing or has another size.
        """
        path = self.folder / f"{name}.bin"
        expected = int(np.prod(shape, dtype=object)) * dtype.itemsize
        found = path.stat().st_size if path.exists() else None
        if found != expected:
            raise FormatError(
                f"{path} has {'no' if found is None else found} bytes, "
                f"expected {expected} for {shape} of {dtype}"
            )

    def sync(self) -> None:
        """Write what was changed to the disk."""
        for mapped in self._maps.values():
            mapped.flush()

    def write_json(self, name: str, value: object) -> None:
        """Replace a small file of settings."""
        with write_atomically(self.folder / name) as file:
            file.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogateescape"))

    def read_json(self, name: str) -> object:
        """Return what :meth:`write_json` wrote.

        Raises:
            FormatError: the file is missing or is not JSON.
        """
        path = self.folder / name
        try:
            return json.loads(path.read_bytes().decode("utf-8", "surrogateescape"))
        except FileNotFoundError as error:
            raise FormatError(f"{self.folder} is no table: {name} is missing") from error
        except ValueError as error:
            raise FormatError(f"{path} is not JSON: {error}") from error
