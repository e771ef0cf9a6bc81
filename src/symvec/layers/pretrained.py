"""A trained model as the start of a layer: its table, its words, rows for padding and unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import InputError, UnknownSymbolError

NestedIds: TypeAlias = "int | list[NestedIds]"


@runtime_checkable
class WordTable(Protocol):
    """What a trained model shows: one row of ``table`` for each word of ``index_to_key``."""

    @property
    def table(self) -> AnyArray:
        """The vectors, (rows, D)."""
        ...

    @property
    def index_to_key(self) -> Sequence[str]:
        """The words in the order of their rows."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Pretrained:
    """A table for a layer; the words' own row ids are those of the model it came from.

    Args:
        table: (rows, D) floats.
        words: the words of the first rows, or nothing.
        padding_row: a row of zeros after the words, or ``None``.
        unknown_row: the row of words that the model does not have, or ``None``.
    """

    table: AnyArray
    words: Sequence[str] = ()
    padding_row: int | None = None
    unknown_row: int | None = None
    _index: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the words."""
        object.__setattr__(self, "_index", {word: row for row, word in enumerate(self.words)})

    def ids(self, words: str | Iterable[Any]) -> NestedIds:
        """Return the row id of a word, or nested lists of ids for nested lists of words.

        Raises:
            UnknownSymbolError: a word that is not there, where no unknown row was added.
        """
        if not isinstance(words, str):
            return [self.ids(word) for word in words]
        row = self._index.get(words, self.unknown_row)
        if row is None:
            raise UnknownSymbolError(words)
        return row

    def words_to_ids(self, words: str | Iterable[Any]) -> Ids64:
        """Return the row ids of words as an int64 array of the same shape."""
        return np.asarray(self.ids(words), np.int64)


def pretrained(
    source: WordTable | AnyArray, *, padding: bool = False, unknown: bool = False
) -> Pretrained:
    """Return the table of a trained model or of an array, with rows added after its own.

    Words keep their row ids. The padding row is zero; the row for unknown words starts as the mean
    of all rows, which is what is known of a word that is not known.

    Args:
        source: an object with ``table`` and ``index_to_key``, or a (rows, D) array.
        padding: add a row of zeros for padding.
        unknown: add a row for words that the model does not have.

    Raises:
        InputError: a source without a two-dimensional table of floats.

    Example:
        >>> start = pretrained(np.eye(3, dtype=np.float32), padding=True)
        >>> start.table.shape, start.padding_row
        ((4, 3), 3)
    """
    words: Sequence[str] = ()
    if isinstance(source, np.ndarray | list):
        table = np.asarray(source)
    elif isinstance(source, WordTable):
        table, words = np.asarray(source.table), list(source.index_to_key)
    else:
        raise InputError(
            "expected an array or a trained model with `table` and `index_to_key`, "
            f"got {type(source).__name__}"
        )
    if table.ndim != 2 or table.dtype.kind != "f":
        raise InputError(
            f"the table must be floats of shape (rows, D), got {table.dtype} of {table.shape}"
        )
    rows = [table]
    if padding:
        rows.append(np.zeros((1, table.shape[1]), table.dtype))
    if unknown:
        mean = table.mean(axis=0, dtype=np.float64) if len(table) else np.zeros(table.shape[1])
        rows.append(mean.astype(table.dtype)[None])
    padding_row = len(table) if padding else None
    unknown_row = len(table) + int(padding) if unknown else None
    return Pretrained(np.concatenate(rows), words, padding_row, unknown_row)
