"""Scores along a path: products of its nodes and its inputs, fewer of them than fill a vector.

The vectors of the processor run over the inner index, sixteen numbers wide, whatever the processor
has: the same input gives the same bits. Sixteen sums, of four rows by four, are then added up
together. Nodes and inputs are read where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from llvmlite import ir
from numba import types

from symvec.kernels.emission import (
    FLOAT,
    LANE_NUMBER,
    LANES,
    SIDE,
    Builder,
    Context,
    Emitter,
    Matrix,
    NumbaType,
    Signature,
    Slots,
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
_VECTOR = ir.VectorType(FLOAT, DEPTH_LANES)


class _Places(NamedTuple):
    """Offsets in bytes of the rows of a tile."""

    left: list[Value]
    right: list[Value]
    results: list[Value]  # of the first column of the tile


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


def _widened(builder: Builder, vector: Value) -> Value:
    """Return a vector of eight numbers with eight zeros behind them."""
    zeros = ir.Constant(vector.type, [0.0] * LANES)
    return _mixed(builder, vector, zeros, range(DEPTH_LANES))


def _emit_tile(
    builder: Builder, matrices: tuple[Matrix, Matrix, Matrix], places: _Places, depth: Value
) -> None:
    """Write C[i:i+4, j:j+4] = A[rows] @ B[j:j+4, :depth].T."""
    c, a, b = matrices
    zero = ir.Constant(_VECTOR, [0.0] * DEPTH_LANES)
    sums = [variable(builder, zero) for _ in range(SIDE * SIDE)]
    column = variable(builder, index(0))
    for lanes in (DEPTH_LANES, LANES):
        with steps(builder, column, depth, lanes) as k:
            left_columns = left_of(builder, k)
            left = [a.load(builder.add(row, left_columns), lanes) for row in places.left]
            right = [b.load(builder.add(row, left_columns), lanes) for row in places.right]
            if lanes < DEPTH_LANES:
                left, right = ([_widened(builder, v) for v in side] for side in (left, right))
            for n, total in enumerate(sums):
                factors = left[n // SIDE], right[n % SIDE]
                builder.store(multiply_add(builder, *factors, builder.load(total)), total)
    added = _sums(builder, [builder.load(total) for total in sums])
    for n, target in enumerate(places.results):
        c.store(_mixed(builder, added, added, range(SIDE * n, SIDE * (n + 1))), target, SIDE)


def _emit(context: Context, builder: Builder, signature: Signature, args: Sequence[Value]) -> Value:
    nodes, table, inputs, scores = (
        Matrix.of_array(context, builder, signature.args[n], args[n]) for n in (0, 1, 5, 7)
    )
    slots = Slots(context, builder, signature.args[2], args[2], args[3])
    input_rows = Slots(context, builder, signature.args[6], args[6], index(0))
    last = builder.sub(args[4], index(1))
    row, column = variable(builder, index(0)), variable(builder, index(0))
    up_to_side = builder.add(args[4], index(SIDE - 1))  # a last tile may hold the last row again
    with steps(builder, row, up_to_side, SIDE) as i:
        of_tile = [builder.add(i, index(n)) for n in range(SIDE)]
        inside = [builder.select(builder.icmp_signed("<", n, args[4]), n, last) for n in of_tile]
        left = [slots.row(n, nodes, table) for n in inside]
        builder.store(index(0), column)
        with steps(builder, column, args[8], SIDE) as j:
            right = [inputs.row(input_rows.of(builder.add(j, index(n)))) for n in range(SIDE)]
            results = [builder.add(scores.row(n), left_of(builder, j)) for n in of_tile]
            _emit_tile(builder, (scores, nodes, inputs), _Places(left, right, results), args[9])
    return context.get_dummy_value()


@emitted
def set_path_scores(
    _: Context,
    nodes: NumbaType,
    table: NumbaType,
    slots: NumbaType,
    first: NumbaType,
    rows: NumbaType,
    inputs: NumbaType,
    input_rows: NumbaType,
    scores: NumbaType,
    columns: NumbaType,
    dimensions: NumbaType,
) -> tuple[Signature, Emitter]:
    """Set scores = N @ X.T for the nodes N of a path and its inputs X.

    N are the ``rows`` rows at ``slots[first:]``: n from 0 on is row n of ``nodes``, a negative one
    row ~n of ``table``; X are the rows at the leading ``columns`` of ``input_rows``. Of the scores
    as many rows are written as are a multiple of 4; ``columns`` is a multiple of 4, ``dimensions``
    of 8.
    """
    path = as_index(first), as_index(rows)
    sizes = as_index(columns), as_index(dimensions)
    return types.void(nodes, table, slots, *path, inputs, input_rows, scores, *sizes), _emit
