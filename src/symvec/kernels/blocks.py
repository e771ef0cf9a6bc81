"""Training on one block: a stretch of the corpus, its words gathered in one place.

A block is a function of the tables as they stood at the start of the round: it reads them, and
leaves what it would change in a `Changes` record, for `symvec.kernels.rounds` to apply.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from symvec.arrays import Float1, Float2, Ids, Ids64
from symvec.kernels.block_outputs import begin_outputs, end_outputs, fill_outputs
from symvec.kernels.cbow import CbowSpace, train_cbow_tile
from symvec.kernels.choosing import chosen_by_type
from symvec.kernels.compiling import Scalar, inner_kernel, merged
from symvec.kernels.hierarchical_cbow import (
    HierarchicalCbowSpace,
    train_hierarchical_cbow_tile,
)
from symvec.kernels.hierarchical_skipgram import (
    HierarchicalSkipgramSpace,
    train_hierarchical_skipgram_tile,
)
from symvec.kernels.noise import AliasTable
from symvec.kernels.paths import Tree
from symvec.kernels.positions import Positions, fill_positions
from symvec.kernels.skipgram import SkipgramSpace, train_skipgram_tile
from symvec.kernels.slots import SlotTable, clear_slots, find_slot
from symvec.kernels.tile_space import ALL_THE_WAY, Block, Shape, Shares
from symvec.kernels.tiles import add_scaled_row, prefetch_row

_NONE = np.float32(0)

AlgorithmSpace: TypeAlias = Any
"""One of the classes that `train_tile` knows."""


class Tables(NamedTuple):
    """The tables that are trained, and the rows of the first that make up each word."""

    inputs: Float2  # (rows, dimensions)
    outputs: Float2  # (words, dimensions); of a tree, one row more than it has nodes
    places: Float2  # (2 * window, dimensions) weights of the places of contexts, or (0, dimensions)
    row_ids: Ids64  # RaggedRows of the words in ``inputs``
    row_offsets: Ids64


class Text(NamedTuple):
    """What is trained on; words are ids."""

    ids: Ids  # (tokens,) -1 behind each sentence
    keep_thresholds: npt.NDArray[np.uint32]  # (words,)
    objective: AliasTable | Tree  # what noise words are drawn from, or the ways to words
    shares: Shares = ALL_THE_WAY


class OwnRows(NamedTuple):
    """The rows of a table that one thread is to change, in the order of the blocks."""

    rows: Ids64
    blocks: Ids  # whose change
    slots: Ids  # of that block
    scales: Float1


class BlockSpace(NamedTuple):
    """What a thread needs to train a block, whatever the algorithm."""

    positions: Positions
    slot_table: SlotTable
    input_base: Float2  # (slots, dimensions)
    base_rows: Ids64  # (slots,)
    noise_slots: Ids  # (pool,)
    own_rows: OwnRows


class Changes(NamedTuple):
    """What one block of a round changes; index: slot."""

    input_words: Ids  # (input slots,) word ids
    input_change: Float2  # (input slots, dimensions)
    output_rows: Ids  # words, or nodes of a tree
    output_change: Float2
    place_change: Float2  # (places, dimensions)
    counts: Ids64  # (2,) slots in use: inputs, outputs
    loss: npt.NDArray[np.float64]  # (2,) summed loss, number of examples


train_tile = chosen_by_type(
    {
        SkipgramSpace: train_skipgram_tile,
        CbowSpace: train_cbow_tile,
        HierarchicalSkipgramSpace: train_hierarchical_skipgram_tile,
        HierarchicalCbowSpace: train_hierarchical_cbow_tile,
    }
)
"""Train a tile with the window and the objective that the type of its space stands for."""


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
            if single:
                row_id = tables.row_ids[tables.row_offsets[words[slot]]]
                prefetch_row(tables.inputs, row_id, dimensions)
    for slot in range(count):
        change = changes.input_change[slot]
        change[:] = 0
        first, last = tables.row_offsets[words[slot]], tables.row_offsets[words[slot] + 1]
        if single:
            space.base_rows[slot] = tables.row_ids[first]
            continue
        if slot + 1 < count:  # one word ahead: all of a block would not fit into the cache
            ahead = words[slot + 1]
            for at in range(tables.row_offsets[ahead], tables.row_offsets[ahead + 1]):
                prefetch_row(tables.inputs, tables.row_ids[at], dimensions)
        space.base_rows[slot] = slot
        mean = base[slot]
        mean[:] = 0
        share = np.float32(1 / (last - first))
        for at in range(first, last):
            add_scaled_row(base, slot, tables.inputs, tables.row_ids[at], share, dimensions)
    return count, base


@merged
def _nothing_or_nan(changes: Changes, nothing: Float2, dimensions: Scalar) -> Scalar:
    """Return 0.0, or NaN if a change is not finite: the loss, cut at a limit, need not tell.

    Nothing times a finite number is nothing, times any other NaN; rows are added up in vectors.
    What the outputs come to is in the first row of ``nothing``.
    """
    for slot in range(changes.counts[0]):
        add_scaled_row(nothing, 0, changes.input_change, slot, _NONE, dimensions)
    for place in range(len(changes.place_change)):
        add_scaled_row(nothing, 0, changes.place_change, place, _NONE, dimensions)
    total = 0.0
    for column in range(dimensions):
        total += nothing[0, column]
    return total


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
        tile_space: of the window and the objective, overwritten.
        shape: `Shape`.
        changes: `Changes`, written.
        start: first token.
        stop: behind the last token.
        key: uint64, of this epoch.
        alpha: float32, the learning rate.
    """
    positions = space.positions
    first, last, count = fill_positions(
        text.ids, start, stop, text.keep_thresholds, key, shape.window, shape.least_reach, positions
    )
    slots, input_base = _fill_inputs(tables, space, changes, count, shape.dimensions)
    changes.counts[0] = slots
    draws = key, start * shape.pool
    rows = changes.output_rows
    outputs = fill_outputs(
        text.objective, tables.outputs, space, tile_space, rows, first, last, draws
    )
    changes.counts[1] = outputs
    begin_outputs(text.objective, tables.outputs, rows, changes.output_change, outputs)
    changes.place_change[:] = 0
    block = Block(
        input_base,
        space.base_rows,
        changes.input_change,
        tables.outputs,
        changes.output_rows,
        changes.output_change,
        space.noise_slots,
        tables.places,
        changes.place_change,
        count,
        changes.input_words,
        text.shares,
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
    nothing = space.input_base  # no tile needs the vectors at the start of the round any more
    nothing[0] = 0
    end_outputs(text.objective, tables.outputs, rows, changes.output_change, outputs, nothing)
    changes.loss[0] = loss + _nothing_or_nan(changes, nothing, shape.dimensions)
    changes.loss[1] = examples
