"""How the contexts of a centre become one hidden vector, and what it gives back to them.

Evenly: h is the mean of the contexts. Or weighted by place: h is the mean of d_p * x_p, number by
number, with a vector d_p for each place p around the centre, which is learned, too. Where only
the leading numbers are weighted, d_p is 1 in the others. Sources: Mikolov et al. 2018, "Advances
in pre-training distributed word representations" (arXiv:1712.09405), section 2.2; weights of a
part of the numbers: Novotny et al. 2022, "When FastText pays attention" (arXiv:2104.09691). The
twin is `symvec.kernels.reference.cbow`.
"""

from __future__ import annotations

from typing import NamedTuple

from symvec.arrays import Float2
from symvec.kernels.choosing import chosen_by_type
from symvec.kernels.compiling import Scalar, inner_numeric_kernel, merged
from symvec.kernels.tile_space import GROUP, Block, Shape
from symvec.kernels.tiles import add_product, set_product, sum_rows


class EvenContexts(NamedTuple):
    """All places count the same."""

    spread: Float2  # (centres, reach) share of a hidden vector's change that a context gets


class PlacedContexts(NamedTuple):
    """Each place has a vector; index: place, the leftmost first, the centre left out."""

    spread: Float2  # as in EvenContexts
    vectors: Float2  # (2 * window, dimensions)
    changes: Float2  # (2 * window, dimensions) of a tile
    weighted: int  # how many of a vector's numbers are weighted


@inner_numeric_kernel
def _average_evenly(
    contexts: EvenContexts,  # noqa: ARG001 - as _average_by_place
    averages: Float2,
    inputs: Float2,
    hidden: Float2,
    block: Block,  # noqa: ARG001
    shape: Shape,
) -> None:
    """Set the hidden vectors of a tile.

    Args:
        contexts: tells how.
        averages: (centres, reach) share of a context in its hidden vector.
        inputs: (positions, dimensions).
        hidden: (centres, dimensions), written.
        block: that the tile is part of.
        shape: of the tile.
    """
    for group in range(0, shape.centres, GROUP):
        near = inputs[group:]
        set_product(hidden[group:], averages[group:], near, GROUP, shape.dimensions, shape.reach)


@inner_numeric_kernel
def _spread_evenly(
    contexts: EvenContexts,
    averages: Float2,  # noqa: ARG001 - as _spread_by_place
    inputs: Float2,  # noqa: ARG001
    input_changes: Float2,
    hidden_changes: Float2,
    block: Block,  # noqa: ARG001
    shape: Shape,
) -> None:
    """Set the changes of inputs to what the changes of a tile's hidden vectors give them.

    Args:
        contexts: tells how.
        averages: (centres, reach) share of a context in its hidden vector.
        inputs: (positions, dimensions).
        input_changes: (positions, dimensions), written.
        hidden_changes: (centres, dimensions).
        block: that the tile is part of; the changes of its places are added to.
        shape: of the tile.
    """
    input_changes[:] = 0
    for group in range(0, shape.centres, GROUP):
        spread, own = contexts.spread[group:].T, hidden_changes[group:]
        add_product(input_changes[group:], spread, own, shape.reach, shape.dimensions, GROUP)


@merged
def _place(column: Scalar, row: Scalar, window: Scalar) -> Scalar:
    """Return which place around the centre of a row a column of its group is."""
    place = column - row % GROUP
    return place if place < window else place - 1


@inner_numeric_kernel
def _average_by_place(
    contexts: PlacedContexts,
    averages: Float2,
    inputs: Float2,
    hidden: Float2,
    block: Block,
    shape: Shape,
) -> None:
    """Do what `_average_evenly` does, with the vectors of the places as they are now."""
    vectors, table, change = contexts.vectors, block.place_table, block.place_change
    for place in range(2 * shape.window):
        sum_rows(vectors, place, table, place, change, place, shape.dimensions)
    hidden[:] = 0
    for row in range(shape.centres):
        h, group = hidden[row], row - row % GROUP
        for column in range(shape.reach):
            share = averages[row, column]
            if share == 0:
                continue
            x, d = inputs[group + column], vectors[_place(column, row, shape.window)]
            for j in range(contexts.weighted):
                h[j] += share * x[j] * d[j]
            for j in range(contexts.weighted, shape.dimensions):
                h[j] += share * x[j]


@inner_numeric_kernel
def _spread_by_place(
    contexts: PlacedContexts,
    averages: Float2,
    inputs: Float2,
    input_changes: Float2,
    hidden_changes: Float2,
    block: Block,
    shape: Shape,
) -> None:
    """Do what `_spread_evenly` does, and change the vectors of the places.

    They get the gradient, whichever update the contexts get: each centre changes most of them, and
    the whole change, as word2vec gives it to contexts, makes them grow without bound.
    """
    spread, changes = contexts.spread, contexts.changes
    input_changes[:] = 0
    changes[:] = 0
    for row in range(shape.centres):
        g, group = hidden_changes[row], row - row % GROUP
        for column in range(shape.reach):
            share = spread[row, column]
            if share == 0:
                continue
            of_place = averages[row, column]
            place = _place(column, row, shape.window)
            x, d = inputs[group + column], contexts.vectors[place]
            x_change, d_change = input_changes[group + column], changes[place]
            for j in range(contexts.weighted):
                x_change[j] += share * g[j] * d[j]
                d_change[j] += of_place * g[j] * x[j]
            for j in range(contexts.weighted, shape.dimensions):
                x_change[j] += share * g[j]
    total = block.place_change
    for place in range(2 * shape.window):
        sum_rows(total, place, total, place, changes, place, shape.dimensions)


average_contexts = chosen_by_type(
    {EvenContexts: _average_evenly, PlacedContexts: _average_by_place}
)
spread_changes = chosen_by_type({EvenContexts: _spread_evenly, PlacedContexts: _spread_by_place})
