"""What may be asked for: ids or words, in an array or in lists of different lengths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

from symvec.arrays import Ids64, RaggedRows
from symvec.errors import InputError
from symvec.ids import check_ids


@runtime_checkable
class WordIds(Protocol):
    """A vocabulary: it knows how many words it has, and the id of each."""

    def __len__(self) -> int:
        """Return the number of words."""
        ...

    @property
    def key_to_index(self) -> Mapping[str, int]:
        """The id of each word; an ``UnknownSymbolError`` for any other."""
        ...


Symbols: TypeAlias = "int | WordIds"
Matrix: TypeAlias = Any  # an array, OneHot or a matrix of SciPy, which ships no types


def symbol_count(vocabulary: Symbols) -> int:
    """Return how many symbols there are.

    Raises:
        InputError: neither a count nor a vocabulary.
    """
    if isinstance(vocabulary, WordIds):
        return len(vocabulary)
    if isinstance(vocabulary, bool) or not isinstance(vocabulary, int | np.integer):
        raise InputError(
            "expected a vocabulary or the number of symbols, "
            f"got {type(vocabulary).__name__} {vocabulary!r}"
        )
    if vocabulary < 0:
        raise InputError(f"the number of symbols must be 0 or more, got {vocabulary}")
    return int(vocabulary)


def to_ids(symbols: object, vocabulary: Symbols) -> object:
    """Return words as ids in the same nesting; ids stay as they are.

    Raises:
        InputError: words, but only a number of symbols to look them up in.
        UnknownSymbolError: a word that the vocabulary does not have.
    """
    if isinstance(symbols, str):
        if not isinstance(vocabulary, WordIds):
            raise InputError(
                f"{symbols!r} is a word; pass the vocabulary instead of the number of symbols"
            )
        return vocabulary.key_to_index[symbols]
    if isinstance(symbols, list | tuple):
        return [to_ids(symbol, vocabulary) for symbol in symbols]
    if isinstance(symbols, np.ndarray) and symbols.dtype.kind == "U":
        return to_ids(symbols.tolist(), vocabulary)
    return symbols


def is_ragged(symbols: object) -> bool:
    """Return whether these are lists of different lengths."""
    if not isinstance(symbols, list | tuple):
        return False
    inner = [item for item in symbols if isinstance(item, list | tuple | np.ndarray)]
    return len(inner) == len(symbols) > 0 and len({len(item) for item in inner}) > 1


def to_bags(symbols: object, vocabulary: Symbols) -> RaggedRows:
    """Return bags of checked ids: of ragged rows, lists of lists, or a (bags, length) array.

    Raises:
        IdError: an id that the vocabulary does not have.
        InputError: neither one level of nesting nor ragged rows.
    """
    count = symbol_count(vocabulary)
    if isinstance(symbols, RaggedRows):
        return RaggedRows(check_ids(symbols.row_ids, count), symbols.offsets)
    ids = to_ids(symbols, vocabulary)
    if isinstance(ids, list | tuple) and is_ragged(ids):
        return _from_lists(ids, count)
    array = check_ids(ids, count)
    if array.ndim != 2:
        if array.size == 0:
            return RaggedRows(array.ravel(), np.zeros(1, np.int64))
        raise InputError(
            f"bags must have the shape (bags, length) or be lists of lists, got {array.shape}"
        )
    return RaggedRows(array.ravel(), np.arange(len(array) + 1) * array.shape[1])


def _from_lists(bags: Iterable[Any], count: int) -> RaggedRows:
    checked: list[Ids64] = [check_ids(bag, count) for bag in bags]
    for place, bag in enumerate(checked):
        if bag.ndim != 1:
            raise InputError(f"bag {place} must be a flat list, got shape {bag.shape}")
    offsets = np.append(0, np.cumsum([bag.size for bag in checked]))
    return RaggedRows(np.concatenate(checked), offsets.astype(np.int64))
