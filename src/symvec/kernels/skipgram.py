"""Skip-gram with negative sampling on a tile.

Each word of a window (an input) is told apart from chance by the centre (an output, target 1)
and by noise words (outputs, target 0) that all centres of the tile share. For a context x, its
centre c and the noise words n, the loss of the pair is

    -log sigmoid(x . c) - negative / noise * sum over n of log sigmoid(-x . n)

Sources: Mikolov et al. 2013, "Distributed representations of words and phrases", equation 4;
shared noise words: Ji et al. 2016, "Parallelizing word2vec in shared and distributed memory"
(arXiv:1604.04661), there for one window, here for a tile of windows. A pair is weighed against
as many noise words as in word2vec; the noise words that an input meets in all its windows are
counted once each with the weight of all. The twin is `symvec.kernels.reference.skipgram`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Float1, Float2, Ids
from symvec.kernels.compiling import Scalar, inner_numeric_kernel, merged
from symvec.kernels.logistic import LOGIT_LIMIT, sum_of_logarithms
from symvec.kernels.positions import Positions
from symvec.kernels.tile_space import GROUP, Block, Shape, TileSpace, gather_tile, scatter_tile
from symvec.kernels.tiles import LANES, add_product, logistic_gradient, set_product, transpose

_PAIR, _NO_PAIR = np.float32(1), np.float32(-1)
_LARGE = 1e250  # times a factor of 1 + e^18 it is still a float64


class SkipgramSpace(NamedTuple):
    """What skip-gram needs beside a `TileSpace`."""

    tile: TileSpace
    inputs_transposed: Float2  # (dimensions, positions)
    window_scores: Float2  # (centres, reach)
    pair_counts: Float1  # (positions + 1,) windows of the tile that a position is in


@merged
def _weigh_windows(
    space: SkipgramSpace, shape: Shape, positions: Positions, begin: Scalar, stop: Scalar
) -> Scalar:
    """Mark each centre's contexts with 1, count them for each position; return the pairs."""
    weights, counts = space.tile.window_weights, space.pair_counts
    leftmost = begin - shape.window
    pairs: Scalar = 0
    counts[:] = 0
    for row in range(shape.centres):
        centre = begin + row
        marks = weights[row]
        if centre >= stop:
            marks[:] = 0
            continue
        group = row - row % GROUP
        first = positions.first[centre] - leftmost
        behind = positions.stop[centre] - leftmost
        own = shape.window + row
        counts[first] += 1
        counts[behind] -= 1
        pairs += behind - first - 1
        for column in range(shape.reach):
            column_position = np.int32(column + group)
            within = (column_position >= first) & (column_position < behind)
            marks[column] = within & (column_position != own)
    running: Scalar = np.float32(0)
    for position in range(shape.positions):
        running += counts[position]
        counts[position] = running
    for centre in range(begin, stop):
        counts[centre - leftmost] -= 1
    return pairs


@merged
def _occurs(slots: Ids, slot: Scalar) -> Scalar:
    """Return whether a slot is among others; without a branch, so that it runs in vectors."""
    times = np.int32(0)
    for i in range(len(slots)):
        times += np.int32(slots[i] == slot)
    return times > 0


@merged
def _weigh_noise(
    space: SkipgramSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,
) -> None:
    """Weigh each noise word by the pairs it stands against, its own centres left out."""
    weights, counts = space.tile.noise_weights, space.pair_counts
    share = np.float32(shape.negative / shape.noise)
    leftmost = begin - shape.window
    slots = positions.output_slots
    for n in range(shape.noise):
        row = weights[n]
        slot = block.noise_slots[(noise_start + n) % shape.pool]
        for position in range(shape.positions):
            row[position] = counts[position] * share
        if not _occurs(slots[begin:stop], slot):
            continue
        for position in range(shape.positions):
            row[position] = counts[position]  # whole numbers: what is left of none is zero
        for centre in range(begin, stop):
            if slots[centre] == slot:
                for position in range(positions.first[centre], positions.stop[centre]):
                    row[position - leftmost] -= np.float32(position != centre)
        for position in range(shape.positions):
            row[position] *= share


@merged
def _loss_of_own_centres(
    space: SkipgramSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,
) -> Scalar:
    """Return the loss of noise words against their own centres.

    Where a position meets a noise word in one window and its own centre in another, the loss of
    the noise word counts for both. Scores must be as the product leaves them.
    """
    scores, weights = space.tile.noise_scores, space.tile.noise_weights
    leftmost = begin - shape.window
    slots = positions.output_slots
    loss = 0.0
    odds: Scalar = np.float64(1)
    for n in range(shape.noise):
        slot = block.noise_slots[(noise_start + n) % shape.pool]
        if not _occurs(slots[begin:stop], slot):
            continue
        for centre in range(begin, stop):
            if slots[centre] == slot:
                for position in range(positions.first[centre], positions.stop[centre]):
                    column = position - leftmost
                    if position != centre and weights[n, column] > 0:
                        odds *= 1 + np.exp(min(scores[n, column], LOGIT_LIMIT))
                        if odds > _LARGE:
                            loss += np.log(odds)
                            odds = np.float64(1)
    return (loss + np.log(odds)) * shape.negative / shape.noise


@inner_numeric_kernel
def train_skipgram_tile(
    space: SkipgramSpace,
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
        Summed loss, number of (context, centre) pairs.
    """
    tile, dimensions = space.tile, shape.dimensions
    centres, noise, reach = shape.centres, shape.noise, shape.reach
    rows = (stop - begin + GROUP - 1) // GROUP * GROUP
    wide = (rows - GROUP + reach + LANES - 1) // LANES * LANES
    gather_tile(tile, shape, block, positions, begin, stop, noise_start)
    pairs = _weigh_windows(space, shape, positions, begin, stop)
    _weigh_noise(space, shape, block, positions, begin, stop, noise_start)
    inputs, noise_scores = tile.inputs, tile.noise_scores
    transpose(space.inputs_transposed, inputs, wide, dimensions)

    set_product(
        noise_scores, tile.outputs[centres:], space.inputs_transposed, noise, wide, dimensions
    )
    loss = -_loss_of_own_centres(space, shape, block, positions, begin, stop, noise_start)
    logistic_gradient(noise_scores, tile.noise_weights, _NO_PAIR, alpha, noise, wide, tile.odds)
    for position in range(wide):
        if space.pair_counts[position] > 0:
            share = space.pair_counts[position] * shape.negative / shape.noise
            loss += share * np.log(tile.odds[position])
    set_product(tile.output_changes[centres:], noise_scores, inputs, noise, dimensions, wide)
    set_product(tile.input_changes, noise_scores.T, tile.outputs[centres:], wide, dimensions, noise)

    scores = space.window_scores
    for group in range(0, rows, GROUP):
        columns = space.inputs_transposed[:, group:]
        set_product(scores[group:], tile.outputs[group:], columns, GROUP, reach, dimensions)
    logistic_gradient(scores, tile.window_weights, _PAIR, alpha, rows, reach, tile.odds)
    loss += sum_of_logarithms(tile.odds, reach)
    for group in range(0, rows, GROUP):
        gradient, near, outputs = scores[group:], inputs[group:], tile.outputs[group:]
        set_product(tile.output_changes[group:], gradient, near, GROUP, dimensions, reach)
        add_product(tile.input_changes[group:], gradient.T, outputs, reach, dimensions, GROUP)
    scatter_tile(tile, shape, block, positions, begin, stop, noise_start)
    return loss, pairs
