"""The one check of ids, with the one error, for one-hot, for every layer and framework."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.errors import IdError, InputError

Missing: TypeAlias = Literal["raise", "zero", "row"]
MISSING: tuple[Missing, ...] = ("raise", "zero", "row")


def kind_error(kind: str) -> IdError | None:
    """Return the error for values of a kind that cannot be ids, or ``None`` for integers.

    Args:
        kind: the name of a dtype, such as ``"float32"``, ``"torch.bool"`` or ``"<U3"``.

    Example:
        >>> print(kind_error("bool"))
        ids must be integers, got bool; a mask is not a list of ids: pass the ids that it selects
    """
    name = kind.removeprefix("torch.")
    if name.startswith(("int", "uint")):
        return None
    if name.startswith(("float", "bfloat", "complex", "half", "double")):
        return IdError(
            f"ids must be integers, got {name}; an embedding is not differentiable with respect to "
            "its input, so it cannot follow another layer: attach it to the ids directly"
        )
    if name.startswith("bool"):
        return IdError(
            "ids must be integers, got bool; a mask is not a list of ids: pass the ids that it "
            "selects"
        )
    if name.startswith(("<U", ">U", "str", "|S", "bytes")):
        return IdError(
            "ids must be integers, got text; look the words up in their vocabulary first"
        )
    return IdError(f"ids must be integers, got {name}")


def range_error(value: int, position: tuple[int, ...], row_count: int) -> IdError:
    """Return the error for an id that the table does not have; a single id has no position.

    Example:
        >>> print(range_error(12, (0, 3), 10))
        id 12 at position (0, 3) is out of range: the table has 10 rows, valid ids are 0 to 9
    """
    place = f"id {value}"
    if position:
        place += f" at position ({', '.join(map(str, position))})"
    if row_count == 0:
        return IdError(f"{place} is out of range: the table has no rows, no id is valid")
    hint = "; negative ids do not count from the end" if value < 0 else ""
    return IdError(
        f"{place} is out of range: the table has {row_count} rows, "
        f"valid ids are 0 to {row_count - 1}{hint}"
    )


def as_ids(ids: object) -> Ids64:
    """Return ids of any rank and integer type as a contiguous int64 array of the same shape.

    Args:
        ids: an array or nested lists of integers; ``[]`` is an empty array.

    Raises:
        IdError: ids that are floats, booleans or text, or lists of different lengths.
    """
    try:
        array: AnyArray = np.asarray(ids)
    except ValueError:  # what NumPy says of lists of different lengths
        array = np.empty(0, object)
    if array.dtype == object:
        raise IdError(
            "ids must be integers in an array of one shape, got lists of different lengths or "
            "objects; pad them to one length, or pass bags with offsets"
        )
    if array.size == 0 and isinstance(ids, list | tuple):
        array = array.astype(np.int64)  # NumPy takes an empty list for floats
    error = kind_error(array.dtype.name if array.dtype.kind not in "US" else array.dtype.str)
    if error is not None:
        raise error
    if array.dtype == np.uint64:  # what int64 cannot hold is out of range in any table
        array = np.minimum(array, np.uint64(np.iinfo(np.int64).max))
    return np.ascontiguousarray(array, np.int64).reshape(array.shape)


def first_outside(ids: Ids64, row_count: int) -> int:
    """Return the first position, flat, whose id is not in ``0 <= id < row_count``, or -1."""
    # a negative id is a huge one without its sign
    if ids.size == 0 or ids.view(np.uint64).max() < row_count:
        return -1
    return int(((ids < 0) | (ids >= row_count)).argmax())


def check_ids(ids: object, row_count: int) -> Ids64:
    """Return ids as int64 after checking that the table has a row for each.

    Args:
        ids: integers of any rank and type.
        row_count: rows of the table.

    Raises:
        IdError: what came, where, and the valid range.

    Example:
        >>> check_ids([[3, 57, 35]], 64).shape
        (1, 3)
    """
    array = as_ids(ids)
    position = first_outside(array, row_count)
    if position >= 0:
        where = tuple(int(index) for index in np.unravel_index(position, array.shape))
        raise range_error(int(np.asarray(ids).flat[position]), where, row_count)
    return array


def check_missing(missing: str, unknown_row: int | None, row_count: int) -> None:
    """Check how ids without a row are to be met.

    Raises:
        InputError: a choice that does not exist, or ``"row"`` without a row of the table.
    """
    if missing not in MISSING:
        raise InputError(f"missing must be one of {', '.join(MISSING)}, got {missing!r}")
    if missing == "row" and (unknown_row is None or not 0 <= unknown_row < row_count):
        raise InputError(
            f"missing='row' needs unknown_row, a row of the table (0 to {row_count - 1}), "
            f"got {unknown_row}"
        )


def resolve_ids(
    ids: object, row_count: int, missing: Missing = "raise", unknown_row: int | None = None
) -> tuple[Ids64, AnyArray | None]:
    """Return ids that the table has, and where the row that is read must count as zero.

    Args:
        ids: integers of any rank and type.
        row_count: rows of the table.
        missing: ``"raise"`` an error, read ``"zero"``, or read the ``"row"`` ``unknown_row``.
        unknown_row: the row for ids that the table does not have.

    Returns:
        The ids, int64 of the same shape, and a boolean array of that shape or ``None``.

    Raises:
        IdError: a bad id under ``"raise"``, or values that are no ids under any choice.

    Example:
        >>> ids, zeroed = resolve_ids([1, -1], 5, "zero")
        >>> ids.tolist(), zeroed.tolist()
        ([1, 0], [False, True])
    """
    if missing == "raise":
        return check_ids(ids, row_count), None
    array = as_ids(ids)
    if first_outside(array, row_count) < 0:
        return array, None
    outside = (array < 0) | (array >= row_count)
    if missing == "row":
        return np.where(outside, np.int64(unknown_row or 0), array), None
    if row_count == 0:
        raise range_error(int(array.flat[0]), (0,) * array.ndim, 0)
    return np.where(outside, np.int64(0), array), outside
