"""Files that hold the words of a table: one a line, JSON, or a column of Parquet."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable

import numpy as np

from symvec.errors import FormatError
from symvec.files import PathLike
from symvec.formats.assembly import Words
from symvec.formats.content import open_content
from symvec.vocabulary.index import encode

_PARQUET = b"PAR1"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COUNTED = re.compile(rb"(.+)[\t ](\d{1,18})")


def read_vocabulary(path: PathLike) -> Words:
    """Return the words of a file, by the row of the table that each belongs to.

    A file is read as Parquet or JSON if it is one: a list of words, words with their rows, or
    the vocabulary within a tokeniser's file. In other files each line is a word; if each ends
    with a tab or space and a whole number, that is the word's count.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: its content is not such.
    """
    content = open_content(path, lambda _: None)
    if content.bytes(0, 4) == _PARQUET:
        from symvec.formats.parquet import read_words

        return read_words(content)
    data = content.bytes(0, content.octets.size)
    if data[:1] in (b"[", b"{"):
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):  # "[PAD]" may be the first word of a list
            value = None
        if isinstance(value, list | dict):
            return _json_words(value, os.fspath(path))
    return _line_words(data.removeprefix(_BYTE_ORDER_MARK))


def _line_words(data: bytes) -> Words:
    lines = data.split(b"\n")
    if lines and not lines[-1].strip():
        lines.pop()
    lines = [line.removesuffix(b"\r") for line in lines]
    counted = [_COUNTED.fullmatch(line) for line in lines]
    if lines and all(counted):
        keys = [match[1] for match in counted if match]
        counts = np.array([int(match[2]) for match in counted if match], dtype=np.int64)
        return Words.of(keys, counts)
    return Words.of(lines)


def _json_words(value: list[object] | dict[str, object], path: str) -> Words:
    if isinstance(value, list):
        return _words(value, path)
    model = value.get("model")
    if isinstance(model, dict) and isinstance(model.get("vocab"), dict | list):
        return _json_words(model["vocab"], path)
    places = sorted(value.items(), key=lambda item: str(item[1]).zfill(20))
    if [place for _, place in places] != list(range(len(places))):
        raise FormatError(
            f"{path}: expected each row from 0 to {len(places) - 1} to belong to one word"
        )
    return _words((word for word, _ in places), path)


def _words(values: Iterable[object], path: str) -> Words:
    keys = []
    for value in values:
        # A tokeniser's list holds pairs of a word and its score.
        word = value[0] if isinstance(value, list) and value else value
        if not isinstance(word, str):
            raise FormatError(f"{path}: expected words, found {word!r:.80}")
        keys.append(encode(word))
    return Words.of(keys)
