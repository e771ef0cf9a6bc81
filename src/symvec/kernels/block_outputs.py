"""The outputs of a block, by objective: the words of negative sampling, or nodes of a tree.

Of words a block keeps what it changes; of nodes, which move after each centre, where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symvec.arrays import Float2, Ids
from symvec.kernels.choosing import chosen_by_type
from symvec.kernels.compiling import Scalar, inner_kernel
from symvec.kernels.noise import AliasTable, draw_noise
from symvec.kernels.paths import Tree, fill_paths
from symvec.kernels.slots import clear_slots, find_slot
from symvec.kernels.tiles import add_scaled_row, copy_row, prefetch_row

if TYPE_CHECKING:
    from symvec.kernels.blocks import AlgorithmSpace, BlockSpace

_ONE, _NONE = np.float32(1), np.float32(0)
_NOISE_STREAM = np.uint64(0x5851F42D4C957F2D)  # parts the noise words' draws from the positions'


@inner_kernel
def _fill_words(
    noise: AliasTable,
    table: Float2,
    space: BlockSpace,
    tile_space: AlgorithmSpace,  # noqa: ARG001 - as _fill_nodes
    words: Ids,
    first: Scalar,
    stop: Scalar,
    draws: tuple[Scalar, Scalar],
) -> Scalar:
    """Give each centre and each noise word a slot; return how many there are.

    Args:
        noise: what the noise words are drawn from.
        table: of the outputs; only asked for.
        space: its slots are written.
        tile_space: not used.
        words: written, the word of each slot.
        first: first centre, a position.
        stop: behind the last centre.
        draws: key and counter of the noise words.
    """
    positions = space.positions
    clear_slots(space.slot_table)
    count = 0
    for p in range(first, stop):
        slot = find_slot(space.slot_table, positions.word_ids[p], words, count)
        positions.output_slots[p] = slot
        if slot == count:
            count += 1
            prefetch_row(table, words[slot], table.shape[1])
    for n in range(len(space.noise_slots)):
        word_id = draw_noise(noise, draws[0] ^ _NOISE_STREAM, draws[1] + n)
        slot = find_slot(space.slot_table, word_id, words, count)
        space.noise_slots[n] = slot
        if slot == count:
            count += 1
            prefetch_row(table, words[slot], table.shape[1])
    return count


@inner_kernel
def _fill_nodes(
    tree: Tree,
    table: Float2,
    space: BlockSpace,
    tile_space: AlgorithmSpace,
    nodes: Ids,
    first: Scalar,
    stop: Scalar,
    draws: tuple[Scalar, Scalar],  # noqa: ARG001 - as _fill_words
) -> Scalar:
    """Give each node on the way to a centre a slot; otherwise as `_fill_words`."""
    paths = tile_space.paths
    return fill_paths(paths, tree, table, space.slot_table, nodes, space.positions, first, stop)


fill_outputs = chosen_by_type({AliasTable: _fill_words, Tree: _fill_nodes})
"""Give each output of a block a slot; return how many there are."""


@inner_kernel
def _begin_words(
    noise: AliasTable,  # noqa: ARG001 - chosen by its type
    table: Float2,  # noqa: ARG001 - as _begin_nodes
    rows: Ids,  # noqa: ARG001 - as _begin_nodes
    change: Float2,
    count: Scalar,
) -> None:
    """Begin without changes."""
    for slot in range(count):
        own = change[slot]
        own[:] = 0


@inner_kernel
def _begin_nodes(
    tree: Tree,  # noqa: ARG001 - chosen by its type
    table: Float2,
    rows: Ids,
    change: Float2,
    count: Scalar,
) -> None:
    """Begin with the nodes' own vectors: they move after each centre."""
    for slot in range(count):
        copy_row(change, slot, table, rows[slot], table.shape[1])


begin_outputs = chosen_by_type({AliasTable: _begin_words, Tree: _begin_nodes})
"""Set the record of the outputs' changes to what it is before the first tile."""


@inner_kernel
def _end_words(
    noise: AliasTable,  # noqa: ARG001 - chosen by its type
    table: Float2,
    rows: Ids,  # noqa: ARG001 - as _end_nodes
    change: Float2,
    count: Scalar,
    nothing: Float2,
) -> None:
    """Add to ``nothing`` what is not finite of the changes."""
    for slot in range(count):
        add_scaled_row(nothing, 0, change, slot, _NONE, table.shape[1])


@inner_kernel
def _end_nodes(
    tree: Tree,  # noqa: ARG001 - chosen by its type
    table: Float2,
    rows: Ids,
    change: Float2,
    count: Scalar,
    nothing: Float2,
) -> None:
    """Leave of the nodes' vectors how far they have moved; otherwise as `_end_words`."""
    for slot in range(count):
        add_scaled_row(change, slot, table, rows[slot], -_ONE, table.shape[1])
        add_scaled_row(nothing, 0, change, slot, _NONE, table.shape[1])


end_outputs = chosen_by_type({AliasTable: _end_words, Tree: _end_nodes})
"""Leave the changes in their record behind the last tile, and tell whether they are finite."""
