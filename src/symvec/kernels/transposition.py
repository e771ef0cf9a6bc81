"""A small matrix turned over its diagonal, in vectors of eight."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

from llvmlite import ir
from numba import types

from symvec.kernels.emission import (
    LANE_NUMBER,
    LANES,
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
    steps,
    variable,
)

# Three rounds of exchanges between vectors: neighbours, pairs, halves. A number below 8 is a lane
# of the first vector, one from 8 on a lane of the second.
_EXCHANGES: Final = (
    ([0, 8, 1, 9, 4, 12, 5, 13], [2, 10, 3, 11, 6, 14, 7, 15]),
    ([0, 1, 8, 9, 4, 5, 12, 13], [2, 3, 10, 11, 6, 7, 14, 15]),
    ([0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]),
)


def _turned(builder: Builder, rows: Sequence[Value]) -> list[Value]:
    """Return the columns of eight rows of eight."""

    def mix(first: Value, second: Value, lanes: list[int]) -> Value:
        mask = ir.Constant(ir.VectorType(LANE_NUMBER, LANES), lanes)
        return builder.shuffle_vector(first, second, mask)

    neighbours, pairs, halves = _EXCHANGES
    v = [mix(rows[n], rows[n + 1], lanes) for n, lanes in product((0, 2, 4, 6), neighbours)]
    v = [mix(v[h + n], v[h + n + 2], lanes) for h, n, lanes in product((0, 4), (0, 1), pairs)]
    return [mix(v[n], v[n + 4], lanes) for lanes, n in product(halves, range(4))]


def _emit(context: Context, builder: Builder, signature: Signature, args: Sequence[Value]) -> Value:
    target = Matrix.of_array(context, builder, signature.args[0], args[0])
    source = Matrix.of_array(context, builder, signature.args[1], args[1])
    row, column = variable(builder, index(0)), variable(builder, index(0))
    with steps(builder, row, args[2], LANES) as r:
        builder.store(index(0), column)
        with steps(builder, column, args[3], LANES) as c:
            rows, columns = (
                [builder.add(start, index(n)) for n in range(LANES)] for start in (r, c)
            )
            from_left, to_left = left_of(builder, c), left_of(builder, r)
            places = [builder.add(source.row(n), from_left) for n in rows]
            turned = _turned(builder, [source.load(place, LANES) for place in places])
            for vector, n in zip(turned, columns, strict=True):
                target.store(vector, builder.add(target.row(n), to_left), LANES)
    return context.get_dummy_value()


@emitted
def transpose(
    _: Context, T: NumbaType, X: NumbaType, rows: NumbaType, columns: NumbaType
) -> tuple[Signature, Emitter]:
    """T = X.T, for the leading (rows, columns) of X; both multiples of 8."""
    return types.void(T, X, as_index(rows), as_index(columns)), _emit
