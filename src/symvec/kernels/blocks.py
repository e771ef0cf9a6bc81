"""Training on one block: a stretch of the corpus, its words gathered in one place.

A block is a function of the tables as they stood at the start of the round: it reads them, and
leaves what it would change in a `Changes` record, for `symvec.kernels.rounds` to apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from symvec.arrays import Float2, Ids, Ids64
from symvec.kernels.cbow import CbowSpace, train_cbow_tile
from symvec.kernels.compiling import UNCOMPILED, Scalar, inner_kernel, merged
from symvec.kernels.emission import Builder, Context, Emitter, NumbaType, Signature, Value, emitted
from symvec.kernels.noise import AliasTable, draw_noise
from symvec.kernels.positions import Positions, fill_positions
from symvec.kernels.skipgram import SkipgramSpace, train_skipgram_tile
from symvec.kernels.slots import SlotTable, clear_slots, find_slot
from symvec.kernels.tile_space import Block, Shape
from symvec.kernels.tiles import add_scaled_row, prefetch_row

_NOISE_STREAM = np.uint64(0x5851F42D4C957F2D)  # parts the noise words' draws from the positions'


AlgorithmSpace: TypeAlias = SkipgramSpace | CbowSpace


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
    base_rows: Ids64  # (slots,)
    noise_slots: Ids  # (pool,)


class Changes(NamedTuple):
    """What one block of a round changes; index: slot."""

    input_words: Ids  # (input slots,) word ids
    input_change: Float2  # (input slots, dimensions)
    output_words: Ids
    output_change: Float2
    counts: Ids64  # (2,) slots in use: inputs, outputs
    loss: npt.NDArray[np.float64]  # (2,) summed loss, number of examples


def _train_tile(
    space: AlgorithmSpace,
    shape: Shape,
    block: Block,
    positions: Positions,
    begin: Scalar,
    stop: Scalar,
    noise_start: Scalar,
    alpha: Scalar,
) -> tuple[Scalar, Scalar]:
    """Train a tile by the algorithm that the type of ``space`` stands for."""
    if isinstance(space, CbowSpace):
        return train_cbow_tile(space, shape, block, positions, begin, stop, noise_start, alpha)
    return train_skipgram_tile(space, shape, block, positions, begin, stop, noise_start, alpha)


def _compiled_train_tile(
    typing_context: Context,
    space: NumbaType,
    shape: NumbaType,
    block: NumbaType,
    positions: NumbaType,
    begin: NumbaType,
    stop: NumbaType,
    noise_start: NumbaType,
    alpha: NumbaType,
) -> tuple[Signature, Emitter]:
    """Choose while compiling; Numba's overload would compile the kernel once more."""
    kernels = {CbowSpace: train_cbow_tile, SkipgramSpace: train_skipgram_tile}
    train = typing_context.resolve_value_type(kernels[space.instance_class])
    arguments = (space, shape, block, positions, begin, stop, noise_start, alpha)
    signature = train.get_call_type(typing_context, arguments, {})

    def emit(context: Context, builder: Builder, _: Signature, args: Sequence[Value]) -> Value:
        return context.get_function(train, signature)(builder, args)

    return signature, emit


train_tile = _train_tile if UNCOMPILED else emitted(_compiled_train_tile)


@merged
def _fill_inputs(
    tables: Tables,
    space: BlockSpace,
    changes: Changes,
    position_count: Scalar,
    dimensions: Scalar,
) -> tuple[Scalar, Float2]:
    """Give each distinct word a slot, and find its vector at the start of the round.

    The vector of a word of one row is that row; of several, their mean, which is worked out here.

    Returns:
        Number of slots; the matrix that ``space.base_rows`` points into.
    """
    positions, words = space.positions, changes.input_words
    single = len(tables.row_ids) == len(tables.row_offsets) - 1  # no word is without a row
    base = tables.inputs if single else space.input_base
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
        change = changes.input_change[slot]
        change[:] = 0
        first, last = tables.row_offsets[words[slot]], tables.row_offsets[words[slot] + 1]
        if single:
            space.base_rows[slot] = tables.row_ids[first]
            continue
        space.base_rows[slot] = slot
        mean = base[slot]
        mean[:] = 0
        share = np.float32(1 / (last - first))
        for at in range(first, last):
            add_scaled_row(base, slot, tables.inputs, tables.row_ids[at], share, dimensions)
    return count, base


@merged
def _fill_outputs(
    tables: Tables,
    text: Text,
    space: BlockSpace,
    changes: Changes,
    first: Scalar,
    stop: Scalar,
    key: Scalar,
    counter: Scalar,
    shape: Shape,
) -> Scalar:
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


@inner_kernel
def train_block(
    tables: Tables,
    text: Text,
    space: BlockSpace,
    tile_space: AlgorithmSpace,
    shape: Shape,
    changes: Changes,
    start: Scalar,
    stop: Scalar,
    key: Scalar,
    alpha: Scalar,
) -> None:
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
    slots, input_base = _fill_inputs(tables, space, changes, count, shape.dimensions)
    changes.counts[0] = slots
    changes.counts[1] = _fill_outputs(
        tables, text, space, changes, first, last, key, start * shape.pool, shape
    )
    block = Block(
        input_base,
        space.base_rows,
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
