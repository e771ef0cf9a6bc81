"""Bags of row ids, however they were written: offsets, ragged rows, or padded with a mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symvec.arrays import AnyArray, Ids64, RaggedRows
from symvec.errors import InputError
from symvec.ids import Missing, as_ids, check_ids, resolve_ids


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """Row ids in bags, stored flat, with an optional weight for each.

    Args:
        row_ids: (positions,) int64, each a row of the table.
        offsets: (bags + 1,) int64, rising from 0 to ``positions``; equal neighbours are an empty
            bag.
        weights: (positions,) floats, or ``None`` for ones.

    Example:
        >>> bags = Bags.from_offsets([1, 2, 4], [0, 2], row_count=5)
        >>> len(bags), bags.bag_of_position.tolist()
        (2, [0, 0, 1])
    """

    row_ids: Ids64
    offsets: Ids64
    weights: AnyArray | None = None

    def __len__(self) -> int:
        """Return the number of bags."""
        return int(self.offsets.size - 1)

    @property
    def bag_of_position(self) -> Ids64:
        """The bag that each position belongs to, (positions,) int64."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def kept(self, chosen: AnyArray) -> Bags:
        """Return the bags with only the chosen positions, a boolean for each."""
        kept_before = np.append(0, np.cumsum(chosen))
        weights = None if self.weights is None else self.weights[chosen]
        return Bags(self.row_ids[chosen], kept_before[self.offsets].astype(np.int64), weights)

    def without(self, row_id: int | None) -> Bags:
        """Return the bags without a row, such as the padding row."""
        if row_id is None:
            return self
        chosen = self.row_ids != row_id
        return self if chosen.all() else self.kept(chosen)

    @classmethod
    def from_offsets(
        cls,
        ids: object,
        offsets: object,
        *,
        row_count: int,
        weights: AnyArray | None = None,
        include_last_offset: bool = False,
        missing: Missing = "raise",
        unknown_row: int | None = None,
    ) -> Bags:
        """Return bags from flat ids and the position at which each bag begins.

        Ids that the table does not have are met as ``missing`` says; ``"zero"`` leaves them out.

        Raises:
            IdError: ids that the table does not have.
            InputError: offsets that do not rise from 0, or weights of another shape.
        """
        flat, zeroed = resolve_ids(ids, row_count, missing, unknown_row)
        if flat.ndim != 1:
            raise InputError(f"ids with offsets must be flat, got shape {flat.shape}")
        starts = check_offsets(offsets, flat.size, include_last_offset=include_last_offset)
        bags = cls(flat, starts, check_weights(weights, flat.shape))
        return bags if zeroed is None else bags.kept(~zeroed)

    @classmethod
    def from_padded(
        cls,
        ids: object,
        *,
        row_count: int,
        weights: AnyArray | None = None,
        mask: AnyArray | None = None,
        missing: Missing = "raise",
        unknown_row: int | None = None,
    ) -> Bags:
        """Return bags from a (bags, length) array; the mask is true where an id counts.

        An id that does not count need not be one of the table's.

        Raises:
            IdError: ids that count and that the table does not have.
            InputError: not two axes, or weights or a mask of another shape.
        """
        array = as_ids(ids)
        if array.ndim != 2:
            raise InputError(
                f"padded bags must have the shape (bags, length), got {array.shape}; "
                "pass offsets with flat ids"
            )
        weights = check_weights(weights, array.shape)
        offsets = np.arange(array.shape[0] + 1, dtype=np.int64) * array.shape[1]
        if mask is not None:
            chosen = np.asarray(mask)
            if chosen.shape != array.shape or chosen.dtype != np.bool_:
                raise InputError(
                    f"mask must be booleans of shape {array.shape}, "
                    f"got {chosen.dtype} of shape {chosen.shape}"
                )
            array = np.where(chosen, array, 0 if row_count else array)
        array, zeroed = resolve_ids(array, row_count, missing, unknown_row)
        flat_weights = None if weights is None else weights.ravel()
        bags = cls(array.ravel(), offsets, flat_weights)
        kept = np.ones(array.shape, np.bool_) if mask is None else np.asarray(mask)
        kept = kept if zeroed is None else kept & ~zeroed
        return bags if kept.all() else bags.kept(kept.ravel())

    @classmethod
    def from_ragged(
        cls, rows: RaggedRows, *, row_count: int, weights: AnyArray | None = None
    ) -> Bags:
        """Return one bag for each symbol: its n-grams, its hashed rows, its one row."""
        row_ids = check_ids(rows.row_ids, row_count)
        return cls(row_ids, rows.offsets, check_weights(weights, row_ids.shape))


def check_offsets(offsets: object, positions: int, *, include_last_offset: bool) -> Ids64:
    """Return offsets with the end of the last bag, after checking that they rise from 0.

    Raises:
        InputError: what is wrong with which offset.
    """
    starts = as_ids(offsets)
    if starts.ndim != 1:
        raise InputError(f"offsets must be one-dimensional, got shape {starts.shape}")
    if include_last_offset and starts.size == 0:
        raise InputError("include_last_offset needs at least one offset, got none")
    if starts.size and starts[0] != 0:
        raise InputError(
            f"offsets[0] must be 0, got {starts[0]}: the first bag begins with the first id"
        )
    falls = np.flatnonzero(np.diff(starts) < 0)
    if falls.size:
        place = int(falls[0]) + 1
        raise InputError(
            f"offsets must not fall, but offsets[{place}] is {starts[place]} "
            f"after {starts[place - 1]}"
        )
    if starts.size and starts[-1] > positions:
        raise InputError(f"the last offset is {starts[-1]}, but there are only {positions} ids")
    if starts.size == 0 and positions:
        raise InputError(f"offsets are empty, but {positions} ids came: which bag are they in?")
    if not include_last_offset:
        return np.append(starts, positions) if starts.size else np.zeros(1, np.int64)
    if starts[-1] != positions:
        raise InputError(
            f"the last offset must be the number of ids, {positions}, not {starts[-1]}"
        )
    return starts


def check_weights(weights: AnyArray | None, shape: tuple[int, ...]) -> AnyArray | None:
    """Return per-sample weights after checking that there is one for each id.

    Raises:
        InputError: another shape than that of the ids.
    """
    if weights is None:
        return None
    array = np.asarray(weights)
    if array.shape != shape:
        raise InputError(
            f"per-sample weights must have the shape of the ids, {shape}, got {array.shape}"
        )
    return array


def bags_of_symbols(rows: RaggedRows, symbol_ids: Ids64) -> Bags:
    """Return the bag of rows of each symbol in a batch.

    Args:
        rows: the rows of every symbol, such as the n-grams of each word.
        symbol_ids: (symbols,) checked int64 ids into ``rows``.

    Example:
        >>> rows = RaggedRows(np.array([7, 2, 3]), np.array([0, 1, 3]))
        >>> bags_of_symbols(rows, np.array([1, 0, 1])).row_ids.tolist()
        [2, 3, 7, 2, 3]
    """
    lengths = rows.lengths[symbol_ids]
    offsets = np.append(0, np.cumsum(lengths))
    shift = np.repeat(rows.offsets[symbol_ids] - offsets[:-1], lengths)
    return Bags(rows.row_ids[np.arange(offsets[-1]) + shift], offsets)
