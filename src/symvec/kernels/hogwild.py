"""Blocks whose changes go into the tables at once, without waiting for other threads.

Threads take the blocks as they come, train each against the tables as they find them, and add its
changes without a lock: now and then one is lost, or another thread reads half of it, which
training does not mind (Recht et al. 2011, "Hogwild!"). It is faster than
`symvec.kernels.rounds`, most of all where words share rows; with several threads no two runs are
the same. The twin of one thread is `symvec.kernels.reference.rounds` with rounds of one block.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double2, Ids64
from symvec.kernels.blocks import AlgorithmSpace, BlockSpace, Changes, Tables, Text, train_block
from symvec.kernels.compiling import Scalar, kernel, merged
from symvec.kernels.random import draw
from symvec.kernels.rounds import AHEAD, Schedule, Touches, is_free
from symvec.kernels.threads import NEXT_BLOCK, ROUND, STOP_ASKED, atomic_add, atomic_load
from symvec.kernels.tile_space import Shape
from symvec.kernels.tiles import add_scaled_row, prefetch_row


@merged
def _add_inputs(tables: Tables, own: Changes, touches: Touches, dimensions: Scalar) -> None:
    """Add a block's changes to the rows of its words; those of shared rows have a scale."""
    offsets, row_ids = tables.row_offsets, tables.row_ids
    words, count = own.input_words, own.counts[0]
    shared = len(touches.row_scales) > 0
    for slot in range(count):
        if slot + AHEAD < count:
            ahead = words[slot + AHEAD]
            for at in range(offsets[ahead], offsets[ahead + 1]):
                prefetch_row(tables.inputs, row_ids[at], dimensions)
        for at in range(offsets[words[slot]], offsets[words[slot] + 1]):
            row = row_ids[at]
            if not is_free(row, touches):
                continue
            scale = touches.row_scales[at] if shared else np.float32(1)
            add_scaled_row(tables.inputs, row, own.input_change, slot, scale, dimensions)


@merged
def _add_outputs(tables: Tables, own: Changes, dimensions: Scalar) -> None:
    rows, count, whole = own.output_rows, own.counts[1], np.float32(1)
    for slot in range(count):
        row = rows[slot]
        prefetch_row(tables.outputs, rows[min(slot + AHEAD, count - 1)], dimensions)
        add_scaled_row(tables.outputs, row, own.output_change, slot, whole, dimensions)
    for place in range(len(tables.places)):
        add_scaled_row(tables.places, place, own.place_change, place, whole, dimensions)


@kernel
def train_hogwild(
    thread: int,
    threads: int,  # noqa: ARG001 - as train_rounds
    control: Ids64,
    tables: Tables,
    text: Text,
    spaces: tuple[BlockSpace, AlgorithmSpace],
    shape: Shape,
    schedule: Schedule,
    changes: Changes,
    touches: Touches,
    totals: Double2,
) -> None:
    """Take part in the blocks of an epoch, until its end or until somebody asks to stop.

    A block whose loss or whose changes are not finite is not added, and the last one.

    Args:
        thread: number of this thread, from 0.
        threads: not used.
        control: (CONTROL_SIZE,) int64, as for ``train_rounds``; a round is a block here, and
            ``control[ROUND]`` is right when all threads have ended.
        tables: `Tables`, trained in place.
        text: `Text`.
        spaces: (`BlockSpace`, space of a tile) of this thread.
        shape: `Shape`.
        schedule: `Schedule`.
        changes: `Changes` with a leading axis: one for each thread.
        touches: `Touches`; only the scales of shared rows and what is frozen are read.
        totals: (threads, 2) float64, the thread's row is added to: loss, examples.
    """
    key = draw(np.uint64(schedule.seed), schedule.epoch)
    tokens, block_tokens = len(text.ids), schedule.bounds[1]
    blocks = min((tokens + block_tokens - 1) // block_tokens, schedule.stop_round)
    own = Changes(
        changes.input_words[thread],
        changes.input_change[thread],
        changes.output_rows[thread],
        changes.output_change[thread],
        changes.place_change[thread],
        changes.counts[thread],
        changes.loss[thread],
    )
    total = totals[thread]
    while True:
        block = schedule.first_round + atomic_add(control, NEXT_BLOCK, 1)
        if block >= blocks:
            return
        begin = block * block_tokens
        progress = (schedule.epoch + begin / tokens) / schedule.epochs
        alpha = schedule.start_alpha + (schedule.end_alpha - schedule.start_alpha) * progress
        end = min(begin + block_tokens, tokens)
        train_block(
            tables, text, spaces[0], spaces[1], shape, own, begin, end, key, np.float32(alpha)
        )
        total += own.loss
        atomic_add(control, ROUND, 1)
        if not np.isfinite(own.loss[0]):
            atomic_add(control, STOP_ASKED, 1)
            return
        _add_inputs(tables, own, touches, shape.dimensions)
        _add_outputs(tables, own, shape.dimensions)
        if atomic_load(control, STOP_ASKED):
            return
