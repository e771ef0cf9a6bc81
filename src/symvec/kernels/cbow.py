"""CBOW with negative sampling on a tile.

The mean h of a window's contexts (the hidden vector) is told apart from chance by the centre
(target 1) and by noise words (target 0) that all centres of the tile share:

    loss of a centre c = -log sigmoid(h . c) - negative / noise * sum over n of log sigmoid(-h . n)

Two updates of the contexts: the exact gradient, which each context gets divided by their number,
and word2vec's, which gives it whole to each context. Sources: Mikolov et al. 2013 (as for
skip-gram); Irsoy, Benton, Stratos 2021, "Corrected CBOW performs as well as skip-gram"
(arXiv:2012.15332), section 2. The twin is `symvec.kernels.reference.cbow`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Float2
from symvec.kernels.compiling import Scalar, inner_numeric_kernel, merged
from symvec.kernels.contexts import (
    EvenContexts,
    PlacedContexts,
    average_contexts,
    spread_changes,
)
from symvec.kernels.logistic import sum_of_logarithms
from symvec.kernels.positions import Positions
from symvec.kernels.tile_space import GROUP, Block, Shape, TileSpace, gather_tile, scatter_tile
from symvec.kernels.tiles import (
    add_scaled_row,
    dot_rows,
    logistic_gradient,
    set_product,
    transpose,
)

_PAIR, _NO_PAIR = np.float32(1), np.float32(-1)


class CbowSpace(NamedTuple):
    """What CBOW needs beside a `TileSpace`, whose ``window_weights`` average the contexts."""

    tile: TileSpace
    hidden: Float2  # (centres, dimensions)
    hidden_transposed: Float2  # (dimensions, centres)
    hidden_changes: Float2  # (centres, dimensions)
    contexts: EvenContexts | PlacedContexts
    centre_scores: Float2  # (1, centres)
    centre_weights: Float2  # (1, centres) 1 for a centre that has a context
    whole_changes: bool  # word2vec's update: each context gets the whole change


@merged
def weigh_windows(
    space: CbowSpace, shape: Shape, positions: Positions, begin: Scalar, stop: Scalar
) -> Scalar:
    """Set how contexts are averaged and how changes are spread; return the pairs."""
    averages, spread = space.tile.window_weights, space.contexts.spread
    exists = space.centre_weights[0]
    leftmost = begin - shape.window
    examples: Scalar = 0
    for row in range(shape.centres):
        centre = begin + row
        first, behind, own = np.int32(0), np.int32(0), np.int32(shape.window + row % GROUP)
        if centre < stop:
            to_group = row - row % GROUP + leftmost
            first = np.int32(positions.first[centre] - to_group)
            behind = np.int32(positions.stop[centre] - to_group)
        contexts: Scalar = behind - first - 1
        exists[row] = contexts > 0
        examples += contexts > 0
        share = np.float32(1 / max(contexts, 1))
        back = np.float32(1) if space.whole_changes else share
        average, onto = averages[row], spread[row]
        for column in range(shape.reach):
            place = np.int32(column)
            marked = np.float32((place >= first) & (place < behind) & (place != own))
            average[column] = marked * share
            onto[column] = marked * back
    return examples


@merged
def _weigh_noise(
    space: CbowSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,
) -> None:
    weights, exists = space.tile.noise_weights, space.centre_weights[0]
    share = np.float32(shape.negative / shape.noise)
    for n in range(shape.noise):
        slot = block.noise_slots[(noise_start + n) % shape.pool]
        row = weights[n]
        for column in range(shape.centres):
            row[column] = exists[column] * share
        for centre in range(begin, stop):
            if positions.output_slots[centre] == slot:
                row[centre - begin] = 0


@merged
def _tell_from_noise(space: CbowSpace, shape: Shape, alpha: Scalar) -> Scalar:
    """Work out the changes of hidden vectors and outputs; return the loss."""
    tile, dimensions = space.tile, shape.dimensions
    centres, noise = shape.centres, shape.noise
    hidden, outputs, scores = space.hidden, tile.outputs, space.centre_scores
    transpose(space.hidden_transposed, hidden, centres, dimensions)

    noise_scores, noise_outputs = tile.noise_scores, outputs[centres:]
    set_product(noise_scores, noise_outputs, space.hidden_transposed, noise, centres, dimensions)
    logistic_gradient(noise_scores, tile.noise_weights, _NO_PAIR, alpha, noise, centres, tile.odds)
    loss = sum_of_logarithms(tile.odds, centres) * shape.negative / shape.noise
    set_product(tile.output_changes[centres:], noise_scores, hidden, noise, dimensions, centres)
    changes = space.hidden_changes
    set_product(changes, noise_scores.T, noise_outputs, centres, dimensions, noise)

    for row in range(centres):
        scores[0, row] = dot_rows(hidden, row, outputs, row, dimensions)
    logistic_gradient(scores, space.centre_weights, _PAIR, alpha, 1, centres, tile.odds)
    loss += sum_of_logarithms(tile.odds, centres)
    for row in range(centres):
        tile.output_changes[row] = 0
        add_scaled_row(tile.output_changes, row, hidden, row, scores[0, row], dimensions)
        add_scaled_row(changes, row, outputs, row, scores[0, row], dimensions)
    return loss


@inner_numeric_kernel
def train_cbow_tile(
    space: CbowSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,
    alpha: Scalar,
) -> tuple[Scalar, Scalar]:
    """Train the centres ``begin`` to ``stop`` (positions in the block) once.

    Returns:
        Summed loss, number of centres that had a context.
    """
    gather_tile(space.tile, shape, block, positions, begin, stop, noise_start)
    examples = weigh_windows(space, shape, positions, begin, stop)
    _weigh_noise(space, shape, block, positions, begin, stop, noise_start)
    tile = space.tile
    average_contexts(space.contexts, tile.window_weights, tile.inputs, space.hidden, block, shape)
    loss = _tell_from_noise(space, shape, alpha)
    spread_changes(
        space.contexts,
        tile.window_weights,
        tile.inputs,
        tile.input_changes,
        space.hidden_changes,
        block,
        shape,
    )
    scatter_tile(space.tile, shape, block, positions, begin, stop, noise_start)
    return loss, examples
