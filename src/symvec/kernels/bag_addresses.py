# ruff: noqa: ANN401 - Numba hands its own objects to an intrinsic
"""Sums of bags of arrays that are told by their addresses.

To wrap four tensors as NumPy's arrays, which are taken apart again, is a tenth of a call of 0.2
milliseconds: it runs on caches that are full of rows.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numba import types
from numba.np import arrayobj

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.compiling import UNCOMPILED, numeric_kernel
from symvec.kernels.emission import (
    Builder,
    Context,
    Emitter,
    NumbaType,
    Signature,
    Value,
    as_index,
    emitted,
    index,
)
from symvec.kernels.row_gather import sum_unchecked_bags
from symvec.kernels.row_team import on_team

NO_WEIGHTS = 0
"""Stands for an address: each position counts once."""


def _array_at(
    _: Context, address: NumbaType, shape: NumbaType, kind: NumbaType
) -> tuple[Signature, Emitter]:
    array_type = types.Array(kind.instance_type, len(shape), "C")

    def emit(context: Context, builder: Builder, _: Signature, args: Sequence[Value]) -> Value:
        array = context.make_array(array_type)(context, builder)
        size = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
        sides = [builder.extract_value(args[1], n) for n in range(array_type.ndim)]
        strides = [index(size)]
        for side in reversed(sides[1:]):
            strides.insert(0, builder.mul(strides[0], side))
        data = builder.inttoptr(args[0], array.data.type)
        populate: Any = arrayobj.populate_array
        populate(array, data, sides, strides, index(size), None)
        return array._getvalue()

    return array_type(as_index(address), shape, kind), emit


def _alone(address: int, shape: tuple[int, ...], kind: type[np.generic]) -> AnyArray:
    """Stand in where code runs uncompiled."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    if size == 0:
        return np.empty(shape, kind)
    memory: Any = (ctypes.c_char * size).from_address(address)
    return np.ndarray(shape, kind, memory)


array_at: Any = _alone if UNCOMPILED else emitted(_array_at)
"""``array_at(address, shape, kind)`` is the C-contiguous array that lies there."""


def _summer(kind: Any) -> Callable[..., int]:
    @numeric_kernel
    def sum_bags_at(
        team: int,
        edges: Ids64,
        table: int,
        rows: int,
        width: int,
        row_ids: int,
        positions: int,
        offsets: int,
        bags: int,
        weights: int,
        divisor: int,
        out: int,
        faults: Ids64,
    ) -> int:
        values = array_at(table, (rows, width), kind)
        ids = array_at(row_ids, (positions,), np.int64)
        starts = array_at(offsets, (bags,), np.int64)
        sums = array_at(out, (bags, width), kind)
        if weights == NO_WEIGHTS:
            plain = values, ids, starts, None, divisor, sums, faults
            return int(on_team(team, edges, sum_unchecked_bags, plain))
        numbers = array_at(weights, (positions,), kind)
        weighed = values, ids, starts, numbers, divisor, sums, faults
        return int(on_team(team, edges, sum_unchecked_bags, weighed))

    return sum_bags_at


sum_float_bags_at = _summer(np.float32)
"""``sum_unchecked_bags`` of float32, in a team's threads, of arrays that lie at addresses.

``table`` is the address of (rows, width), ``row_ids`` of (positions,) int64, ``offsets`` of (bags,)
int64, ``weights`` of (positions,) or ``NO_WEIGHTS``, and ``out`` of (bags, width). The rest is that
of ``sum_unchecked_bags`` and of ``on_team``. Nothing tells whether something else lies there.
"""
sum_double_bags_at = _summer(np.float64)
"""The same of float64."""
