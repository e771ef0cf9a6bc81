"""Reading the header of a safetensors file, which may be hostile."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from symvec.errors import FormatError
from symvec.files.tensors import DTYPES, HEADER_DIGEST, NO_DIGEST, header_digest

# More axes than any table has; NumPy's own limit was 32 for long.
_MOST_AXES = 8


@dataclass(frozen=True, slots=True)
class TensorPlace:
    """Where a tensor lies in its file.

    Args:
        dtype: of its elements, little-endian.
        shape: elements along each axis.
        begin: the first byte, counted from the beginning of the file.
        end: the byte after the last one.
    """

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    begin: int
    end: int


def parse_header(
    header: bytes, size_bytes: int, path: str
) -> tuple[Mapping[str, TensorPlace], Mapping[str, str]]:
    """Return the places of the tensors and the metadata that a header states.

    Args:
        header: its length (8 bytes) and its JSON.
        size_bytes: how large the file is.
        path: its name, for the errors.

    Raises:
        FormatError: the header is not what the format says, or claims other bytes than the
            file has.
    """
    entries = _parse_json(header[8:], path)
    metadata = entries.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise FormatError(f"{path}: the header's __metadata__ must be text by name")
    places = {
        name: _tensor_place(entry, len(header), f"{path}: in the header, the tensor {name[:80]!r}")
        for name, entry in entries.items()
    }
    _check_cover(places, len(header), size_bytes, path)
    return places, metadata


def check_digest(header: bytes, metadata: Mapping[str, str], path: str) -> None:
    """Compare a header with the SHA-256 that it states for itself, if it states one.

    Raises:
        FormatError: they differ.
    """
    stated = metadata.get(HEADER_DIGEST)
    if stated is None:
        return
    # Only the first place is the digest's own: see the order in which headers are written.
    blank = header.replace(stated.encode("utf-8", "replace"), NO_DIGEST.encode(), 1)
    if len(stated) != len(NO_DIGEST) or header_digest(blank) != stated:
        raise FormatError(
            f"{path} is damaged: its header (the first {len(header):,} bytes) does not have the "
            "SHA-256 that it states; restore the file from a copy"
        )


def _parse_json(text: bytes, path: str) -> dict[str, object]:
    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a number of JSON")

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            raise ValueError("a name comes twice")
        return entries

    try:
        entries = json.loads(text.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: the header is not valid JSON: {error}") from error
    if not isinstance(entries, dict):
        raise FormatError(f"{path}: the header must be a JSON object")
    return entries


def _tensor_place(entry: object, data_begin: int, name: str) -> TensorPlace:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise FormatError(f"{name} must have dtype, shape and data_offsets, and nothing else")
    dtype_name = entry["dtype"]
    if not isinstance(dtype_name, str) or dtype_name not in DTYPES:
        raise FormatError(f"{name} is of the type {dtype_name!r}; symvec reads {', '.join(DTYPES)}")
    dtype = DTYPES[dtype_name]
    shape = _sizes(entry["shape"], f"{name}: the shape")
    offsets = _sizes(entry["data_offsets"], f"{name}: data_offsets")
    if len(shape) > _MOST_AXES or len(offsets) != 2:
        raise FormatError(f"{name} has {len(shape)} axes and {len(offsets)} data_offsets")
    begin, end = offsets
    # An empty array of (0, 2^62) elements is as impossible as a full one.
    extent = math.prod(max(1, size) for size in shape) * dtype.itemsize
    claimed = math.prod(shape) * dtype.itemsize
    if claimed != end - begin or extent >= 2**62:
        raise FormatError(
            f"{name} of shape {list(shape)} and type {dtype_name} takes {claimed:,} bytes, but "
            f"its data_offsets go from {begin:,} to {end:,}"
        )
    return TensorPlace(dtype, shape, data_begin + begin, data_begin + end)


def _sizes(value: object, name: str) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(size) is int and size >= 0 for size in value):
        raise FormatError(f"{name} must be a list of whole numbers from 0")
    return tuple(value)


def _check_cover(
    places: Mapping[str, TensorPlace], data_begin: int, size_bytes: int, path: str
) -> None:
    """Check that the tensors cover the file from the header to its end, each byte once."""
    reached = data_begin
    for name, place in sorted(places.items(), key=lambda item: (item[1].begin, item[1].end)):
        if place.end > size_bytes:
            raise FormatError(
                f"{path}: the tensor {name!r} claims the bytes up to {place.end:,}, but the file "
                f"has {size_bytes:,}; it was cut off or changed"
            )
        if place.begin != reached:
            fault = "overlaps another one" if place.begin < reached else "leaves a gap before it"
            raise FormatError(f"{path}: the tensor {name!r} at byte {place.begin:,} {fault}")
        reached = place.end
    if reached != size_bytes:
        raise FormatError(
            f"{path} has {size_bytes:,} bytes, but its header accounts for {reached:,}; "
            "something was added or changed"
        )
