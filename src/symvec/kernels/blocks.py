"""Training on one block: a stretch of the corpus, its words gathered in one place.

A block is a function of the tables as they stood at the start of the round: it reads them, and
leaves what it would change in a `Changes` record, for `symvec.kernels.rounds` to apply.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba.extending import overload

from symvec.arrays import Float2, Ids, Ids64
from symvec.kernels.cbow import CbowSpace, train_cbow_tile
from symvec.kernels.compiling import kernel
from symvec.kernels.noise import AliasTable, draw_noise
from symvec.kernels.positions import Positions, fill_positions
from symvec.kernels.skipgram import SkipgramSpace, train_skipgram_tile
from symvec.kernels.slots import SlotTable, clear_slots, find_slot
from symvec.kernels.tile_space import Block
from symvec.kernels.tiles import add_scaled_row, prefetch_row

_NOISE_STREAM = np.uint64(0x5851F42D4C957F2D)  # parts the noise words' draws from the positions'


class Tables(NamedTuple):
    """The two tables that are trained, and the rows of the first that make up each word."""

    inputs: Float2  # (rows, dimensions)
    outputs: Float2  # (words, dimensions)
    row_ids: Ids64  # RaggedRows of the words in ``inputs``
    row_offsets: Ids64


class Text(NamedTuple):
    """What is trained on; words are ids."""

    ids: Ids  # (tokens,) -1 behind each sentence
    keep_thresholds: npt.NDArray[np.uint32]  # (words,)
    noise: AliasTable


class BlockSpace(NamedTuple):
    """What a thread needs to train a block, whatever the algorithm."""

    positions: Positions
    slot_table: SlotTable
    input_base: Float2  # (slots, dimensions)
    noise_slots: Ids  # (pool,)


class Changes(NamedTuple):
    """What one block of a round changes; index: slot."""

    input_words: Ids  # (input slots,) word ids
    input_change: Float2  # (input slots, dimensions)
    output_words: Ids
    output_change: Float2
    counts: Ids64  # (2,) slots in use: inputs, outputs
    loss: npt.NDArray[np.float64]  # (2,) summed loss, number of examples


def train_tile(space: Any, *args: Any) -> tuple[float, int]:
    """Train a tile by the algorithm that the type of ``space`` stands for."""
    train = train_cbow_tile if isinstance(space, CbowSpace) else train_skipgram_tile
    return train(space, *args)  # type: ignore[no-any-return]


@overload(train_tile, inline="always")
def _compiled_train_tile(space, shape, block, positions, begin, stop, noise_start, alpha):  # type: ignore[no-untyped-def]
    trains = {CbowSpace: train_cbow_tile, SkipgramSpace: train_skipgram_tile}
    train = trains[space.instance_class]

    def implementation(space, shape, block, positions, begin, stop, noise_start, alpha):  # type: ignore[no-untyped-def]
        return train(space, shape, block, positions, begin, stop, noise_start, alpha)

    return implementation


@kernel
def _fill_inputs(tables, space, changes, position_count, dimensions):  # type: ignore[no-untyped-def]
    """Give each distinct word a slot and read the mean of its rows."""
    positions, words = space.positions, changes.input_words
    clear_slots(space.slot_table)
    count = 0
    for p in range(position_count):
        slot = find_slot(space.slot_table, positions.word_ids[p], words, count)
        positions.input_slots[p] = slot
        if slot == count:
            count += 1
            for at in range(tables.row_offsets[words[slot]], tables.row_offsets[words[slot] + 1]):
                prefetch_row(tables.inputs, tables.row_ids[at], dimensions)
    for slot in range(count):
        base, change = space.input_base[slot], changes.input_change[slot]
        base[:] = 0
        change[:] = 0
        first, last = tables.row_offsets[words[slot]], tables.row_offsets[words[slot] + 1]
        share = np.float32(1 / (last - first))
        for at in range(first, last):
            add_scaled_row(
                space.input_base, slot, tables.inputs, tables.row_ids[at], share, dimensions
            )
    return count


@kernel
def _fill_outputs(tables, text, space, changes, first, stop, key, counter, shape):  # type: ignore[no-untyped-def]
    """Give each centre and each noise word a slot."""
    positions, words = space.positions, changes.output_words
    clear_slots(space.slot_table)
    count = 0
    for p in range(first, stop):
        slot = find_slot(space.slot_table, positions.word_ids[p], words, count)
        positions.output_slots[p] = slot
        if slot == count:
            count += 1
            prefetch_row(tables.outputs, words[slot], shape.dimensions)
    for n in range(shape.pool):
        word_id = draw_noise(text.noise, key ^ _NOISE_STREAM, counter + n)
        slot = find_slot(space.slot_table, word_id, words, count)
        space.noise_slots[n] = slot
        if slot == count:
            count += 1
            prefetch_row(tables.outputs, words[slot], shape.dimensions)
    for slot in range(count):
        change = changes.output_change[slot]
        change[:] = 0
    return count


@kernel
def train_block(tables, text, space, tile_space, shape, changes, start, stop, key, alpha):  # type: ignore[no-untyped-def]
    """Train on the tokens ``start`` to ``stop``, and write what changes to ``changes``.

    Args:
        tables: `Tables`, only read.
        text: `Text`.
        space: `BlockSpace`, overwritten.
        tile_space: `SkipgramSpace` or `CbowSpace`, overwritten.
        shape: `Shape`.
        changes: `Changes`, written.
        start: first token.
        stop: behind the last token.
        key: uint64, of this epoch.
        alpha: float32, the learning rate.
    """
    positions = space.positions
    first, last, count = fill_positions(
        text.ids, start, stop, text.keep_thresholds, key, shape.window, positions
    )
    changes.counts[0] = _fill_inputs(tables, space, changes, count, shape.dimensions)
    changes.counts[1] = _fill_outputs(
        tables, text, space, changes, first, last, key, start * shape.pool, shape
    )
    block = Block(
        space.input_base,
        changes.input_change,
        tables.outputs,
        changes.output_words,
        changes.output_change,
        space.noise_slots,
        count,
    )
    loss = 0.0
    examples = 0
    noise_start = 0
    for begin in range(first, last, shape.centres):
        end = min(begin + shape.centres, last)
        added, more = train_tile(
            tile_space, shape, block, positions, begin, end, noise_start, alpha
        )
        loss += added
        examples += more
        noise_start = (noise_start + shape.noise) % shape.pool
    changes.loss[0] = loss
    changes.loss[1] = examples
