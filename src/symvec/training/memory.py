"""The arrays that training works in, all made before it starts."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import Float1, Float2, RaggedRows
from symvec.kernels.blocks import AlgorithmSpace, BlockSpace, Changes, OwnRows, Tables
from symvec.kernels.cbow import CbowSpace
from symvec.kernels.contexts import EvenContexts, PlacedContexts
from symvec.kernels.hierarchical_cbow import HierarchicalCbowSpace
from symvec.kernels.hierarchical_skipgram import HierarchicalSkipgramSpace
from symvec.kernels.paths import PIECE, PathSpace, Tree
from symvec.kernels.positions import Positions
from symvec.kernels.rounds import ROWS_SHIFT, Touches
from symvec.kernels.skipgram import SkipgramSpace
from symvec.kernels.slots import SlotTable
from symvec.kernels.tile_space import Shape, TileSpace
from symvec.training.damping import Round, even_scales
from symvec.training.plan import Plan, up_to_multiple
from symvec.training.settings import Word2VecSettings

_FLOATS_A_CACHE_LINE: Final = 16
_BYTES_A_CACHE_LINE: Final = 64
_ROWS_DRAWN_AT_ONCE: Final = 4096
# A byte names the thread that changes a row: those of two million rows stay in the first cache.
_MOST_OWNERS: Final = 256


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


def tables(
    rows: RaggedRows,
    row_count: int,
    settings: Word2VecSettings,
    place_count: int = 0,
    threads: int = 1,
) -> Tables:
    """Return the tables as training starts: small random inputs, zeros as outputs.

    Inputs are uniform in +-1 / vector_size, as in gensim and fastText: from word2vec.c's half of
    that, small corpora take longer to get going. Vectors of places begin as ones: CBOW without
    weights, as in the implementation of arXiv:2104.09691.
    """
    size = settings.vector_size
    inputs, places = matrix(row_count, size), matrix(place_count, size)
    fill_inputs(inputs, settings, threads)
    fill_places(places, settings)
    return Tables(inputs, matrix(len(rows), size), places, rows.row_ids, rows.offsets)


def fill_places(places: Float2, settings: Word2VecSettings) -> None:
    """Set the vectors of places to what they are when training starts."""
    places[:, : settings.vector_size] = 1


def fill_inputs(inputs: Float2, settings: Word2VecSettings, threads: int = 1) -> None:
    """Draw the inputs as they are when training starts, the same at any number of threads."""
    size = settings.vector_size

    def fill(start: int) -> None:
        # Each step of the generator makes eight of these numbers.
        random = np.random.Generator(np.random.Philox(settings.seed).advance(start * size // 8))
        rows_at_hand = inputs[start : start + _ROWS_DRAWN_AT_ONCE]
        drawn = random.random((len(rows_at_hand), size), dtype=np.float32)
        drawn *= 2
        drawn -= 1
        np.divide(drawn, np.float32(size), out=rows_at_hand[:, :size])
        rows_at_hand[:, size:] = 0  # where numbers grew without bound these are no numbers, either

    with ThreadPoolExecutor(threads) as pool:
        deque(pool.map(fill, range(0, len(inputs), _ROWS_DRAWN_AT_ONCE)), maxlen=0)


def narrowed(wide: Float2, size: int) -> Float2:
    """Return the first ``size`` numbers of each row, in the memory of the wider rows.

    Args:
        wide: as ``matrix`` makes it; it is used up: a copy would double what training needs.
        size: numbers of a row.

    Example:
        >>> wide = matrix(3, 2)
        >>> wide[:, :2] = [[0, 1], [2, 3], [4, 5]]
        >>> narrowed(wide, 2).tolist()
        [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
    """
    rows, numbers = len(wide), wide.reshape(-1)
    narrow: Float2 = numbers[: rows * size].reshape(rows, size)
    for start in range(0, rows, _ROWS_DRAWN_AT_ONCE):  # upwards: what is written was read before
        narrow[start : start + _ROWS_DRAWN_AT_ONCE] = wide[
            start : start + _ROWS_DRAWN_AT_ONCE, :size
        ]
    return narrow


def changes(plan: Plan, blocks: int) -> Changes:
    """Return the records of what so many blocks change."""
    shape = plan.shape
    inputs, outputs = _most_input_slots(plan), _most_output_slots(plan)
    return Changes(
        np.zeros((blocks, inputs), np.int32),
        matrix(blocks, inputs, shape.dimensions),
        np.zeros((blocks, outputs), np.int32),
        matrix(blocks, outputs, shape.dimensions),
        matrix(blocks, plan.places, shape.dimensions),
        np.zeros((blocks, 2), np.int64),
        np.zeros((blocks, 2)),
    )


def touches(
    row_count: int,
    plan: Plan,
    frozen: npt.NDArray[np.bool_] | None = None,
    threads: int = 1,
) -> Touches:
    """Return the counters of a round.

    Args:
        row_count: rows of the inputs.
        plan: how they are trained.
        frozen: (row_count,) bool, rows that stay as they are; None: none does.
        threads: that share the rows out among them.
    """
    words = len(plan.output_damping.classes)
    return Touches(
        _counters(row_count),
        _counters(words),
        plan.input_damping.classes,
        plan.input_damping.scales,
        plan.output_damping.classes,
        plan.output_damping.scales,
        even_scales(Round(plan.blocks, plan.pieces)).astype(np.float32),
        plan.row_scales,
        np.zeros(0, np.bool_) if frozen is None else frozen,
        _owners(max(row_count, words, plan.places), threads),
    )


def _owners(rows: int, threads: int) -> npt.NDArray[np.uint8]:
    """Return which thread changes each group of rows.

    They are dealt out to and fro, as the rows of words come by falling count: who has the first
    group, which each block of a round changes, has the later one of the next two.
    """
    threads = min(threads, _MOST_OWNERS)
    laps, places = np.divmod(np.arange((rows >> ROWS_SHIFT) + 1), threads)
    owners: npt.NDArray[np.uint8] = np.where(laps % 2, threads - 1 - places, places).astype(
        np.uint8
    )
    return owners


def block_space(plan: Plan) -> BlockSpace:
    """Return what a thread needs to train a block."""
    positions = _most_input_slots(plan)
    slots = max(positions, _most_output_slots(plan))
    size = 1 << (2 * slots).bit_length()
    return BlockSpace(
        Positions(*(np.zeros(positions, np.int32) for _ in Positions._fields)),
        SlotTable(np.zeros(size, np.int32), np.zeros(size, np.int32)),
        matrix(positions, plan.shape.dimensions),
        np.zeros(positions, np.int64),
        np.zeros(plan.shape.pool, np.int32),
        _own_rows(1 + slots * plan.records),
    )


def _own_rows(most: int) -> OwnRows:
    return OwnRows(
        np.zeros(most, np.int64),
        np.zeros(most, np.int32),
        np.zeros(most, np.int32),
        np.zeros(most, np.float32),
    )


def _counters(count: int) -> npt.NDArray[np.uint8]:
    """Return zeros that start on a cache line."""
    counters = np.zeros(count + _BYTES_A_CACHE_LINE, np.uint8)
    start = -counters.ctypes.data % _BYTES_A_CACHE_LINE
    return counters[start : start + count]


def tile_space(plan: Plan, settings: Word2VecSettings) -> AlgorithmSpace:
    """Return what a thread needs to train a tile; its type tells window and objective."""
    shape = plan.shape
    if isinstance(plan.objective, Tree):
        paths = _path_space(plan, plan.objective)
        if settings.algorithm == "cbow":
            return HierarchicalCbowSpace(paths, _cbow_space(plan, settings))
        vectors = (matrix(shape.positions, shape.dimensions) for _ in range(2))
        return HierarchicalSkipgramSpace(paths, *vectors)
    if settings.algorithm == "cbow":
        return _cbow_space(plan, settings)
    return SkipgramSpace(
        _tile(shape),
        matrix(shape.dimensions, shape.positions),
        matrix(shape.centres, shape.reach),
        np.zeros(shape.positions + 1, np.float32),
    )


def _cbow_space(plan: Plan, settings: Word2VecSettings) -> CbowSpace:
    shape = plan.shape
    return CbowSpace(
        _tile(shape),
        matrix(shape.centres, shape.dimensions),
        matrix(shape.dimensions, shape.centres),
        matrix(shape.centres, shape.dimensions),
        _contexts(plan),
        matrix(1, shape.centres),
        matrix(1, shape.centres),
        settings.cbow_update == "word2vec",
    )


def _contexts(plan: Plan) -> EvenContexts | PlacedContexts:
    spread = matrix(plan.shape.centres, plan.shape.reach)
    if not plan.weighted:
        return EvenContexts(spread)
    vectors, changes = (matrix(plan.places, plan.shape.dimensions) for _ in range(2))
    return PlacedContexts(spread, vectors, changes, plan.weighted)


def _path_space(plan: Plan, tree: Tree) -> PathSpace:
    shape, nodes = plan.shape, plan.block_tokens * _longest_path(tree)
    scores = matrix(PIECE, shape.reach)
    reach = scores.shape[1]
    return PathSpace(
        np.zeros(_most_input_slots(plan) + 1, np.int64),
        np.zeros(nodes, np.int32),
        np.zeros(nodes, np.float32),
        plan.recorded,
        np.zeros(reach, np.int32),
        scores,
        np.zeros(reach, np.float32),
        np.zeros(reach),
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
    )


def _most_input_slots(plan: Plan) -> int:
    return plan.block_tokens + 2 * plan.shape.window


def _longest_path(tree: Tree) -> int:
    return int(np.diff(tree.offsets).max(initial=0))


def _most_output_slots(plan: Plan) -> int:
    if isinstance(plan.objective, Tree):
        words = len(plan.objective.offsets) - 1
        return min(plan.block_tokens * _longest_path(plan.objective), words)
    return plan.block_tokens + plan.shape.pool
