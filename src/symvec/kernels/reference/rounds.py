"""What `symvec.kernels.rounds` computes, with dictionaries for the slots.

It trains an epoch: rounds of blocks of tiles, in float64, from the same random numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from symvec.arrays import Double1, Double2, Float1, Float2, Ids64
from symvec.kernels.blocks import Tables, Text
from symvec.kernels.noise import AliasTable
from symvec.kernels.reference.noise import draw_noise
from symvec.kernels.reference.objectives import TileResult, TileVectors, TileWindows
from symvec.kernels.reference.positions import (
    Window,
    block_tokens,
    corpus_windows,
    kept_sentences,
)
from symvec.kernels.reference.random import draw
from symvec.kernels.rounds import Schedule, Touches
from symvec.kernels.tile_space import Shape, Shares

TrainTile: TypeAlias = Callable[[TileVectors, TileWindows, float], TileResult]
_NOISE_STREAM = 0x5851F42D4C957F2D


class BlockChanges(NamedTuple):
    """What a block changes; a word it touches has an entry, be it zero."""

    inputs: dict[int, Double1]  # by word id
    outputs: dict[int, Double1]
    places: Double2
    loss: float
    examples: int


class Epoch(NamedTuple):
    """What is trained in an epoch, and its draws: which tokens are kept, and their windows."""

    text: Text
    shape: Shape
    schedule: Schedule
    key: int
    kept: list[int]
    windows: dict[int, Window]  # by the token that is the centre
    weighted: int  # how many of a vector's numbers its place weighs


def draw_epoch(text: Text, shape: Shape, schedule: Schedule, weighted: int = 0) -> Epoch:
    """Return the epoch that the schedule tells of."""
    key = draw(schedule.seed, schedule.epoch)
    sentences = kept_sentences(text.ids, text.keep_thresholds, key)
    kept = [token for sentence in sentences for token in sentence]
    windows = corpus_windows(sentences, key, shape.window)
    return Epoch(
        text, shape, schedule, key, kept, {window.centre: window for window in windows}, weighted
    )


TrainBlock: TypeAlias = Callable[[Tables, Epoch, range, float], BlockChanges]


def _blocks(schedule: Schedule, start: int, tokens: int) -> list[range]:
    """Return the tokens of each block of the round that starts at a token."""
    bounds = [min(start + int(bound), tokens) for bound in schedule.bounds]
    return [range(*ends) for ends in pairwise(bounds) if ends[0] < ends[1]]


def noise_words(epoch: Epoch, start: int) -> list[int]:
    """Return the pool of the block that starts at a token."""
    pool, key = epoch.shape.pool, epoch.key ^ _NOISE_STREAM
    noise = cast(AliasTable, epoch.text.objective)
    return [draw_noise(noise, key, start * pool + n) for n in range(pool)]


class Block(NamedTuple):
    """A block at hand: its words, and what it has changed so far."""

    words: dict[int, int]  # by token, in the order of the text
    centres: list[int]  # tokens
    inputs: dict[int, Double1]  # changes by word
    places: Double2  # changes

    def word_vectors(self, tables: Tables) -> Double2:
        """Return the inputs of the tokens."""
        return np.array([_mean(tables, word) + self.inputs[word] for word in self.words.values()])

    def windows(
        self, epoch: Epoch, centres: list[int], is_own: npt.NDArray[np.bool_]
    ) -> TileWindows:
        """Return the windows of a tile of these centres."""
        tokens, window = list(self.words), epoch.shape.window
        contexts = [[tokens.index(t) for t in epoch.windows[token].contexts] for token in centres]
        away = [
            [context - tokens.index(token) for context in own]
            for token, own in zip(centres, contexts, strict=True)
        ]
        places = [[a + window if a < 0 else a + window - 1 for a in own] for own in away]
        return TileWindows(contexts, is_own, epoch.shape.negative, places, epoch.weighted)

    def add(self, changes: TileVectors, shares: Shares) -> None:
        """Add what a tile changes."""
        _add(self.inputs, self.words.values(), changes.inputs, shares.inputs)
        self.places[:] += changes.places


def read_block(tables: Tables, epoch: Epoch, tokens: range) -> Block:
    """Return the block of these tokens, nothing of it changed."""
    ids, window = epoch.text.ids, epoch.shape.window
    before, centres, after = block_tokens(ids, epoch.kept, tokens.start, tokens.stop, window)
    words = {token: int(ids[token]) for token in (*before, *centres, *after)}
    inputs = {word: np.zeros(tables.inputs.shape[1]) for word in words.values()}
    return Block(words, centres, inputs, np.zeros(tables.places.shape))


def train_block(
    tables: Tables, epoch: Epoch, tokens: range, alpha: float, *, train_tile: TrainTile
) -> BlockChanges:
    """Train the block of these tokens, tile by tile; the tables stay."""
    shape, block = epoch.shape, read_block(tables, epoch, tokens)
    pool = noise_words(epoch, tokens.start)
    touched = [*(block.words[token] for token in block.centres), *pool]
    outputs = {word: np.zeros(tables.outputs.shape[1]) for word in touched}
    loss, examples = 0.0, 0
    for tile, first in enumerate(range(0, len(block.centres), shape.centres)):
        own = block.centres[first : first + shape.centres]
        noise = [pool[(tile * shape.noise + n) % shape.pool] for n in range(shape.noise)]
        centre_words = [block.words[token] for token in own]
        vectors = TileVectors(
            block.word_vectors(tables),
            np.array([tables.outputs[word] + outputs[word] for word in centre_words]),
            np.array([tables.outputs[word] + outputs[word] for word in noise]),
            tables.places + block.places,
        )
        windows = block.windows(epoch, own, np.equal.outer(centre_words, noise))
        result = train_tile(vectors, windows, alpha)
        loss, examples = loss + result.loss, examples + result.examples
        shares = epoch.text.shares
        block.add(result.changes, shares)
        _add(outputs, centre_words, result.changes.centres, shares.outputs)
        _add(outputs, noise, shares.noise * result.changes.noise)
    return BlockChanges(block.inputs, outputs, block.places, loss, examples)


def train_epoch(
    tables: Tables, epoch: Epoch, train_block: TrainBlock, touches: Touches
) -> tuple[float, int]:
    """Train the tables in place; return the summed loss and the number of examples.

    Args:
        tables: trained.
        epoch: what on.
        train_block: how.
        touches: how the changes of several blocks are scaled; nothing is counted there.
    """
    schedule, tokens = epoch.schedule, len(epoch.text.ids)
    loss, examples = 0.0, 0
    round_tokens = int(schedule.bounds[-1])
    last = min(tokens, schedule.stop_round * round_tokens)
    for start in range(schedule.first_round * round_tokens, last, round_tokens):
        progress = (schedule.epoch + start / tokens) / schedule.epochs
        alpha = schedule.start_alpha + (schedule.end_alpha - schedule.start_alpha) * progress
        blocks = _blocks(schedule, start, tokens)
        changes = [train_block(tables, epoch, block, alpha) for block in blocks]
        inputs = [_by_row(tables, change.inputs, touches.frozen) for change in changes]
        outputs = [_listed(change.outputs) for change in changes]
        _apply(tables.inputs, inputs, lambda row, count: _input_scale(tables, touches, row, count))
        _apply(tables.outputs, outputs, lambda row, count: _output_scale(touches, row, count))
        of_places = sum(change.places for change in changes)
        tables.places[:] += touches.place_scales[len(changes)] * of_places
        loss += sum(change.loss for change in changes)
        examples += sum(change.examples for change in changes)
    return loss, examples


_RowChanges: TypeAlias = dict[int, list[Double1]]


def _rows(tables: Tables, word: int) -> Ids64:
    return tables.row_ids[tables.row_offsets[word] : tables.row_offsets[word + 1]]


def _mean(tables: Tables, word: int) -> Double1:
    mean: Double1 = tables.inputs[_rows(tables, word)].mean(axis=0, dtype=np.float64)
    return mean


def _add(
    changes: dict[int, Double1], words: Iterable[int], more: Double2, shares: Float1 | None = None
) -> None:
    for word, change in zip(words, more, strict=True):
        changes[word] += (shares[word] if shares is not None and len(shares) else 1) * change


def _by_row(
    tables: Tables, changes: dict[int, Double1], frozen: npt.NDArray[np.bool_]
) -> _RowChanges:
    """Return what each row gets from the words it is part of; one that is frozen gets nothing."""
    rows: _RowChanges = defaultdict(list)
    for word, change in changes.items():
        for row in _rows(tables, word):
            if not (len(frozen) and frozen[row]):
                rows[int(row)].append(change)
    return rows


def _listed(changes: dict[int, Double1]) -> _RowChanges:
    return {row: [change] for row, change in changes.items()}


def _input_scale(tables: Tables, touches: Touches, row: int, count: int) -> float:
    if len(touches.row_scales):  # settled before, the same for each word that has the row
        return float(touches.row_scales[tables.row_ids == row][0])
    return float(touches.input_scales[touches.input_classes[row], count])


def _output_scale(touches: Touches, row: int, count: int) -> float:
    return float(touches.output_scales[touches.output_classes[row], count])


def _apply(table: Float2, blocks: list[_RowChanges], scale: Callable[[int, int], float]) -> None:
    """Add the changes; a row that several blocks touch gets a share of their sum."""
    for row in {row for changes in blocks for row in changes}:
        touching = [changes[row] for changes in blocks if row in changes]
        total = sum(change for changes in touching for change in changes)
        table[row] += scale(row, len(touching)) * total
