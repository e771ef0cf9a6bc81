"""Products of small matrices at the speed of the processor's vector unit.

Numba's loop vectoriser reaches a sixth of what the hardware can do on matrices of a few dozen
rows, because it cannot keep a tile of the result in registers. This module writes that tile
itself.

Each number of a result is summed in the order of the inner index, whatever the width of the
vectors: the same input gives the same bits on every processor with fused multiply-add.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import llvmlite.binding
from llvmlite import ir
from numba import cfunc, types

from symvec.kernels.compiler_pages import release_compiler_pages
from symvec.kernels.compiling import Scalar
from symvec.kernels.emission import (
    FLOAT,
    INDEX,
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


class Tile(NamedTuple):
    """A part of the result that is summed in registers, ``vectors`` times ``lanes`` wide."""

    vectors: int
    lanes: int
    rows: int


class Tiling(NamedTuple):
    """Tiles of one width, and the numbers of rows they are tried with, highest first."""

    vectors: int
    lanes: int
    row_counts: tuple[int, ...]


# AVX-512 has 32 registers: 24 sums, 3 columns, 1 factor; AVX2 has 16: 12 sums, 2 columns, 1 factor.
_WITH_AVX512: Final = (Tiling(3, 16, (8, 6, 1)), Tiling(1, 16, (8, 6, 1)))
_WITHOUT: Final = (Tiling(2, 8, (6, 4, 1)),)
_REST: Final = (Tiling(1, 8, (8, 6, 1)),)
_HAS_AVX512: Final = bool(llvmlite.binding.get_host_cpu_features().get("avx512f", False))
LANE_WIDTHS: Final = (16, 8) if _HAS_AVX512 else (8,)
"""Floats in a vector: as wide as the processor's, then what each row is a multiple of."""
TILINGS: Final = (_WITH_AVX512 if _HAS_AVX512 else _WITHOUT) + _REST

# The product is compiled once and called by name: as a part of the kernels it would be optimised
# anew with each of them. Numba's cache keeps the name, and every process gives it an address.
_SYMBOL: Final = "symvec_product"
_BOOLEAN = ir.IntType(8)  # as Numba hands it over
_C_TYPES: Final = (*(types.voidptr,) * 3, *(types.intp,) * 7, types.boolean)


def _emit_tile(
    builder: Builder,
    matrices: tuple[Matrix, Matrix, Matrix],
    at: tuple[Value, Value, Value],
    tile: Tile,
    add: Value,
) -> None:
    """Write C[i:i+rows, j:j+columns] (+)= A[i:i+rows, :depth] @ B[:depth, j:j+columns]."""
    (c, a, b), (i, j, depth) = matrices, at
    vector = ir.VectorType(FLOAT, tile.lanes)
    columns = [left_of(builder, builder.add(j, index(v * tile.lanes))) for v in range(tile.vectors)]
    rows = [builder.add(i, index(r)) for r in range(tile.rows)]
    targets = [builder.add(c.row(row), column) for row in rows for column in columns]
    a_rows = [a.row(row) for row in rows]
    zero = ir.Constant(vector, [0.0] * tile.lanes)
    starts = [builder.select(add, c.load(target, tile.lanes), zero) for target in targets]

    before, loop, after = builder.block, builder.append_basic_block(), builder.append_basic_block()
    builder.branch(loop)
    builder.position_at_end(loop)
    k = builder.phi(INDEX)
    k.add_incoming(index(0), before)
    sums = [builder.phi(vector) for _ in starts]
    b_vectors = [b.load(builder.add(b.row(k), column), tile.lanes) for column in columns]
    a_column = builder.mul(k, a.strides[1])
    factors = [a.load(builder.add(a_row, a_column), 1) for a_row in a_rows]
    factors = [splat(builder, factor, tile.lanes) for factor in factors for _ in columns]
    results = [
        multiply_add(builder, factor, b_vectors[n % tile.vectors], total)
        for n, (factor, total) in enumerate(zip(factors, sums, strict=True))
    ]
    following = builder.add(k, index(1))
    k.add_incoming(following, loop)
    for total, start, result in zip(sums, starts, results, strict=True):
        total.add_incoming(start, before)
        total.add_incoming(result, loop)
    builder.cbranch(builder.icmp_signed("<", following, depth), loop, after)
    builder.position_at_end(after)
    for target, result in zip(targets, results, strict=True):
        c.store(result, target, tile.lanes)


