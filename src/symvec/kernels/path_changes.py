"""What training along a path changes: sums over its nodes and over its inputs, in vectors.

Both are products of matrices with one small side: vectors run over the dimensions, and some nodes,
which are read where they are, by their slots, stay in registers while all inputs pass by.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from numba import types

from symvec.kernels.emission import (
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
    splat,
    steps,
    variable,
)
from symvec.kernels.products import LANE_WIDTHS

_PAIR: Final = 2  # inputs that pass by at a time: as many as windows grow by


class _Nodes(NamedTuple):
    """Vectors of the nodes at hand: as they were, and places on the stack where they move."""

    before: list[Value]
    moved: list[Value]


class _Path(NamedTuple):
    """What goes in and comes out."""

    nodes: Matrix
    table: Matrix
    slots: Slots
    inputs: Matrix
    input_rows: Slots
    changes: Matrix
    gradients: Matrix
    rows: Value
    columns: Value


def _emit_inputs(
    builder: Builder, path: _Path, gradients: list[Value], column: Value, nodes: _Nodes, lanes: int
) -> None:
    """Write what inputs and nodes do to each other, for some columns and all inputs.

    Writes changes += G.T @ N and sums up N + G @ X in ``nodes.moved``.
    """
    with steps(builder, variable(builder, index(0)), path.columns, _PAIR) as j:
        for i in (builder.add(j, index(n)) for n in range(_PAIR)):
            row_number = path.input_rows.of(i)
            vector = path.inputs.load(builder.add(path.inputs.row(row_number), column), lanes)
            place = builder.add(path.changes.row(row_number), column)
            change = path.changes.load(place, lanes)
            for row, node, moved in zip(gradients, nodes.before, nodes.moved, strict=True):
                number = path.gradients.load(builder.add(row, left_of(builder, i)), 1)
                factor = splat(builder, number, lanes)
                change = multiply_add(builder, factor, node, change)
                total = multiply_add(builder, factor, vector, builder.load(moved))
                builder.store(total, moved)
            path.changes.store(change, place, lanes)


def _emit_nodes(builder: Builder, path: _Path, i: Value, dimensions: Value) -> None:
    """Write what a few nodes and all inputs do to each other."""
    own = [builder.add(i, index(n)) for n in range(SIDE)]
    last = builder.sub(path.rows, index(1))
    inside = [builder.select(builder.icmp_signed("<", n, path.rows), n, last) for n in own]
    rows = [path.slots.row(n, path.nodes, path.table) for n in inside]
    gradients = [path.gradients.row(n) for n in own]
    number = variable(builder, index(0))
    for lanes in LANE_WIDTHS:
        with steps(builder, number, dimensions, lanes) as k:
            column = left_of(builder, k)
            places = [builder.add(row, column) for row in rows]
            before = [path.nodes.load(place, lanes) for place in places]
            nodes = _Nodes(before, [variable(builder, vector) for vector in before])
            _emit_inputs(builder, path, gradients, column, nodes, lanes)
            # Backwards: where the last node fills up, it is written as it moved in the end.
            for place, moved in zip(places[::-1], nodes.moved[::-1], strict=True):
                path.nodes.store(builder.load(moved), place, lanes)


def _emit(context: Context, builder: Builder, signature: Signature, args: Sequence[Value]) -> Value:
    nodes, table, inputs, changes, gradients = (
        Matrix.of_array(context, builder, signature.args[n], args[n]) for n in (0, 1, 5, 7, 8)
    )
    slots = Slots(context, builder, signature.args[2], args[2], args[3])
    input_rows = Slots(context, builder, signature.args[6], args[6], index(0))
    path = _Path(nodes, table, slots, inputs, input_rows, changes, gradients, args[4], args[9])
    filled = builder.and_(builder.add(args[4], index(SIDE - 1)), index(-SIDE))
    node = variable(builder, index(0))
    with steps(builder, node, filled, SIDE) as i:
        _emit_nodes(builder, path, i, args[10])
    return context.get_dummy_value()


@emitted
def add_path_changes(
    _: Context,
    nodes: NumbaType,
    table: NumbaType,
    slots: NumbaType,
    first: NumbaType,
    rows: NumbaType,
    inputs: NumbaType,
    input_rows: NumbaType,
    changes: NumbaType,
    gradients: NumbaType,
    columns: NumbaType,
    dimensions: NumbaType,
) -> tuple[Signature, Emitter]:
    """Change the nodes N of a path, and sum up what its inputs X change, by the gradients G.

    changes += G.T @ N, then N += G @ X, where N are the ``rows`` rows at ``slots[first:]``: n from
    0 on is row n of ``nodes``, a negative one row ~n of ``table``; X, and the changes, are the rows
    at the leading ``columns`` of ``input_rows``. Rows of G that fill up to a multiple of 4 are 0;
    ``columns`` is even, ``dimensions`` a multiple of 8.
    """
    path = as_index(first), as_index(rows)
    sizes = as_index(columns), as_index(dimensions)
    return types.void(
        nodes, table, slots, *path, inputs, input_rows, changes, gradients, *sizes
    ), _emit
