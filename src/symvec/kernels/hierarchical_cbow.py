"""CBOW with hierarchical softmax on a tile.

The mean h of a window's contexts (the hidden vector) predicts the centre c: its loss is

    - sum over the nodes n on the way to c of log sigmoid(t h . n)

with the targets t of `symvec.kernels.paths`. Both updates of CBOW, see `symvec.kernels.cbow`.
The centres are trained one after the other, as in `symvec.kernels.hierarchical_skipgram`; the
hidden vectors stand still during a tile. The twin is `symvec.kernels.reference.hierarchical`.
"""

from __future__ import annotations

from typing import NamedTuple

from symvec.kernels.cbow import CbowSpace, weigh_windows
from symvec.kernels.compiling import Scalar, inner_numeric_kernel, merged
from symvec.kernels.contexts import average_contexts, spread_changes
from symvec.kernels.logistic import sum_of_logarithms
from symvec.kernels.paths import PIECE, PathSpace, gather_nodes, path_gradient
from symvec.kernels.positions import Positions
from symvec.kernels.tile_space import Block, Shape, gather_inputs, scatter_inputs
from symvec.kernels.tiles import add_scaled_row, dot_rows


class HierarchicalCbowSpace(NamedTuple):
    """What a thread needs to train a tile."""

    paths: PathSpace
    cbow: CbowSpace


@merged
def _train_piece(
    space: HierarchicalCbowSpace,
    block: Block,
    row: Scalar,
    start: Scalar,
    length: Scalar,
    alpha: Scalar,
    dimensions: Scalar,
) -> Scalar:
    """Train a piece of the path of the centre in a row of the tile; return the loss."""
    paths, hidden = space.paths, space.cbow.hidden
    scores = paths.scores
    gather_nodes(paths, block, start, length, dimensions)
    for n in range(length):
        scores[n, 0] = dot_rows(hidden, row, paths.nodes, n, dimensions)
    path_gradient(paths, start, alpha, length, 1)
    for n in range(length):
        slot = paths.slots[start + n]
        add_scaled_row(block.output_change, slot, hidden, row, scores[n, 0], dimensions)
        add_scaled_row(space.cbow.hidden_changes, row, paths.nodes, n, scores[n, 0], dimensions)
    return sum_of_logarithms(paths.odds, 1)


@inner_numeric_kernel
def train_hierarchical_cbow_tile(
    space: HierarchicalCbowSpace,
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
        Summed loss, number of centres that had a context.
    """
    paths, cbow = space.paths, space.cbow
    gather_inputs(cbow.tile.inputs, shape, block, positions, begin, stop)
    examples = weigh_windows(cbow, shape, positions, begin, stop)
    tile = cbow.tile
    average_contexts(cbow.contexts, tile.window_weights, tile.inputs, cbow.hidden, block, shape)
    cbow.hidden_changes[:] = 0
    paths.marks[0] = 1
    loss = 0.0
    for centre in range(begin, stop):
        row = centre - begin
        behind = paths.starts[centre + 1]
        if cbow.centre_weights[0, row] == 0:
            continue
        for start in range(paths.starts[centre], behind, PIECE):
            length = min(behind - start, PIECE)
            loss += _train_piece(space, block, row, start, length, alpha, shape.dimensions)
    spread_changes(
        cbow.contexts,
        tile.window_weights,
        tile.inputs,
        tile.input_changes,
        cbow.hidden_changes,
        block,
        shape,
    )
    scatter_inputs(cbow.tile.input_changes, shape, block, positions, begin, stop)
    return loss, examples
