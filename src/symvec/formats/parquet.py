"""Parquet files: a column of words, and their numbers as one column of lists or as many columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from symvec.arrays import AnyArray
from symvec.errors import FormatError
from symvec.formats.assembly import Words, assemble
from symvec.formats.content import Content
from symvec.formats.faults import Faults
from symvec.optional import require
from symvec.vectors import Vectors

EXTRA = "parquet"


def read_parquet(content: Content, faults: Faults) -> Vectors:
    """Read a table of words and numbers.

    Raises:
        FormatError: it was cut off or changed, or has not one column of words and numbers.
        MissingExtraError: pyarrow is not installed.
    """
    table = _opened(content)
    words = _word_column(table, content.path)
    lists = [name for name in table.column_names if _is_list(table.schema.field(name).type)]
    if len(lists) == 1:
        numbers = _from_lists(table.column(lists[0]), content.path)
    else:
        columns = [name for name in table.column_names if _is_number(table.schema.field(name).type)]
        if lists or not columns:
            raise FormatError(
                f"{content.path}: expected a column of lists or columns of numbers, found "
                f"{', '.join(map(str, table.column_names[:8]))}"
            )
        numbers = np.empty((table.num_rows, len(columns)), dtype=np.float32)
        for place, name in enumerate(columns):
            numbers[:, place] = _plain(table.column(name), content.path)
    return assemble(words, numbers, faults, content.path, {"source_format": "Parquet"})


def read_words(content: Content) -> Words:
    """Return the words of the one column of text.

    Raises:
        FormatError: there is none, or more than one.
        MissingExtraError: pyarrow is not installed.
    """
    return _word_column(_opened(content), content.path)


def _opened(content: Content) -> Any:  # noqa: ANN401 - pyarrow has no types of its own
    arrow = require("pyarrow", extra=EXTRA)
    parquet = require("pyarrow.parquet", extra=EXTRA)
    try:
        source = arrow.BufferReader(arrow.py_buffer(content.octets))
        table = parquet.read_table(source, use_threads=True)
        _ = table.column_names  # a damaged file may have names that are no text
        return table
    except (arrow.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FormatError(
            f"{content.path}: it is no Parquet file, or was cut off or changed: {reason}"
        ) from error


def _word_column(table: Any, path: str) -> Words:  # noqa: ANN401
    types = require("pyarrow", extra=EXTRA).types
    texts = [name for name in table.column_names if _is_text(types, table.schema.field(name).type)]
    if len(texts) != 1:
        raise FormatError(
            f"{path}: expected one column of words, found {len(texts)} of text among "
            f"{', '.join(map(str, table.column_names[:8]))}"
        )
    column = table.column(texts[0])
    if column.null_count:
        raise FormatError(f"{path}: the column {texts[0]!r} has {column.null_count:,} empty cells")
    # As bytes, for a damaged file may hold text that is none.
    binary = require("pyarrow", extra=EXTRA).large_binary()
    return Words.of(column.cast(binary).to_pylist())


def _is_text(types: Any, kind: Any) -> bool:  # noqa: ANN401
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
    )


def _is_list(kind: Any) -> bool:  # noqa: ANN401
    types = require("pyarrow", extra=EXTRA).types
    listed = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return bool(listed) and _is_number(kind.value_type)


def _is_number(kind: Any) -> bool:  # noqa: ANN401
    types = require("pyarrow", extra=EXTRA).types
    return bool(types.is_floating(kind))


def _plain(column: Any, path: str) -> AnyArray:  # noqa: ANN401
    if column.null_count:
        raise FormatError(f"{path}: a column of numbers has {column.null_count:,} empty cells")
    numbers: AnyArray = column.to_numpy()
    return numbers


def _from_lists(column: Any, path: str) -> AnyArray:  # noqa: ANN401
    """Return (rows, D) numbers from lists of one length."""
    if column.null_count:
        raise FormatError(f"{path}: the column of lists has {column.null_count:,} empty cells")
    rows = len(column)
    flat = [chunk.flatten() for chunk in column.chunks]
    compute = require("pyarrow.compute", extra=EXTRA)
    lengths = set(compute.unique(compute.list_value_length(column)).to_pylist())
    if len(lengths) != 1:
        raise FormatError(f"{path}: the lists have {len(lengths)} different lengths, expected one")
    numbers = np.concatenate([_plain(part, path) for part in flat])
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(numbers.reshape(rows, -1), dtype=np.float32)
