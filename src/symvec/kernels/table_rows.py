"""Rows of tables: added, multiplied, asked for ahead of their use."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir
from numba import types

from symvec.kernels.emission import (
    FLOAT,
    LANE_NUMBER,
    LANES,
    POINTER,
    Builder,
    Context,
    Emitter,
    Matrix,
    NumbaType,
    Signature,
    Value,
    as_index,
    declared,
    emitted,
    index,
    left_of,
    multiply_add,
    splat,
    steps,
    variable,
)

_WIDTHS = (16, 8)  # lanes: wide vectors as far as they fit, then one that always fits
_FLOATS_A_CACHE_LINE = 16
_FOR_READING, _INTO_SECOND_LEVEL, _DATA = (ir.Constant(LANE_NUMBER, n) for n in (0, 2, 1))


def _emit_sum(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    total, first, second = (
        Matrix.of_array(context, builder, signature.args[n], args[n]) for n in (0, 2, 4)
    )
    starts = total.row(args[1]), first.row(args[3]), second.row(args[5])
    column = variable(builder, index(0))
    for lanes in _WIDTHS:
        with steps(builder, column, args[6], lanes) as j:
            to, p, q = (builder.add(start, left_of(builder, j)) for start in starts)
            result = builder.fadd(first.load(p, lanes), second.load(q, lanes))
            total.store(result, to, lanes)
    return context.get_dummy_value()


def _emit_copy(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    target = Matrix.of_array(context, builder, signature.args[0], args[0])
    source = Matrix.of_array(context, builder, signature.args[2], args[2])
    starts = target.row(args[1]), source.row(args[3])
    column = variable(builder, index(0))
    for lanes in _WIDTHS:
        with steps(builder, column, args[4], lanes) as j:
            to, place = (builder.add(start, left_of(builder, j)) for start in starts)
            target.store(source.load(place, lanes), to, lanes)
    return context.get_dummy_value()


def _emit_scaled(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    target = Matrix.of_array(context, builder, signature.args[0], args[0])
    source = Matrix.of_array(context, builder, signature.args[2], args[2])
    starts = target.row(args[1]), source.row(args[3])
    column = variable(builder, index(0))
    for lanes in _WIDTHS:
        with steps(builder, column, args[5], lanes) as j:
            to, place = (builder.add(start, left_of(builder, j)) for start in starts)
            scale = splat(builder, args[4], lanes)
            addend = source.load(place, lanes), target.load(to, lanes)
            target.store(multiply_add(builder, scale, *addend), to, lanes)
    return context.get_dummy_value()


def _emit_dot(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    first = Matrix.of_array(context, builder, signature.args[0], args[0])
    second = Matrix.of_array(context, builder, signature.args[2], args[2])
    starts = first.row(args[1]), second.row(args[3])
    sums = variable(builder, ir.Constant(ir.VectorType(FLOAT, LANES), [0.0] * LANES))
    column = variable(builder, index(0))
    with steps(builder, column, args[4], LANES) as j:
        p, q = (builder.add(start, left_of(builder, j)) for start in starts)
        factors = first.load(p, LANES), second.load(q, LANES)
        builder.store(multiply_add(builder, *factors, builder.load(sums)), sums)
    lanes = builder.load(sums)
    parts = [builder.extract_element(lanes, ir.Constant(LANE_NUMBER, n)) for n in range(LANES)]
    while len(parts) > 1:
        half = len(parts) // 2
        parts = [builder.fadd(parts[n], parts[n + half]) for n in range(half)]
    return parts[0]


def _emit_prefetch(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    matrix = Matrix.of_array(context, builder, signature.args[0], args[0])
    start = matrix.row(args[1])
    numbers = [LANE_NUMBER] * 3
    prefetch = declared(builder, "llvm.prefetch.p0", ir.VoidType(), [POINTER, *numbers])
    column = variable(builder, index(0))
    columns = builder.add(args[2], index(_FLOATS_A_CACHE_LINE - 1))  # the last line may be short
    with steps(builder, column, columns, _FLOATS_A_CACHE_LINE) as j:
        place = matrix.address(builder.add(start, left_of(builder, j)))
        builder.call(prefetch, [place, _FOR_READING, _INTO_SECOND_LEVEL, _DATA])
    return context.get_dummy_value()


@emitted
def sum_rows(
    _: Context,
    Y: NumbaType,
    y: NumbaType,
    A: NumbaType,
    a: NumbaType,
    B: NumbaType,
    b: NumbaType,
    columns: NumbaType,
) -> tuple[Signature, Emitter]:
    """Y[y] = A[a] + B[b]; Y may be A or B."""
    rows = as_index(y), as_index(a), as_index(b)
    return types.void(Y, rows[0], A, rows[1], B, rows[2], as_index(columns)), _emit_sum


@emitted
def copy_row(
    _: Context, Y: NumbaType, y: NumbaType, X: NumbaType, x: NumbaType, columns: NumbaType
) -> tuple[Signature, Emitter]:
    """Y[y] = X[x]."""
    rows = as_index(y), as_index(x)
    return types.void(Y, rows[0], X, rows[1], as_index(columns)), _emit_copy


@emitted
def add_scaled_row(
    _: Context,
    Y: NumbaType,
    y: NumbaType,
    X: NumbaType,
    x: NumbaType,
    scale: NumbaType,
    columns: NumbaType,
) -> tuple[Signature, Emitter]:
    """Y[y] += scale * X[x]."""
    rows = as_index(y), as_index(x)
    factor = types.float32 if isinstance(scale, types.Number) else scale
    return types.void(Y, rows[0], X, rows[1], factor, as_index(columns)), _emit_scaled


@emitted
def dot_rows(
    _: Context, A: NumbaType, a: NumbaType, B: NumbaType, b: NumbaType, columns: NumbaType
) -> tuple[Signature, Emitter]:
    """Return A[a] @ B[b], summed in eight lanes."""
    return types.float32(A, as_index(a), B, as_index(b), as_index(columns)), _emit_dot


@emitted
def prefetch_row(
    _: Context, X: NumbaType, x: NumbaType, columns: NumbaType
) -> tuple[Signature, Emitter]:
    """Ask for a row ahead of its use."""
    return types.void(X, as_index(x), as_index(columns)), _emit_prefetch
