"""Skip-gram with hierarchical softmax on a tile.

Each word x of a window (an input) predicts the centre c: the loss of the pair is

    - sum over the nodes n on the way to c of log sigmoid(t x . n)

with the targets t of `symvec.kernels.paths`. The centres are trained one after the other: the
nodes near the root are on the way to each of them, and their changes, if all were worked out from
the same vectors, would add up to too long a step. Inputs stand still during a tile. The twin is
`symvec.kernels.reference.hierarchical`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Float2
from symvec.kernels.compiling import Scalar, inner_numeric_kernel
from symvec.kernels.logistic import sum_of_logarithms
from symvec.kernels.paths import (
    PIECE,
    PathSpace,
    gather_nodes,
    path_gradient,
    rows_of_product,
    scatter_nodes,
    up_to_side,
)
from symvec.kernels.positions import Positions
from symvec.kernels.tile_space import Block, Shape, gather_inputs, scatter_inputs
from symvec.kernels.tiles import add_product, set_product, set_row_products


class HierarchicalSkipgramSpace(NamedTuple):
    """What a thread needs to train a tile; rows: positions, and a few more."""

    paths: PathSpace
    inputs: Float2  # (rows, dimensions)
    input_changes: Float2


@inner_numeric_kernel
def train_hierarchical_skipgram_tile(
    space: HierarchicalSkipgramSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,  # noqa: ARG001 - the kernels of all objectives take it
    alpha: Scalar,
) -> tuple[Scalar, Scalar]:
    """Train the centres ``begin`` to ``stop`` (positions in the block) once.

    Returns:
        Summed loss, number of (context, centre) pairs.
    """
    paths, dimensions = space.paths, shape.dimensions
    nodes, scores, marks = paths.nodes, paths.scores, paths.marks
    leftmost = begin - shape.window
    gather_inputs(space.inputs, shape, block, positions, begin, stop)
    space.input_changes[:] = 0
    loss = 0.0
    pairs: Scalar = 0
    for centre in range(begin, stop):
        first = positions.first[centre]
        width = np.int64(positions.stop[centre] - first)
        if width < 2:
            continue
        pairs += width - 1
        columns = rows_of_product(width)
        for column in range(columns):
            marks[column] = (column < width) & (column != centre - first)
        place = first - leftmost
        inputs, changes = space.inputs[place:], space.input_changes[place:]
        for start in range(paths.starts[centre], paths.starts[centre + 1], PIECE):
            length = min(paths.starts[centre + 1] - start, PIECE)
            rows = rows_of_product(length)
            gather_nodes(paths, block, start, length, dimensions)
            sides = up_to_side(length), up_to_side(width)
            set_row_products(scores, nodes, inputs, sides[0], sides[1], nodes.shape[1])
            path_gradient(paths, start, alpha, length, columns)
            loss += sum_of_logarithms(paths.odds, columns)
            set_product(paths.node_changes, scores, inputs, rows, dimensions, width)
            add_product(changes, scores.T, nodes, columns, dimensions, length)
            scatter_nodes(paths, block, start, length, dimensions)
    scatter_inputs(space.input_changes, shape, block, positions, begin, stop)
    return loss, pairs
