"""Opening the safetensors container by memory map, believing nothing that it says.

Sizes that the header claims are compared with the bytes that are there before anything is
allocated, and nothing in the file can run code.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from symvec.arrays import AnyArray, Bytes1
from symvec.errors import FileError, FormatError
from symvec.files.atomic import PathLike
from symvec.files.header import TensorPlace, check_digest, parse_header
from symvec.files.tensors import TENSOR_DIGEST

# The reference implementation's limit; it also keeps a hostile header out of memory.
LONGEST_HEADER_BYTES = 100_000_000
_BLOCK_BYTES = 1 << 22


@dataclass(frozen=True, eq=False)
class TensorFile:
    """An open container: its arrays are views of the file, which no one can write through.

    Args:
        path: where it lies.
        size_bytes: how large it is.
        places: dtype, shape and place in the file of each tensor, by name.
        metadata: text by name.
        tensors: the arrays, by name.
    """

    path: str
    size_bytes: int
    places: Mapping[str, TensorPlace]
    metadata: Mapping[str, str]
    tensors: Mapping[str, AnyArray]

    def digest(self, name: str) -> str | None:
        """Return the SHA-256 that the file states for a tensor, or None if it states none."""
        return self.metadata.get(TENSOR_DIGEST + name)

    def verify(self, names: Iterable[str]) -> None:
        """Compare tensors with the SHA-256 that the file states for them, on two threads.

        Raises:
            FormatError: a tensor was changed, or the file states no SHA-256 for it.
        """
        largest_first = sorted(names, key=lambda name: -self.tensors[name].nbytes)
        with ThreadPoolExecutor(max_workers=2) as pool:
            for name, found in zip(
                largest_first, pool.map(self._sha256, largest_first), strict=True
            ):
                place = self.places[name]
                stated = self.digest(name)
                if stated is None:
                    raise FormatError(f"{self.path} has no checksum of its tensor {name!r}")
                if stated != found:
                    raise FormatError(
                        f"{self.path} is damaged: the tensor {name!r} (bytes {place.begin:,} to "
                        f"{place.end:,}) does not have the SHA-256 that the header states; "
                        "restore the file from a copy"
                    )

    def _sha256(self, name: str) -> str:
        array = self.tensors[name]
        octets = array.reshape(-1).view(np.uint8)
        digest = hashlib.sha256()
        for start in range(0, octets.size, _BLOCK_BYTES):
            digest.update(octets[start : start + _BLOCK_BYTES].data)
        return digest.hexdigest()


def open_tensors(path: PathLike) -> TensorFile:
    """Open a safetensors file, ours or another program's, by memory map.

    The header is checked, its SHA-256 included where it states one; the tensors are not read:
    see ``TensorFile.verify``.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is not a safetensors file, or one that was cut off or changed; the text
            says what was found where.

    Example:
        >>> open_tensors("no such file")
        Traceback (most recent call last):
        symvec.errors.FileError: cannot read no such file: No such file or directory
    """
    text = os.fspath(path)
    try:
        if not stat.S_ISREG(os.stat(text).st_mode):  # noqa: PTH116 - as given, for the error
            raise FileError(f"cannot read {text}: it is not a regular file")
        with open(text, "rb") as file:  # noqa: PTH123 - a Path would change the name in the text
            size_bytes = os.fstat(file.fileno()).st_size
            header = read_header(file, size_bytes, text)
            octets = np.asarray(np.memmap(file, dtype=np.uint8, mode="r"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"cannot read {text}: {reason}") from error
    places, metadata = parse_header(header, size_bytes, text)
    check_digest(header, metadata, text)
    tensors = {name: _view(octets, place) for name, place in places.items()}
    return TensorFile(text, size_bytes, places, metadata, tensors)


def read_header(file: BinaryIO, size_bytes: int, path: str) -> bytes:
    """Return the length and the header of a file of ``size_bytes`` bytes.

    Raises:
        FormatError: the file is too short for the header that it claims, or there is none.
    """
    beginning = file.read(9)
    if len(beginning) < 9:
        raise FormatError(
            f"{path} is {size_bytes} bytes long, too short for a safetensors file; it may have "
            "been cut off"
        )
    claimed_bytes = int.from_bytes(beginning[:8], "little")
    if beginning[8:] != b"{":
        raise FormatError(f"{path} is not a safetensors file: it does not begin with a header")
    if claimed_bytes > size_bytes - 8:
        raise FormatError(
            f"{path} claims a header of {claimed_bytes:,} bytes, but only {size_bytes - 8:,} "
            "bytes follow; the file was cut off or changed"
        )
    if claimed_bytes > LONGEST_HEADER_BYTES:
        raise FormatError(
            f"{path} claims a header of {claimed_bytes:,} bytes; symvec reads headers of up to "
            f"{LONGEST_HEADER_BYTES:,}"
        )
    return beginning + file.read(claimed_bytes - 1)


def _view(octets: Bytes1, place: TensorPlace) -> AnyArray:
    return octets[place.begin : place.end].view(place.dtype).reshape(place.shape)
