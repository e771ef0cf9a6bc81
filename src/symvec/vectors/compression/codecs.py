"""Three ways to write a table in fewer bytes: half precision, one byte a number, product codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from symvec.arrays import AnyArray, Float2
from symvec.errors import InputError
from symvec.vectors.cosine import SHORTEST

Tensors: TypeAlias = Mapping[str, AnyArray]

CENTRES: Final = 256
LONGEST_PART: Final = 32
_LARGEST_HALF: Final = 65504.0
_ROUNDS: Final = 15
_SAMPLE: Final = 20_000
_BATCH: Final = 8192


class Codec(NamedTuple):
    """A way to write a table.

    Args:
        encode: from (rows, D) float32 to arrays by name.
        decode: back to (rows, D) float32; raises InputError where the arrays do not fit.
        tensors: the elements' type and number of axes of each array.
    """

    encode: Callable[[Float2], Tensors]
    decode: Callable[[Tensors], Float2]
    tensors: Mapping[str, tuple[str, int]]


def encode(table: Float2, codec: str) -> Tensors:
    """Return a table in fewer bytes.

    Args:
        table: (rows, D) finite float32.
        codec: ``"float16"`` has two bytes a number; ``"int8"`` one, scaled by the largest number
            of the row; ``"pq"`` one byte for four numbers (Jégou et al. 2011) and the length.

    Raises:
        InputError: there is no such codec, or a number is not finite or too large for it.
    """
    if codec not in CODECS:
        raise InputError(f"the codec must be one of {tuple(CODECS)}, got {codec!r}")
    if not np.isfinite(table).all():
        raise InputError("the table holds NaN or infinity; clean it first: symvec check --fix")
    return CODECS[codec].encode(table)


def decode(tensors: Tensors, codec: str) -> Float2:
    """Return the table that ``encode`` made arrays from, as near as they tell it.

    Raises:
        InputError: there is no such codec, or the arrays do not fit together.
    """
    if codec not in CODECS:
        raise InputError(f"the codec must be one of {tuple(CODECS)}, got {codec!r}")
    return CODECS[codec].decode(tensors)


def _to_half(table: Float2) -> Tensors:
    largest = float(np.abs(table).max(initial=0))
    if largest > _LARGEST_HALF:
        raise InputError(f"float16 holds numbers up to 65504, the table has {largest:g}; use int8")
    return {"codes": table.astype(np.float16)}


def _from_half(tensors: Tensors) -> Float2:
    table: Float2 = tensors["codes"].astype(np.float32)
    return table


def _to_bytes(table: Float2) -> Tensors:
    scales = np.abs(table).max(axis=1, initial=0) / np.float32(127)
    divisors = np.where(scales > 0, scales, 1)[:, None]
    return {"codes": np.rint(table / divisors).astype(np.int8), "scales": scales}


def _from_bytes(tensors: Tensors) -> Float2:
    codes, scales = tensors["codes"], tensors["scales"]
    if len(codes) != len(scales):
        raise InputError(f"there are {len(codes)} rows of codes, but {len(scales)} scales")
    table: Float2 = codes.astype(np.float32) * scales[:, None]
    return table


def _to_product(table: Float2) -> Tensors:
    rows, size = table.shape
    part = 4 if size % 4 == 0 else 1
    norms = np.sqrt(np.einsum("ij,ij->i", table, table, dtype=np.float64)).astype(np.float32)
    directions = np.divide(
        table, norms[:, None], out=np.zeros_like(table), where=norms[:, None] >= SHORTEST
    )
    random = np.random.default_rng(1)
    sample = random.permutation(rows)[:_SAMPLE]
    codes = np.empty((rows, size // part), dtype=np.uint8)
    books = np.zeros((size // part, CENTRES, part), dtype=np.float32)
    for place in range(size // part):
        columns = directions[:, place * part : (place + 1) * part]
        books[place] = _centres(columns[sample], random)
        for start in range(0, rows, _BATCH):
            batch = slice(start, start + _BATCH)
            codes[batch, place] = _nearest(columns[batch], books[place])
    return {"codes": codes, "codebooks": books, "lengths": norms}


def _from_product(tensors: Tensors) -> Float2:
    codes, books, lengths = tensors["codes"], tensors["codebooks"], tensors["lengths"]
    parts, centres, part = books.shape
    if codes.shape[1] != parts or centres != CENTRES or len(lengths) != len(codes):
        raise InputError(
            f"product codes of shape {codes.shape} do not fit codebooks of {books.shape} and "
            f"{len(lengths)} lengths"
        )
    if part > LONGEST_PART:
        raise InputError(f"a product code stands for {LONGEST_PART} numbers at most, got {part}")
    table = np.empty((len(codes), parts * part), dtype=np.float32)
    for place in range(parts):
        table[:, place * part : (place + 1) * part] = books[place][codes[:, place]]
    # Codes blur the length a little: the stored one is exact.
    found = np.sqrt(np.einsum("ij,ij->i", table, table, dtype=np.float64)).astype(np.float32)
    scales = np.divide(lengths, found, out=np.zeros_like(found), where=found >= SHORTEST)
    table *= scales[:, None]
    return table


def _centres(columns: Float2, random: np.random.Generator) -> Float2:
    """Return 256 centres of (rows, part) numbers by k-means (Lloyd 1982)."""
    centres = np.zeros((CENTRES, columns.shape[1]), dtype=np.float32)
    if not len(columns):
        return centres
    distinct = np.unique(columns, axis=0)
    begin = random.permutation(len(distinct))[:CENTRES]
    centres[: len(begin)] = distinct[begin]
    for _ in range(_ROUNDS if len(distinct) > CENTRES else 0):
        labels = _nearest(columns, centres).astype(np.int64)
        counts = np.bincount(labels, minlength=CENTRES)
        sums = np.stack(
            [np.bincount(labels, column, minlength=CENTRES) for column in columns.T], axis=1
        )
        used = counts > 0
        centres[used] = (sums[used] / counts[used, None]).astype(np.float32)
    return centres


def _nearest(columns: Float2, centres: Float2) -> AnyArray:
    half = np.einsum("ij,ij->i", centres, centres) / 2
    nearest: AnyArray = (columns @ centres.T - half).argmax(axis=1).astype(np.uint8)
    return nearest


CODECS: Final[Mapping[str, Codec]] = {
    "float16": Codec(_to_half, _from_half, {"codes": ("f2", 2)}),
    "int8": Codec(_to_bytes, _from_bytes, {"codes": ("i1", 2), "scales": ("f4", 1)}),
    "pq": Codec(
        _to_product,
        _from_product,
        {"codes": ("u1", 2), "codebooks": ("f4", 3), "lengths": ("f4", 1)},
    ),
}
