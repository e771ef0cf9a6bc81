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
from symvec.kernels.compiling import Scalar, inner_numeric_kernel
from symvec.kernels.contexts import average_contexts, spread_changes
from symvec.kernels.paths import PathSpace, train_path
from symvec.kernels.positions import Positions
from symvec.kernels.tile_space import Block, Shape, gather_inputs, scatter_inputs


class HierarchicalCbowSpace(NamedTuple):
    """What a thread needs to train a tile."""

    paths: PathSpace
    cbow: CbowSpace


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
    loss = 0.0
    for centre in range(begin, stop):
        row = centre - begin
        if cbow.centre_weights[0, row] == 0:
            continue
        paths.contexts[0] = row
        loss += train_path(
            paths, block, centre, cbow.hidden, cbow.hidden_changes, 1, alpha, shape.dimensions
        )
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
