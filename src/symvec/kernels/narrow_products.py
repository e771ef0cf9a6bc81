"""Products of the rows of two small matrices, where they are fewer than fill a vector.

The vectors of the processor run over the inner index, sixteen numbers wide, whatever the processor
has: the same input gives the same bits. Sixteen sums, of four rows by four, are then added up
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from llvmlite import ir
from numba import types

from symvec.kernels.emission import (
    FLOAT,
    INDEX,
    LANE_NUMBER,
    SIDE,
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
    steps,
    variable,
)

DEPTH_LANES: Final = 16
"""What the inner size is to be a multiple of."""
_VECTOR = ir.VectorType(FLOAT, DEPTH_LANES)


def _mixed(builder: Builder, first: Value, second: Value, lanes: Sequence[int]) -> Value:
    mask = ir.Constant(ir.VectorType(LANE_NUMBER, len(lanes)), list(lanes))
    return builder.shuffle_vector(first, second, mask)


def _sums(builder: Builder, vectors: Sequence[Value]) -> Value:
    """Return the vector of the sums over the lanes of each of sixteen vectors."""
    width = 1  # lanes side by side that belong to different sums
    while len(vectors) > 1:
        starts = range(0, DEPTH_LANES, 2 * width)
        low = [n + lane for lane in starts for n in (*range(width), *range(16, 16 + width))]
        high = [lane + width for lane in low]
        vectors = [
            builder.fadd(_mixed(builder, a, b, low), _mixed(builder, a, b, high))
            for a, b in zip(vectors[::2], vectors[1::2], strict=True)
        ]
        width *= 2
    return vectors[0]


def _emit_tile(
    builder: Builder, matrices: tuple[Matrix, Matrix, Matrix], i: Value, j: Value, depth: Value
) -> None:
    """Write C[i:i+4, j:j+4] = A[i:i+4, :depth] @ B[j:j+4, :depth].T."""
    c, a, b = matrices
    a_rows = [a.row(builder.add(i, index(n))) for n in range(SIDE)]
    b_rows = [b.row(builder.add(j, index(n))) for n in range(SIDE)]
    before, loop, after = builder.block, builder.append_basic_block(), builder.append_basic_block()
    builder.branch(loop)
    builder.position_at_end(loop)
    k = builder.phi(INDEX)
    k.add_incoming(index(0), before)
    sums = [builder.phi(_VECTOR) for _ in range(SIDE * SIDE)]
    column = left_of(builder, k)
    left = [a.load(builder.add(row, column), DEPTH_LANES) for row in a_rows]
    right = [b.load(builder.add(row, column), DEPTH_LANES) for row in b_rows]
    results = [
        multiply_add(builder, left[n // SIDE], right[n % SIDE], total)
        for n, total in enumerate(sums)
    ]
    following = builder.add(k, index(DEPTH_LANES))
    k.add_incoming(following, loop)
    zero = ir.Constant(_VECTOR, [0.0] * DEPTH_LANES)
    for total, result in zip(sums, results, strict=True):
        total.add_incoming(zero, before)
        total.add_incoming(result, loop)
    builder.cbranch(builder.icmp_signed("<", following, depth), loop, after)
    builder.position_at_end(after)
    added = _sums(builder, results)
    for n in range(SIDE):
        row = _mixed(builder, added, added, range(SIDE * n, SIDE * (n + 1)))
        place = builder.add(c.row(builder.add(i, index(n))), left_of(builder, j))
        c.store(row, place, SIDE)


def _emit(context: Context, builder: Builder, signature: Signature, args: Sequence[Value]) -> Value:
    c, a, b = (
        Matrix.of_array(context, builder, array_type, value)
        for array_type, value in zip(signature.args[:3], args[:3], strict=True)
    )
    row, column = variable(builder, index(0)), variable(builder, index(0))
    with steps(builder, row, args[3], SIDE) as i:
        builder.store(index(0), column)
        with steps(builder, column, args[4], SIDE) as j:
            _emit_tile(builder, (c, a, b), i, j, args[5])
    return context.get_dummy_value()


@emitted
def set_row_products(
    _: Context,
    C: NumbaType,
    A: NumbaType,
    B: NumbaType,
    rows: NumbaType,
    columns: NumbaType,
    depth: NumbaType,
) -> tuple[Signature, Emitter]:
    """C = A @ B.T, for the leading rows of A and of B, multiples of 4; depth a multiple of 16."""
    sizes = as_index(rows), as_index(columns), as_index(depth)
    return types.void(C, A, B, *sizes), _emit
