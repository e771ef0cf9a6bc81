"""Compressed files, told by their content and never by their name."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECOMPRESSION_ERRORS: Final = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
)
"""What damaged compressed data raises; the bz2 module raises a plain OSError besides."""


def _open_xz(file: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], lzma.LZMAFile(file))


@dataclass(frozen=True)
class Compression:
    """A compressed format: its name, the bytes it begins with, how it is opened."""

    name: str
    magic: bytes
    open: Callable[[IO[bytes]], IO[bytes]]


COMPRESSIONS: Final = (
    Compression("gzip", b"\x1f\x8b\x08", lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file))),
    Compression("bzip2", b"BZh", lambda file: cast(IO[bytes], bz2.BZ2File(file))),
    Compression("xz", b"\xfd7zXZ\x00", _open_xz),
    Compression("zstd", b"\x28\xb5\x2f\xfd", lambda file: cast(IO[bytes], zstd.ZstdFile(file))),
)
# After "BZh" and the block size: the first block's mark or, in an empty file, the end mark.
_BZIP2_MARKS: Final = (b"1AY&SY", b"\x17rE8P\x90")
LONGEST_MAGIC_BYTES: Final = 10


def find_compression(head: bytes) -> Compression | None:
    """Return the format that a file beginning with ``head`` is compressed with, or None.

    Example:
        >>> find_compression(gzip.compress(b"tea")).name
        'gzip'
    """
    for compression in COMPRESSIONS:
        if head.startswith(compression.magic):
            if compression.name == "bzip2" and head[4:10] not in _BZIP2_MARKS:
                continue  # a text may begin with "BZh"
            return compression
    return None
