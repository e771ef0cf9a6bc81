"""A tile of random words, as the kernels take it and as the twins do."""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from symvec.kernels.blocks import train_tile
from symvec.kernels.compiling import kernel
from symvec.kernels.positions import Positions
from symvec.kernels.reference.objectives import TileVectors, TileWindows
from symvec.kernels.tile_space import ALL_THE_WAY, Block, Shape
from symvec.training import memory
from symvec.training.plan import tile_shape
from symvec.training.settings import Word2VecSettings

WORDS = 40


class TileCase(NamedTuple):
    space: Any
    shape: Shape
    block: Block
    positions: Positions
    begin: int
    stop: int
    noise_start: int
    weighted: int = 0


@kernel
def _train(space, shape, block, positions, begin, stop, noise_start, alpha):
    return train_tile(space, shape, block, positions, begin, stop, noise_start, alpha)


def random_tile(
    seed, settings=None, *, words=WORDS, sentence=9, before=None, centres=None, weighted=0
):
    """Return a tile of words drawn from so many, in sentences of up to so many."""
    settings = settings or Word2VecSettings()
    random = np.random.default_rng(seed)
    shape = tile_shape(settings)
    begin = shape.window + 3 if before is None else before
    stop = begin + (shape.centres if centres is None else centres)
    count = stop + int(random.integers(0, 2 * shape.window))
    word_ids = random.integers(0, words, count).astype(np.int32)
    slots = random.permutation(words).astype(np.int32)
    first, last = _windows(random, shape.window, sentence, begin, stop, count)
    positions = Positions(word_ids, slots[word_ids], slots[word_ids], first, last)
    block = Block(
        _normal(random, words + 5, shape.dimensions),
        random.permutation(words + 5)[:words],
        _normal(random, words, shape.dimensions),
        _normal(random, words, shape.dimensions),
        np.argsort(slots).astype(np.int32),
        _normal(random, words, shape.dimensions),
        slots[random.integers(0, words, shape.pool)],
        _normal(random, 2 * shape.window, shape.dimensions),
        _normal(random, 2 * shape.window, shape.dimensions),
        count,
        np.argsort(slots).astype(np.int32),
        ALL_THE_WAY,
    )
    places = 2 * shape.window
    plan = SimpleNamespace(shape=shape, objective=None, weighted=weighted, places=places)
    space = memory.tile_space(plan, settings)
    noise_start = int(random.integers(0, shape.pool))
    return TileCase(space, shape, block, positions, begin, stop, noise_start, weighted)


def train_compiled(case, alpha):
    """Return loss, examples and the changes of inputs and outputs, by slot, and of places."""
    block = case.block
    totals = block.input_change, block.output_change, block.place_change
    before = [total.copy() for total in totals]
    loss, examples = _train(*case[:7], np.float32(alpha))
    changes = [total - start for total, start in zip(totals, before, strict=True)]
    for total, start in zip(totals, before, strict=True):
        total[:] = start
    return float(loss), int(examples), *changes


def train_twin(case, twin, alpha):
    """Return what `train_compiled` does."""
    result = twin(*as_matrices(case), alpha)
    return result.loss, result.examples, *by_slot(case, result.changes)


def as_matrices(case):
    """Return the tile as the twins take it."""
    block, positions = case.block, case.positions
    base = block.input_base[block.base_rows].astype(np.float64)
    inputs = base + block.input_change
    outputs = block.output_table[block.output_rows].astype(np.float64) + block.output_change
    centres, noise = _output_slots(case)
    places = block.place_table.astype(np.float64) + block.place_change
    vectors = TileVectors(inputs[positions.input_slots], outputs[centres], outputs[noise], places)
    is_own = np.equal.outer(centres, noise)
    return vectors, TileWindows(*contexts_of(case, is_own), case.weighted)


def contexts_of(case, is_own):
    """Return the first fields of `TileWindows`."""
    positions, window = case.positions, case.shape.window
    contexts, places = [], []
    for c in range(case.begin, case.stop):
        contexts.append([p for p in range(positions.first[c], positions.stop[c]) if p != c])
        places.append([p - c + window - (p > c) for p in contexts[-1]])
    return contexts, is_own, case.shape.negative, places


def by_slot(case, changes):
    """Return the changes of the inputs and of the outputs by slot, summed, and of places."""
    inputs = np.zeros(case.block.input_change.shape)
    outputs = np.zeros(case.block.output_change.shape)
    centres, noise = _output_slots(case)
    np.add.at(inputs, case.positions.input_slots, changes.inputs)
    np.add.at(outputs, centres, changes.centres)
    np.add.at(outputs, noise, changes.noise)
    return inputs, outputs, changes.places


def numeric_gradient(loss, vectors, step=1e-5):
    """Return the gradient of ``loss(vectors)`` by central differences."""
    gradient = TileVectors(*(np.zeros_like(matrix) for matrix in vectors))
    for matrix, slope in zip(vectors, gradient, strict=True):
        for place in np.ndindex(matrix.shape):
            was = matrix[place]
            matrix[place] = was + step
            above = loss(vectors)
            matrix[place] = was - step
            slope[place] = (above - loss(vectors)) / (2 * step)
            matrix[place] = was
    return gradient


def _output_slots(case):
    shape = case.shape
    centres = case.positions.output_slots[case.begin : case.stop]
    places = (case.noise_start + np.arange(shape.noise)) % shape.pool
    return centres, case.block.noise_slots[places]


def _windows(random, window, sentence, begin, stop, count):
    first = np.arange(count, dtype=np.int32)
    last = first.copy()
    ends = np.cumsum(random.integers(1, sentence + 1, count))
    for centre in range(begin, stop):
        end = min(ends[np.searchsorted(ends, centre, side="right")], count)
        start = ends[np.searchsorted(ends, centre, side="right") - 1] if centre >= ends[0] else 0
        reach = int(random.integers(1, window + 1))
        first[centre], last[centre] = max(centre - reach, start), min(centre + reach + 1, end)
    return first, last


def _normal(random, rows, columns):
    matrix = memory.matrix(rows, columns)
    matrix[:, :columns] = random.normal(0, 0.3, (rows, columns))
    return matrix
