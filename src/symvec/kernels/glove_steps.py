"""The AdaGrad step of two rows that are each other's gradient, in vector code of its own."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir
from numba import types

from symvec.kernels.emission import (
    FLOAT,
    Builder,
    Context,
    Emitter,
    Matrix,
    NumbaType,
    Signature,
    Value,
    as_index,
    emitted,
    index,
    left_of,
    multiply_add,
    splat,
    steps,
    variable,
)

_WIDTHS = (16, 8)  # lanes: wide vectors as far as they fit, then one that always fits
_INTEGER = ir.IntType(32)
# Lomont 2003, "Fast inverse square root": the first guess, a part in 600 off.
_GUESS = 0x5F375A86
_NEWTON_STEPS = 2  # each squares the error: 3.4e-2, 1.8e-3, 4.7e-6


def _constant(lanes: int, value: float) -> Value:
    return ir.Constant(ir.VectorType(FLOAT, lanes), [value] * lanes)


def _inverse_root(builder: Builder, x: Value) -> Value:
    """Return 1 / sqrt(x) of a vector, to 5e-6: a root and a division take three times as long."""
    lanes = x.type.count
    whole = ir.VectorType(_INTEGER, lanes)
    half = builder.lshr(builder.bitcast(x, whole), ir.Constant(whole, [1] * lanes))
    y = builder.bitcast(builder.sub(ir.Constant(whole, [_GUESS] * lanes), half), x.type)
    minus_half_x = builder.fmul(x, _constant(lanes, -0.5))
    for _ in range(_NEWTON_STEPS):
        square = builder.fmul(y, y)
        y = builder.fmul(y, multiply_add(builder, minus_half_x, square, _constant(lanes, 1.5)))
    return y


def _emit_step(
    context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
) -> Value:
    table = Matrix.of_array(context, builder, signature.args[0], args[0])
    sums = Matrix.of_array(context, builder, signature.args[1], args[1])
    rows = [(table.row(args[n]), sums.row(args[n])) for n in (2, 3)]
    column = variable(builder, index(0))
    for lanes in _WIDTHS:
        scale = splat(builder, builder.fneg(args[4]), lanes)
        with steps(builder, column, args[5], lanes) as j:
            left = left_of(builder, j)
            places = [(builder.add(row, left), builder.add(total, left)) for row, total in rows]
            values = [table.load(place, lanes) for place, _ in places]
            for (place, total), value, other in zip(places, values, values[::-1], strict=True):
                step = builder.fmul(scale, other)
                squares = sums.load(total, lanes)
                root = _inverse_root(builder, builder.fadd(squares, _constant(lanes, 1.0)))
                table.store(multiply_add(builder, step, root, value), place, lanes)
                sums.store(multiply_add(builder, step, step, squares), total, lanes)
    return context.get_dummy_value()


@emitted
def adagrad_step(
    _: Context,
    table: NumbaType,
    sums: NumbaType,
    first: NumbaType,
    second: NumbaType,
    scale: NumbaType,
    columns: NumbaType,
) -> tuple[Signature, Emitter]:
    """Step both rows against ``scale`` times the other one, and add the squares to their sums.

    table[first] -= scale * table[second] / sqrt(1 + sums[first]), and the other way round. A sum
    that starts at 1 instead would swallow the squares of small steps in float32.
    """
    rows = as_index(first), as_index(second)
    factor = types.float32 if isinstance(scale, types.Number) else scale
    return types.void(table, sums, *rows, factor, as_index(columns)), _emit_step