def _emit_product(context: Context, builder: Builder, _: Signature, args: Sequence[Value]) -> Value:
    c, a, b, c_stride, a_stride, a_column, b_stride, rows, columns, depth, add = args
    matrices = (
        Matrix(builder, c, [c_stride]),
        Matrix(builder, a, [a_stride, a_column]),
        Matrix(builder, b, [b_stride]),
    )
    column, row = variable(builder, index(0)), variable(builder, index(0))
    for vectors, lanes, row_counts in TILINGS:
        with steps(builder, column, columns, vectors * lanes) as j:
            builder.store(index(0), row)
            for count in row_counts:
                with steps(builder, row, rows, count) as i:
                    tile = Tile(vectors, lanes, count)
                    _emit_tile(builder, matrices, (i, j, depth), tile, add)
    return context.get_dummy_value()


@emitted
def _product(
    _: Context,
    c: NumbaType,
    a: NumbaType,
    b: NumbaType,
    c_stride: NumbaType,
    a_stride: NumbaType,
    a_column: NumbaType,
    b_stride: NumbaType,
    rows: NumbaType,
    columns: NumbaType,
    depth: NumbaType,
    add: NumbaType,
) -> tuple[Signature, Emitter]:
    numbers = (c_stride, a_stride, a_column, b_stride, rows, columns, depth)
    return types.void(c, a, b, *numbers, add), _emit_product


release_compiler_pages()  # that importing the compiler took: loading it here takes as many others


@cfunc(types.void(*_C_TYPES), cache=True)
def _compiled_product(
    c: Scalar,
    a: Scalar,
    b: Scalar,
    c_stride: Scalar,
    a_stride: Scalar,
    a_column: Scalar,
    b_stride: Scalar,
    rows: Scalar,
    columns: Scalar,
    depth: Scalar,
    add: Scalar,
) -> None:
    _product(c, a, b, c_stride, a_stride, a_column, b_stride, rows, columns, depth, add)


llvmlite.binding.add_symbol(_SYMBOL, _compiled_product.address)
release_compiler_pages()


def _call(add: bool) -> Emitter:
    def emit(
        context: Context, builder: Builder, signature: Signature, args: Sequence[Value]
    ) -> Value:
        c, a, b = (
            Matrix.of_array(context, builder, array_type, value)
            for array_type, value in zip(signature.args[:3], args[:3], strict=True)
        )
        strides = (c.strides[0], *a.strides, b.strides[0])
        declaration = [POINTER] * 3 + [INDEX] * 7 + [_BOOLEAN]
        product = declared(builder, _SYMBOL, ir.VoidType(), declaration)
        arguments = [c.base, a.base, b.base, *strides, *args[3:], ir.Constant(_BOOLEAN, int(add))]
        builder.call(product, arguments)
        return context.get_dummy_value()

    return emit


@emitted
def set_product(
    _: Context,
    C: NumbaType,
    A: NumbaType,
    B: NumbaType,
    rows: NumbaType,
    columns: NumbaType,
    depth: NumbaType,
) -> tuple[Signature, Emitter]:
    """C = A @ B, for the leading rows, columns and depth; columns a multiple of 8."""
    sizes = as_index(rows), as_index(columns), as_index(depth)
    return types.void(C, A, B, *sizes), _call(add=False)


@emitted
def add_product(
    _: Context,
    C: NumbaType,
    A: NumbaType,
    B: NumbaType,
    rows: NumbaType,
    columns: NumbaType,
    depth: NumbaType,
) -> tuple[Signature, Emitter]:
    """C += A @ B, for the leading rows, columns and depth; columns a multiple of 8."""
    sizes = as_index(rows), as_index(columns), as_index(depth)
    return types.void(C, A, B, *sizes), _call(add=True)
