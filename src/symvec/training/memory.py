"""The arrays that training works in, all made before it starts."""

from __future__ import annotations

from math import prod
from typing import Final

import numpy as np

from symvec.arrays import Float1, Float2, RaggedRows
from symvec.kernels.blocks import BlockSpace, Changes, Tables
from symvec.kernels.cbow import CbowSpace
from symvec.kernels.positions import Positions
from symvec.kernels.rounds import Touches
from symvec.kernels.skipgram import SkipgramSpace
from symvec.kernels.slots import SlotTable
from symvec.kernels.tile_space import Shape, TileSpace
from symvec.training.plan import BLOCKS_A_ROUND, DAMPING, Plan, up_to_multiple
from symvec.training.settings import Word2VecSettings

_FLOATS_A_CACHE_LINE: Final = 16
_BYTES_A_CACHE_LINE: Final = 64
_ROWS_DRAWN_AT_ONCE: Final = 4096


def columns(numbers: int) -> int:
    """Return how many numbers a row of ``matrix`` takes, a whole number of cache lines.

    Example:
        >>> columns(20)
        32
    """
    return up_to_multiple(numbers, _FLOATS_A_CACHE_LINE)


def matrix(*shape: int) -> Float2:
    """Return zeros whose rows each start on a cache line: a vector never straddles two.

    Args:
        shape: the last axis is rounded up to a multiple of 16 floats.

    Example:
        >>> matrix(3, 20).shape
        (3, 32)
    """
    size = prod(shape[:-1]) * columns(shape[-1])
    floats: Float1 = np.zeros(size + _FLOATS_A_CACHE_LINE, np.float32)
    start = -floats.ctypes.data % _BYTES_A_CACHE_LINE // floats.itemsize
    return floats[start : start + size].reshape(*shape[:-1], columns(shape[-1]))


def tables(rows: RaggedRows, row_count: int, settings: Word2VecSettings) -> Tables:
    """Return the tables as training starts: small random inputs, zeros as outputs.

    Inputs are uniform in +-1 / vector_size, as in gensim and fastText: from word2vec.c's half of
    that, small corpora take longer to get going.
    """
    size = settings.vector_size
    inputs = matrix(row_count, size)
    fill_inputs(inputs, settings)
    return Tables(inputs, matrix(len(rows), size), rows.row_ids, rows.offsets)


def fill_inputs(inputs: Float2, settings: Word2VecSettings) -> None:
    """Draw the inputs as they are when training starts."""
    size = settings.vector_size
    random = np.random.Generator(np.random.Philox(settings.seed))
    for start in range(0, len(inputs), _ROWS_DRAWN_AT_ONCE):
        rows_at_hand = inputs[start : start + _ROWS_DRAWN_AT_ONCE, :size]
        drawn = random.random(rows_at_hand.shape, dtype=np.float32)
        rows_at_hand[:] = (2 * drawn - 1) / np.float32(size)


def changes(plan: Plan) -> Changes:
    """Return the records of what the blocks of a round change."""
    shape, blocks = plan.shape, BLOCKS_A_ROUND
    inputs, outputs = _most_input_slots(plan), plan.block_tokens + shape.pool
    return Changes(
        np.zeros((blocks, inputs), np.int32),
        matrix(blocks, inputs, shape.dimensions),
        np.zeros((blocks, outputs), np.int32),
        matrix(blocks, outputs, shape.dimensions),
        np.zeros((blocks, 2), np.int64),
        np.zeros((blocks, 2)),
    )


def touches(row_count: int, word_count: int) -> Touches:
    """Return the counters of a round."""
    scales = np.arange(BLOCKS_A_ROUND + 1, dtype=np.float32)
    scales[1:] **= -DAMPING
    return Touches(
        np.zeros(row_count, np.uint8),
        np.zeros(row_count, np.uint8),
        np.zeros(word_count, np.uint8),
        scales,
    )


def block_space(plan: Plan) -> BlockSpace:
    """Return what a thread needs to train a block."""
    positions = _most_input_slots(plan)
    slots = max(positions, plan.block_tokens + plan.shape.pool)
    size = 1 << (2 * slots).bit_length()
    return BlockSpace(
        Positions(*(np.zeros(positions, np.int32) for _ in Positions._fields)),
        SlotTable(np.zeros(size, np.int32), np.zeros(size, np.int32)),
        matrix(positions, plan.shape.dimensions),
        np.zeros(positions, np.int64),
        np.zeros(plan.shape.pool, np.int32),
    )


def tile_space(plan: Plan, settings: Word2VecSettings) -> SkipgramSpace | CbowSpace:
    """Return what a thread needs to train a tile; its type tells the algorithm."""
    shape = plan.shape
    tile = _tile(shape)
    if settings.algorithm == "skipgram":
        return SkipgramSpace(
            tile,
            matrix(shape.dimensions, shape.positions),
            matrix(shape.centres, shape.reach),
            np.zeros(shape.positions + 1, np.float32),
        )
    return CbowSpace(
        tile,
        matrix(shape.centres, shape.dimensions),
        matrix(shape.dimensions, shape.centres),
        matrix(shape.centres, shape.dimensions),
        matrix(shape.centres, shape.reach),
        matrix(1, shape.centres),
        matrix(1, shape.centres),
        settings.cbow_update == "word2vec",
    )


def _tile(shape: Shape) -> TileSpace:
    outputs = shape.centres + shape.noise
    return TileSpace(
        matrix(shape.positions, shape.dimensions),
        matrix(shape.positions, shape.dimensions),
        matrix(outputs, shape.dimensions),
        matrix(outputs, shape.dimensions),
        matrix(shape.noise, max(shape.positions, shape.centres)),
        matrix(shape.noise, max(shape.positions, shape.centres)),
        matrix(shape.centres, shape.reach),
        np.zeros(max(shape.positions, shape.centres)),
        np.zeros(max(shape.positions, shape.centres), np.float32),
    )


def _most_input_slots(plan: Plan) -> int:
    return plan.block_tokens + 2 * plan.shape.window
