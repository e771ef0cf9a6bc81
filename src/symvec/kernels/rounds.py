"""Rounds of blocks: the same bytes at any number of threads.

A round is a fixed number of blocks, the last of them short: who is done first finds little left
to wait for. Each is trained against the tables as they stood at the start of the round, by
whichever thread is free; then the changes are added in the order of the blocks, each thread taking
its own share of the rows. Where several blocks of a round change one row, the changes are scaled:
their plain sum would be too long a step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from symvec.arrays import Double2, Float1, Float2, Ids64
from symvec.kernels.blocks import (
    AlgorithmSpace,
    BlockSpace,
    Changes,
    OwnRows,
    Tables,
    Text,
    train_block,
)
from symvec.kernels.compiling import Scalar, kernel, merged
from symvec.kernels.random import draw
from symvec.kernels.threads import (
    NEXT_BLOCK,
    ROUND,
    STOP_AGREED,
    STOP_ASKED,
    atomic_add,
    atomic_load,
    wait_for_all,
)
from symvec.kernels.tile_space import Shape
from symvec.kernels.tiles import add_scaled_row, prefetch_row

AHEAD = 4  # slots: time for a row to come from memory
# Counters of 64 rows lie in one cache line: two threads that write to one wait for each other.
ROWS_SHIFT = 6


class Schedule(NamedTuple):
    """Which part of the corpus is trained when, and at what rate."""

    bounds: Ids64  # (blocks + 1,) where those of a round begin and end, tokens from its start
    first_round: int  # of this epoch, counted from 0
    seed: int
    epoch: int  # counted from 0
    epochs: int
    start_alpha: float
    end_alpha: float
    stop_round: int = 1 << 40  # training leaves before it, if the epoch goes on so long


class Touches(NamedTuple):
    """Counters of the blocks that touch a row in the round at hand, 0 between rounds."""

    inputs: npt.NDArray[np.uint8]  # (rows of the input table,)
    outputs: npt.NDArray[np.uint8]  # (rows of the output table,)
    input_classes: npt.NDArray[np.uint8]  # (rows of the input table,) row of the next
    input_scales: Float2  # (classes, blocks + 1) by the blocks that touch a row
    output_classes: npt.NDArray[np.uint8]  # (rows of the output table,) row of the next
    output_scales: Float2  # (classes, blocks + 1)
    place_scales: Float1  # (blocks + 1,)
    row_scales: Float1  # of each of ``Tables.row_ids``, or none where each word is one row
    frozen: npt.NDArray[np.bool_]  # (rows of the input table,) rows that stay; (0,): none does
    owners: npt.NDArray[np.uint8]  # (groups of 64 rows of a table,) the thread that changes them


@merged
def _is_own(row: Scalar, touches: Touches, thread: Scalar) -> Scalar:
    """Return whether a row is in the share of this thread."""
    return touches.owners[row >> ROWS_SHIFT] == thread


@merged
def is_free(row: Scalar, touches: Touches) -> Scalar:
    """Return whether a row of the inputs may change."""
    return len(touches.frozen) == 0 or not touches.frozen[row]


@merged
def _is_changed(row: Scalar, touches: Touches, thread: Scalar) -> Scalar:
    """Return whether this thread changes a row of the inputs."""
    return _is_own(row, touches, thread) and is_free(row, touches)


@merged
def _add_listed(
    table: Float2, change: npt.NDArray[np.float32], own: OwnRows, count: Scalar, dimensions: Scalar
) -> None:
    """Add the listed changes to their rows, times their scales, in the order of the list."""
    for n in range(count):
        later = min(n + AHEAD, count - 1)
        prefetch_row(table, own.rows[later], dimensions)
        prefetch_row(change[own.blocks[later]], own.slots[later], dimensions)
        add_scaled_row(
            table, own.rows[n], change[own.blocks[n]], own.slots[n], own.scales[n], dimensions
        )


@merged
def _apply_shared_inputs(
    tables: Tables,
    changes: Changes,
    block_count: Scalar,
    touches: Touches,
    own: OwnRows,
    dimensions: Scalar,
    thread: Scalar,
) -> None:
    """Add the changes of words that share rows, each scaled as was settled before."""
    offsets, row_ids = tables.row_offsets, tables.row_ids
    count, room = 0, len(own.rows)
    for b in range(block_count):
        words = changes.input_words[b]
        for slot in range(changes.counts[b, 0]):
            for at in range(offsets[words[slot]], offsets[words[slot] + 1]):
                row = row_ids[at]
                own.rows[count], own.blocks[count], own.slots[count] = row, b, slot
                own.scales[count] = touches.row_scales[at]
                count += _is_changed(row, touches, thread)
                if count == room:
                    _add_listed(tables.inputs, changes.input_change, own, count, dimensions)
                    count = 0
    _add_listed(tables.inputs, changes.input_change, own, count, dimensions)


@merged
def _apply_inputs(
    tables: Tables,
    changes: Changes,
    block_count: Scalar,
    touches: Touches,
    own: OwnRows,
    dimensions: Scalar,
    thread: Scalar,
) -> None:
    """Add the changes of words of one row, each scaled by the blocks that change it."""
    count, touched = 0, touches.inputs
    for b in range(block_count):
        words = changes.input_words[b]
        for slot in range(changes.counts[b, 0]):
            row = tables.row_ids[tables.row_offsets[words[slot]]]
            own.rows[count], own.blocks[count], own.slots[count] = row, b, slot
            count += _is_changed(row, touches, thread)
    for n in range(count):
        touched[own.rows[n]] += 1
    for n in range(count):
        row = own.rows[n]
        own.scales[n] = touches.input_scales[touches.input_classes[row], touched[row]]
    for n in range(count):
        touched[own.rows[n]] = 0
    _add_listed(tables.inputs, changes.input_change, own, count, dimensions)


@merged
def _apply_outputs(
    tables: Tables,
    changes: Changes,
    block_count: Scalar,
    touches: Touches,
    own: OwnRows,
    dimensions: Scalar,
    thread: Scalar,
) -> None:
    count, touched = 0, touches.outputs
    for b in range(block_count):
        rows = changes.output_rows[b]
        for slot in range(changes.counts[b, 1]):
            own.rows[count], own.blocks[count], own.slots[count] = rows[slot], b, slot
            count += _is_own(rows[slot], touches, thread)
    for n in range(count):
        touched[own.rows[n]] += 1
    for n in range(count):
        row = own.rows[n]
        own.scales[n] = touches.output_scales[touches.output_classes[row], touched[row]]
    for n in range(count):
        touched[own.rows[n]] = 0
    _add_listed(tables.outputs, changes.output_change, own, count, dimensions)


@merged
def _apply_places(
    tables: Tables,
    changes: Changes,
    block_count: Scalar,
    touches: Touches,
    dimensions: Scalar,
    thread: Scalar,
) -> None:
    """Every block changes every place."""
    scale = touches.place_scales[block_count]
    for place in range(len(tables.places)):
        if _is_own(place, touches, thread):
            for b in range(block_count):
                change = changes.place_change[b]
                add_scaled_row(tables.places, place, change, place, scale, dimensions)


@merged
def _train_share(
    tables: Tables,
    text: Text,
    spaces: tuple[BlockSpace, AlgorithmSpace],
    shape: Shape,
    changes: Changes,
    schedule: Schedule,
    at: tuple[Scalar, Scalar, Scalar, Scalar],
    control: Ids64,
) -> None:
    """Train blocks of the round at ``at``: first token, blocks, key, alpha."""
    start, block_count, key, alpha = at
    while True:
        b = atomic_add(control, NEXT_BLOCK, 1)
        if b >= block_count:
            return
        begin = start + schedule.bounds[b]
        end = min(start + schedule.bounds[b + 1], len(text.ids))
        own = Changes(
            changes.input_words[b],
            changes.input_change[b],
            changes.output_rows[b],
            changes.output_change[b],
            changes.place_change[b],
            changes.counts[b],
            changes.loss[b],
        )
        train_block(tables, text, spaces[0], spaces[1], shape, own, begin, end, key, alpha)


@kernel
def train_rounds(
    thread: int,
    threads: int,
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
    """Take part in the rounds of an epoch, until its end or until somebody asks to stop.

    A round whose loss or whose changes are not finite is the last one, too.

    All ``threads`` call this at the same time, with the same arguments but for ``thread`` and
    ``spaces``.

    Args:
        thread: number of this thread, from 0.
        threads: how many take part.
        control: (CONTROL_SIZE,) int64; ``control[STOP_ASKED]`` may be set at any time from
            outside, ``control[ROUND]`` tells how many rounds of the epoch are done.
        tables: `Tables`, trained in place.
        text: `Text`.
        spaces: (`BlockSpace`, space of a tile) of this thread.
        shape: `Shape`.
        schedule: `Schedule`.
        changes: `Changes` with a leading axis: one for each block of a round.
        touches: `Touches`.
        totals: (threads, 2) float64, whose first row is added to: loss, examples.
    """
    key = draw(np.uint64(schedule.seed), schedule.epoch)
    blocks = len(changes.counts)
    round_tokens = schedule.bounds[blocks]
    tokens = len(text.ids)
    done = schedule.first_round
    total, own, dimensions = totals[0], spaces[0].own_rows, shape.dimensions
    last = min(tokens, schedule.stop_round * round_tokens)
    for start in range(done * round_tokens, last, round_tokens):
        progress = (schedule.epoch + start / tokens) / schedule.epochs
        alpha = schedule.start_alpha + (schedule.end_alpha - schedule.start_alpha) * progress
        block_count = 1
        while block_count < blocks and start + schedule.bounds[block_count] < tokens:
            block_count += 1
        at = (start, block_count, key, np.float32(alpha))
        _train_share(tables, text, spaces, shape, changes, schedule, at, control)
        wait_for_all(control, threads)
        if len(touches.row_scales) > 0:
            _apply_shared_inputs(tables, changes, block_count, touches, own, dimensions, thread)
        else:
            _apply_inputs(tables, changes, block_count, touches, own, dimensions, thread)
        _apply_outputs(tables, changes, block_count, touches, own, dimensions, thread)
        _apply_places(tables, changes, block_count, touches, dimensions, thread)
        done += 1
        if thread == 0:
            for b in range(block_count):
                total += changes.loss[b]
            control[NEXT_BLOCK] = 0
            control[ROUND] = done
            # Read once, by one thread: all must leave after the same round.
            control[STOP_AGREED] = atomic_load(control, STOP_ASKED)
            if not np.isfinite(total[0]):
                control[STOP_AGREED] = 1
        wait_for_all(control, threads)
        if control[STOP_AGREED]:
            return
