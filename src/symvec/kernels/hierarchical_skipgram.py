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

from symvec.arrays import Float2, Ids
from symvec.kernels.compiling import Scalar, inner_numeric_kernel, merged
from symvec.kernels.paths import PathSpace, train_path
from symvec.kernels.positions import Positions
from symvec.kernels.tile_space import Block, Shape, gather_inputs, scatter_inputs
from symvec.kernels.tiles import prefetch_row

AHEAD = 2  # centres: time for the nodes of a path to come from memory


class HierarchicalSkipgramSpace(NamedTuple):
    """What a thread needs to train a tile."""

    paths: PathSpace
    inputs: Float2  # (positions, dimensions)
    input_changes: Float2


@merged
def _list_contexts(contexts: Ids, positions: Positions, centre: Scalar, leftmost: Scalar) -> Scalar:
    """List the rows of a centre's contexts; return how many there are."""
    count: Scalar = 0
    for position in range(positions.first[centre], positions.stop[centre]):
        contexts[count] = position - leftmost
        count += position != centre
    return count


@merged
def _ask_for_path(paths: PathSpace, block: Block, centre: Scalar, dimensions: Scalar) -> None:
    """Ask for the nodes of a path that are moved in the table."""
    for at in range(paths.starts[centre], paths.starts[centre + 1]):
        if paths.slots[at] < 0:
            prefetch_row(block.output_table, ~paths.slots[at], dimensions)


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
    paths, inputs, changes = space.paths, space.inputs, space.input_changes
    gather_inputs(inputs, shape, block, positions, begin, stop)
    changes[:] = 0
    loss = 0.0
    pairs: Scalar = 0
    for centre in range(begin, stop):
        if centre + AHEAD < stop:
            _ask_for_path(paths, block, centre + AHEAD, shape.dimensions)
        count = _list_contexts(paths.contexts, positions, centre, begin - shape.window)
        if count == 0:
            continue
        pairs += count
        loss += train_path(paths, block, centre, inputs, changes, count, alpha, shape.dimensions)
    scatter_inputs(changes, shape, block, positions, begin, stop)
    return loss, pairs
