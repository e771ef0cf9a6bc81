"""Writing the safetensors container: named arrays and text, in one file.

The container is a length (8 bytes, little-endian), a JSON header of that length, and the bytes
of the tensors one after another without a gap (https://github.com/huggingface/safetensors). To
it symvec adds, as metadata, a SHA-256 of each tensor and one of the header itself, so that every
byte of the file is covered by one of them. ``docs/reference/native-file.md`` has the details.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import InputError
from symvec.files.atomic import PathLike, write_atomically

DTYPES: Mapping[str, np.dtype[np.generic]] = {
    "BOOL": np.dtype(np.bool_),
    **{f"U{8 * size}": np.dtype(f"<u{size}") for size in (1, 2, 4, 8)},
    **{f"I{8 * size}": np.dtype(f"<i{size}") for size in (1, 2, 4, 8)},
    **{f"F{8 * size}": np.dtype(f"<f{size}") for size in (2, 4, 8)},
}
# What symvec says of its own files: name and version of the format, and the rest as JSON.
FORMAT_KEY = "symvec.format"
DESCRIPTION_KEY = "symvec.description"
HEADER_DIGEST = "symvec.sha256.header"
TENSOR_DIGEST = "symvec.sha256.tensor."
NO_DIGEST = "0" * 64
# A cache line: the largest tensor begins at a multiple of it, where the others can be aligned so.
ALIGNMENT_BYTES = 64
_CHUNK_BYTES = 1 << 24


def write_tensors(
    path: PathLike, tensors: Mapping[str, AnyArray], metadata: Mapping[str, str]
) -> None:
    """Write arrays and text to a safetensors file that is there as a whole or not at all.

    The same arrays and the same text give the same bytes: tensors are ordered by falling size
    of their elements, then by name, and nothing tells the time. Larger arrays than memory can
    be written from a memory map.

    Args:
        path: the file, which is replaced if it is there.
        tensors: arrays of booleans, integers or floats, of any shape, by name.
        metadata: text by name.

    Raises:
        OutputError: the file cannot be written; the one that was there is unchanged.
        InputError: an array or a name that the container cannot hold.

    Example:
        >>> import tempfile
        >>> from symvec.files.opening import open_tensors
        >>> path = tempfile.mkdtemp() + "/table.safetensors"
        >>> write_tensors(path, {"table": np.eye(2, dtype=np.float32)}, {"language": "en"})
        >>> open_tensors(path).tensors["table"].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    for name in (*tensors, *metadata):
        if name == "__metadata__" or name.startswith("symvec.sha256."):
            raise InputError(f"the name {name!r} is taken by the container itself")
    names = sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name))
    digests = dict.fromkeys(names, NO_DIGEST)
    header = _header(names, tensors, metadata, digests)
    with write_atomically(path) as file:
        # The header's length does not depend on the digests, so one pass over the data will do.
        file.write(header)
        for name in names:
            digests[name] = _write_array(file, tensors[name])
        header = _header(names, tensors, metadata, digests)
        file.seek(0)
        file.write(header.replace(NO_DIGEST.encode(), header_digest(header).encode(), 1))


def header_digest(header: bytes) -> str:
    """Return the SHA-256 of a header (its length included) whose own digest is 64 zeros."""
    return hashlib.sha256(header).hexdigest()


def _header(
    names: list[str],
    tensors: Mapping[str, AnyArray],
    metadata: Mapping[str, str],
    digests: Mapping[str, str],
) -> bytes:
    """Return length and header, padded so that the largest tensor is aligned.

    Elements come first: where an odd number of small ones lies before the largest tensor, it
    begins as near behind a cache line as the larger elements before it allow.
    """
    # The header's digest comes first, so that its place is known without reading the rest.
    stated = {HEADER_DIGEST: NO_DIGEST, **{k: metadata[k] for k in sorted(metadata)}}
    stated |= {TENSOR_DIGEST + name: digests[name] for name in sorted(names)}
    entries: dict[str, object] = {"__metadata__": stated}
    begin, aligned, largest = 0, 0, -1
    for name in names:
        array = tensors[name]
        if array.nbytes > largest:
            aligned, largest = begin, array.nbytes
        entries[name] = {
            "dtype": _dtype_name(name, array),
            "shape": list(array.shape),
            "data_offsets": [begin, begin + array.nbytes],
        }
        begin += array.nbytes
    aligned -= aligned % max((tensors[name].dtype.itemsize for name in names), default=1)
    text = json.dumps(entries, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    text += b" " * (-(8 + len(text) + aligned) % ALIGNMENT_BYTES)
    return len(text).to_bytes(8, "little") + text


def _dtype_name(name: str, array: AnyArray) -> str:
    for dtype_name, dtype in DTYPES.items():
        if array.dtype.newbyteorder("<") == dtype:
            return dtype_name
    raise InputError(f"the tensor {name!r} is of {array.dtype}, which the file cannot hold")


def _write_array(file: BinaryIO, array: AnyArray) -> str:
    """Write an array in C order, little-endian, and return the SHA-256 of what was written."""
    digest = hashlib.sha256()
    for chunk in _chunks(array):
        data = np.ascontiguousarray(chunk, dtype=array.dtype.newbyteorder("<"))
        octets = data.reshape(-1).view(np.uint8).data
        digest.update(octets)
        file.write(octets)
    return digest.hexdigest()


def _chunks(array: AnyArray) -> Iterator[AnyArray]:
    """Cut an array along its first axis into pieces that are cheap to copy."""
    if array.ndim == 0:
        yield array
        return
    row_bytes = array.dtype.itemsize * math.prod(array.shape[1:])
    rows = max(1, _CHUNK_BYTES // max(1, row_bytes))
    for start in range(0, len(array), rows):
        yield array[start : start + rows]
