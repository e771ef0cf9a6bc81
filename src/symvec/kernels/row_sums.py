# ruff: noqa: ANN401 - Numba hands its own objects to an intrinsic
"""The sum of some rows of a table in a block of columns, kept in the processor's registers.

Written in LLVM's vector types: a loop over columns inside one over rows, as Numba compiles it,
reads and writes the sum once a row (measured: two thirds more time).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types

from symvec.arrays import AnyArray, Ids64
from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.emission import (
    LANE_NUMBER,
    POINTER,
    Builder,
    Context,
    Emitter,
    NumbaType,
    Signature,
    Value,
    as_index,
    declared,
    emitted,
    index,
    splat,
    steps,
    variable,
)

LINE_BYTES = 64
"""A cache line; also the longest vector of any processor that this runs on."""
LINES = 8
"""Lines of a row that are summed at once: 128 numbers of float32."""
LINES_A_FETCH = 1
# Positions: that many rows are on their way from memory, each line asked for by itself. Every other
# line, for the processor to bring its neighbour, took a tenth longer (rows of 512 bytes).
AHEAD = 16


def _pointers(builder: Builder, start: Value, lines: int) -> list[Value]:
    return [builder.gep(start, [index(LINE_BYTES * n)]) for n in range(lines)]


def _emit_sum(lines: int, weighted: bool) -> Emitter:
    def emit(context: Context, builder: Builder, signature: Signature, args: Any) -> Value:
        table, ids, weights, first, last, column, target = args

        def data(place: int, value: Value) -> Any:
            return context.make_array(signature.args[place])(context, builder, value)

        rows, numbers, out = data(0, table), data(1, ids), data(6, target)
        size = signature.args[0].dtype.bitwidth // 8
        number = rows.data.type.pointee
        vector = ir.VectorType(number, LINE_BYTES // size)
        stride = builder.extract_value(rows.strides, 0)
        base = builder.gep(builder.bitcast(rows.data, POINTER), [builder.mul(column, index(size))])
        flags = [LANE_NUMBER] * 3
        ask = declared(builder, "llvm.prefetch.p0", ir.VoidType(), [POINTER, *flags])
        end = builder.sub(numbers.nitems, index(1))
        sums = [variable(builder, ir.Constant(vector, [0.0] * vector.count)) for _ in range(lines)]
        signs, zero = variable(builder, index(0)), index(0)
        limit = builder.sub(builder.extract_value(rows.shape, 0), index(1))
        with steps(builder, variable(builder, first), last, 1) as position:
            later = builder.add(position, index(AHEAD))
            later = builder.select(builder.icmp_signed("<", later, end), later, end)
            for place, fetch in ((later, False), (position, True)):
                row_id = builder.load(builder.gep(numbers.data, [place]))
                if fetch:
                    sign = builder.or_(row_id, builder.sub(limit, row_id))
                    builder.store(builder.or_(builder.load(signs), sign), signs)
                    outside = builder.icmp_signed("<", sign, zero)
                    row_id = builder.select(outside, zero, row_id)
                start = builder.gep(base, [builder.mul(row_id, stride)])
                if not fetch:
                    for pointer in _pointers(builder, start, lines):
                        # to read, kept in all caches, data
                        builder.call(ask, [pointer, *map(LANE_NUMBER, (0, 3, 1))])
                    continue
                factor = None
                if weighted:
                    weight = builder.load(builder.gep(data(2, weights).data, [position]))
                    factor = splat(builder, weight, vector.count)
                for pointer, total in zip(_pointers(builder, start, lines), sums, strict=True):
                    value = builder.load(builder.bitcast(pointer, vector.as_pointer()), align=size)
                    if factor is not None:
                        value = builder.fmul(value, factor, flags=("contract",))
                    added = builder.fadd(builder.load(total), value, flags=("contract",))
                    builder.store(added, total)
        start = builder.gep(builder.bitcast(out.data, POINTER), [builder.mul(column, index(size))])
        for pointer, total in zip(_pointers(builder, start, lines), sums, strict=True):
            place = builder.bitcast(pointer, vector.as_pointer())
            builder.store(builder.load(total), place, align=size)
        return builder.load(signs)

    return emit


def _summer(lines: int) -> Any:
    def define(
        _: Context,
        table: NumbaType,
        row_ids: NumbaType,
        weights: NumbaType,
        first: NumbaType,
        last: NumbaType,
        column: NumbaType,
        target: NumbaType,
    ) -> tuple[Signature, Emitter]:
        places = as_index(first), as_index(last), as_index(column)
        signature = types.intp(table, row_ids, weights, *places, target)
        return signature, _emit_sum(lines, not isinstance(weights, types.NoneType))

    return emitted(define)


def _alone(lines: int) -> Any:
    """Return what stands in where code runs uncompiled."""

    def add(
        table: AnyArray,
        row_ids: Ids64,
        weights: AnyArray | None,
        first: int,
        last: int,
        column: int,
        target: AnyArray,
    ) -> int:
        columns = slice(column, column + lines * LINE_BYTES // table.itemsize)
        target[columns] = 0
        signs = 0
        for position in range(first, last):
            weight = 1 if weights is None else weights[position]
            row_id = int(row_ids[position])
            sign = row_id | (len(table) - 1 - row_id)
            signs |= sign
            target[columns] += weight * table[row_id if sign >= 0 else 0, columns]
        return signs

    return add


sum_block: Any = _alone(LINES) if UNCOMPILED else _summer(LINES)
"""``sum_block(table, row_ids, weights, first, last, column, target)`` sums eight lines of rows.

It writes ``target[c] = sum over p of weights[p] * table[row_ids[p], c]`` for p from ``first`` to
``last`` in their order and c from ``column``; ``None`` for ``weights`` stands for ones. The answer
is negative if the table, which must have a row, does not have one of the ids: it reads row 0 then.
"""
sum_line: Any = _alone(1) if UNCOMPILED else _summer(1)
"""The same for one line."""
