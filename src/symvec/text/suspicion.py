"""Files that are not text, or not text as bytes of UTF-8: refused before a model learns them."""

from __future__ import annotations

import codecs
from typing import Final

from symvec.errors import FormatError

_HEAD_BYTES: Final = 8192
# Text has no NUL, a broken text has a few; of other files a tenth and more is common. Text in
# an old eight-bit encoding has many bytes that are not UTF-8, but no NUL: it is read.
_LARGEST_SHARE: Final = 0.1
# UTF-32 first: its little-endian mark begins like that of UTF-16.
_WIDE_ENCODINGS: Final = (
    ("UTF-32", codecs.BOM_UTF32_LE),
    ("UTF-32", codecs.BOM_UTF32_BE),
    ("UTF-16", codecs.BOM_UTF16_LE),
    ("UTF-16", codecs.BOM_UTF16_BE),
)


def refuse_other_than_text(text: bytes, name: str) -> None:
    """Raise if what a source begins with shows that it cannot be read as text.

    Args:
        text: the first chunk, decompressed.
        name: of the source, as a message shows it.

    Raises:
        FormatError: it is UTF-16 or UTF-32, or no text at all.

    Example:
        >>> refuse_other_than_text("tea".encode("utf-16"), "'tea.txt'")
        Traceback (most recent call last):
        symvec.errors.FormatError: 'tea.txt' is UTF-16, expected UTF-8; convert it first: ...
    """
    for encoding, mark in _WIDE_ENCODINGS:
        if text.startswith(mark):
            raise FormatError(
                f"{name} is {encoding}, expected UTF-8; convert it first: "
                f"iconv -f {encoding} -t UTF-8 OLD > NEW"
            )
    head = text[:_HEAD_BYTES]
    nul_count = head.count(0)
    if nul_count and max(nul_count, _invalid_bytes(head)) > _LARGEST_SHARE * len(head):
        raise FormatError(
            f"{name} does not look like text: {nul_count} of its first {len(head)} bytes are NUL; "
            "leave it out, or convert it to UTF-8 text"
        )


def _invalid_bytes(head: bytes) -> int:
    """Return how many bytes are not valid UTF-8."""
    decoded = head.decode("utf-8", "surrogateescape")
    return sum("\udc80" <= character <= "\udcff" for character in decoded)
