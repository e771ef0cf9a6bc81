"""The memory that one thread works in while it trains a tile, and the way in and out of it.

A tile is a run of centres with the positions around them. Its matrices are small enough to stay
in the processor's second-level cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Double1, Float1, Float2, Ids, Ids64
from symvec.kernels.compiling import Scalar, merged
from symvec.kernels.positions import Positions
from symvec.kernels.tiles import add_scaled_row, sum_rows

# Windows are cut from a tile in groups of so many centres: with the usual window of 5 on each
# side a group reaches over 16 positions, one AVX-512 vector.
GROUP = 6


class Shape(NamedTuple):
    """Sizes of a tile; numbers of rows unless said otherwise."""

    window: int
    least_reach: int  # to which a window may shrink
    negative: int  # negative words that a pair is weighed against
    centres: int  # centres of a tile: a multiple of GROUP
    reach: int  # positions that a group's windows touch, a multiple of 8
    positions: int  # positions that a tile's windows touch, a multiple of 8
    noise: int  # noise words that the centres of a tile share
    pool: int  # noise words drawn for a block
    dimensions: int  # floats a row, a multiple of 8


class Shares(NamedTuple):
    """How far a tile goes with the changes that its pairs add up to, from one state of a row.

    Windows over whole lines, and words that come again and again, make so many pairs of a row that
    their sum would go many times too far.
    """

    inputs: Float1  # (words,), or (0,) where each goes all the way
    outputs: Float1  # the same
    noise: Float1  # (1,) of each noise word


ALL_THE_WAY = Shares(np.zeros(0, np.float32), np.zeros(0, np.float32), np.ones(1, np.float32))
"""The shares of ordinary text."""


class TileSpace(NamedTuple):
    """What every way of training needs; matrices are float32.

    Rows of ``outputs`` and ``output_changes``: the tile's centres, behind them its noise words.
    """

    inputs: Float2  # (positions, dimensions)
    input_changes: Float2
    outputs: Float2  # (centres + noise, dimensions)
    output_changes: Float2
    noise_scores: Float2  # (noise, positions)
    noise_weights: Float2
    window_weights: Float2  # (centres, reach)
    odds: Double1  # (positions,)


class Block(NamedTuple):
    """The state of the block that a tile is part of; index: slot, where not said otherwise."""

    input_base: Float2  # input vectors at the start of the round; index: row
    base_rows: Ids64  # row in ``input_base`` of an input slot
    input_change: Float2  # what the block has added to them so far
    output_table: Float2  # index: row; unchanged during a round
    output_rows: Ids  # row of an output slot
    output_change: Float2  # what it has added to words; nodes, as it has moved them so far
    noise_slots: Ids  # output slots of the block's pool of noise words
    place_table: Float2  # (places, dimensions) vectors of places at the start of the round
    place_change: Float2  # (places, dimensions)
    position_count: int
    input_words: Ids  # word of an input slot
    shares: Shares


@merged
def gather_inputs(
    inputs: Float2, shape: Shape, block: Block, positions: Positions, begin: Scalar, stop: Scalar
) -> None:
    """Read the vectors of the positions that the windows of a tile touch.

    Rows that no window touches keep what they held.
    """
    leftmost = begin - shape.window
    for row in range(shape.positions):
        position = leftmost + row
        if 0 <= position < block.position_count and position < stop + shape.window:
            slot = positions.input_slots[position]
            base_row = block.base_rows[slot]
            sum_rows(
                inputs, row, block.input_base, base_row, block.input_change, slot, shape.dimensions
            )


@merged
def gather_tile(
    tile: TileSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,
) -> None:
    """Read the vectors of the centres ``begin`` to ``stop``, of their contexts and of the noise.

    Rows that no window touches keep what they held: their weights are 0.
    """
    gather_inputs(tile.inputs, shape, block, positions, begin, stop)
    dimensions = shape.dimensions
    for centre in range(begin, stop):
        _gather_output(tile, centre - begin, block, positions.output_slots[centre], dimensions)
    for n in range(shape.noise):
        slot = block.noise_slots[(noise_start + n) % shape.pool]
        _gather_output(tile, shape.centres + n, block, slot, dimensions)


@merged
def _gather_output(
    tile: TileSpace, row: Scalar, block: Block, slot: Scalar, dimensions: Scalar
) -> None:
    from_row = block.output_rows[slot]
    sum_rows(tile.outputs, row, block.output_table, from_row, block.output_change, slot, dimensions)


@merged
def scatter_inputs(
    changes: Float2, shape: Shape, block: Block, positions: Positions, begin: Scalar, stop: Scalar
) -> None:
    """Add the changes of the positions around a tile's centres to the changes of its block."""
    total, shares = block.input_change, block.shares.inputs
    leftmost, is_shared = begin - shape.window, len(block.shares.inputs) > 0
    for position in range(max(leftmost, 0), min(stop + shape.window, block.position_count)):
        slot = positions.input_slots[position]
        if is_shared:
            share = shares[block.input_words[slot]]
            add_scaled_row(total, slot, changes, position - leftmost, share, shape.dimensions)
        else:
            sum_rows(total, slot, total, slot, changes, position - leftmost, shape.dimensions)


@merged
def scatter_tile(
    tile: TileSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,
) -> None:
    """Add the changes of a tile to the changes of its block."""
    scatter_inputs(tile.input_changes, shape, block, positions, begin, stop)
    dimensions, shares = shape.dimensions, block.shares
    change, found = block.output_change, tile.output_changes
    is_shared, of_noise = len(shares.outputs) > 0, shares.noise[0]
    for centre in range(begin, stop):
        slot = positions.output_slots[centre]
        share = shares.outputs[block.output_rows[slot]] if is_shared else np.float32(1)
        add_scaled_row(change, slot, found, centre - begin, share, dimensions)
    for n in range(shape.noise):
        slot = block.noise_slots[(noise_start + n) % shape.pool]
        add_scaled_row(change, slot, found, shape.centres + n, of_noise, dimensions)
