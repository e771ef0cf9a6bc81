"""A text whose words have been encoded: rows by number, mapped into memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symvec.arrays import AnyArray, Bytes1, Ids64
from symvec.contextual.exporting import (
    DESCRIPTION,
    FORMAT_NAME,
    FORMAT_VERSION,
    OFFSETS,
    ROWS,
    TOKEN_OFFSETS,
    TOKENS,
)
from symvec.errors import FileError, FormatError
from symvec.files import PathLike
from symvec.formats.content import open_content
from symvec.formats.npy import read_npy
from symvec.vocabulary.index import decode


@dataclass(frozen=True, eq=False)
class EncodedText:
    """The words of a text and their vectors; ``export`` wrote them.

    Args:
        rows: (words, D) or (words, layers, D), mapped into memory.
        offsets: (sentences + 1,) int64, the row at which each sentence begins.
        tokens: (bytes,) uint8, the words one after another.
        token_offsets: (words + 1,) int64, where each word begins.
    """

    rows: AnyArray
    offsets: Ids64
    tokens: Bytes1
    token_offsets: Ids64

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.offsets) - 1

    def __getitem__(self, sentence: int) -> AnyArray:
        """Return the rows of a sentence.

        Raises:
            IndexError: there is none of this number.
        """
        number = range(len(self))[sentence]
        return self.rows[self.offsets[number] : self.offsets[number + 1]]

    def word(self, row: int) -> str:
        """Return the word of a row.

        Raises:
            IndexError: there is none of this number.
        """
        number = range(len(self.token_offsets) - 1)[row]
        begin, end = self.token_offsets[number : number + 2]
        return decode(self.tokens[begin:end].tobytes())

    def words(self, sentence: int) -> list[str]:
        """Return the words of a sentence.

        Raises:
            IndexError: there is none of this number.
        """
        number = range(len(self))[sentence]
        return [self.word(row) for row in range(*self.offsets[number : number + 2].tolist())]


def open_encoded(folder: PathLike) -> EncodedText:
    """Map into memory what ``export`` wrote; nothing is read before it is asked for.

    Raises:
        FileError: a file is not there or cannot be read.
        FormatError: the files are no export, were cut off, or do not fit together.
    """
    place = Path(folder)
    try:
        stated = json.loads((place / DESCRIPTION).read_bytes())
    except OSError as error:
        raise FileError(f"cannot read {place / DESCRIPTION}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{place / DESCRIPTION} is not JSON: {error}") from error
    known = f"{FORMAT_NAME} {FORMAT_VERSION}"
    if not isinstance(stated, dict) or stated.get("format") != known:
        raise FormatError(f"{place} is not what `symvec encode` writes: expected {known!r}")
    rows, offsets, tokens, token_offsets = (
        _mapped(place / name) for name in (ROWS, OFFSETS, TOKENS, TOKEN_OFFSETS)
    )
    for name, array, dtype in (
        (OFFSETS, offsets, np.int64),
        (TOKEN_OFFSETS, token_offsets, np.int64),
        (TOKENS, tokens, np.uint8),
    ):
        if array.dtype != dtype or array.ndim != 1:
            raise FormatError(f"{place / name} must be 1 axis of {np.dtype(dtype)}")
    if rows.ndim not in (2, 3) or rows.dtype.kind != "f":
        raise FormatError(f"{place / ROWS} must be floats of 2 or 3 axes, got {rows.dtype}")
    _check_offsets(place / OFFSETS, offsets, len(rows))
    _check_offsets(place / TOKEN_OFFSETS, token_offsets, len(tokens))
    if len(token_offsets) != len(rows) + 1:
        raise FormatError(f"{place}: {len(token_offsets) - 1} words, but {len(rows)} rows")
    return EncodedText(rows, offsets, tokens, token_offsets)


def _mapped(path: Path) -> AnyArray:
    return read_npy(open_content(path, lambda _: None))


def _check_offsets(path: Path, offsets: Ids64, end: int) -> None:
    right = len(offsets) and offsets[0] == 0 and offsets[-1] == end
    if not right or (np.diff(offsets) < 0).any():
        raise FormatError(f"{path} must rise from 0 to {end}")
