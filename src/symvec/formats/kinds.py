"""Which format a file has, by the bytes that it begins with."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from symvec.errors import FormatError
from symvec.formats.text_layout import HEADER

FormatName: TypeAlias = Literal[
    "safetensors", "finalfusion", "fasttext", "npy", "parquet", "gensim", "floret-text", "text"
]
HEAD_BYTES: Final = 1 << 16
FLORET_HEADER: Final = re.compile(rb"(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\S+) (\S+) *\r?\n")
_MAGICS: Final[tuple[tuple[bytes, FormatName], ...]] = (
    (b"FiFu", "finalfusion"),
    (b"\xba\x16\x4f\x2f", "fasttext"),
    (b"\x93NUMPY", "npy"),
    (b"PAR1", "parquet"),
)
_REFUSED: Final = (
    (b"PK\x03\x04", "a zip archive, as .npz and PyTorch's files are", "save the table as .npy"),
    (b"\x89HDF\r\n", "an HDF5 file", "save the table as .npy"),
    (b"GGUF", "a GGUF file", "save the table as .npy"),
    (b"\xff\xfe", "UTF-16 or UTF-32 text", "iconv -f UTF-16 -t UTF-8 OLD > NEW"),
    (b"\xfe\xff", "UTF-16 text", "iconv -f UTF-16 -t UTF-8 OLD > NEW"),
)
_PICKLE_PROTOCOLS: Final = range(2, 6)
_LONGEST_HEADER_BYTES: Final = 100_000_000
KNOWN: Final = (
    "symvec reads its own files, word2vec text and binary, GloVe, fastText, floret, finalfusion, "
    "gensim, NumPy, safetensors and Parquet"
)


def identify(head: bytes, path: str) -> FormatName:
    r"""Return the format of a file that begins with ``head``.

    Raises:
        FormatError: it is of no known format.

    Example:
        >>> identify(b"2 3\ntea 1 2 3\n", "tea.txt")
        'text'
    """
    if not head:
        raise FormatError(f"{path} is empty (0 bytes); {KNOWN}")
    for magic, name in _MAGICS:
        if head.startswith(magic):
            return name
    for magic, what, recipe in _REFUSED:
        if head.startswith(magic):
            raise FormatError(f"{path} is {what}, which symvec does not read: {recipe}; {KNOWN}")
    if head[:1] == b"\x80" and len(head) > 1 and head[1] in _PICKLE_PROTOCOLS:
        return "gensim"
    length = int.from_bytes(head[:8], "little")
    if head[8:9] == b"{" and length <= _LONGEST_HEADER_BYTES:
        return "safetensors"
    if FLORET_HEADER.match(head):
        return "floret-text"
    # A line of integers begins word2vec's binary file, too; a NUL at byte 3, the old fastText's.
    if HEADER.match(head.removeprefix(b"\xef\xbb\xbf")) or b"\0" not in head or head[3:4] == b"\0":
        return "text"
    raise FormatError(f"{path} is of no known format, its first bytes are {head[:8]!r}; {KNOWN}")
