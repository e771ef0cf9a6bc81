"""Paths through a binary tree: the outputs of hierarchical softmax.

The leaves of the tree are the words. The probability of word w for an input x is the product,
over the inner nodes n on the way from the root to the word, of sigmoid(t x . n), where t is 1 or
-1 by the side on which the way goes on: over all words it sums to 1. A node's vector is a row of
the output table. Sources: Morin, Bengio 2005, "Hierarchical probabilistic neural network language
model"; Mikolov et al. 2013, "Distributed representations of words and phrases", section 2.1.
"""

from __future__ import annotations

from typing import NamedTuple

from symvec.arrays import Double1, Float1, Float2, Ids, Ids64
from symvec.kernels.compiling import Scalar, merged
from symvec.kernels.logistic import sum_of_logarithms
from symvec.kernels.positions import Positions
from symvec.kernels.slots import SlotTable, clear_slots, find_slot
from symvec.kernels.tile_space import Block
from symvec.kernels.tiles import (
    LANES,
    SIDE,
    add_path_changes,
    logistic_gradient,
    prefetch_row,
    set_path_scores,
)

PIECE = 32
"""Nodes of a path that are trained at a time."""


class Tree(NamedTuple):
    """The way to each word, from the root on; paths lie one behind the other."""

    offsets: Ids64  # (words + 1,) where paths begin
    nodes: Ids  # inner nodes, the root is 0
    targets: Float1  # 1 or -1: the side on which the path leaves a node


class PathSpace(NamedTuple):
    """What a thread needs to train along the paths of a block's centres."""

    starts: Ids64  # (positions + 1,) where the path of a centre begins in the next two
    slots: Ids  # (positions * longest path,) output slots of nodes; ~n: node n of the table
    targets: Float1
    recorded: int  # nodes from this one on are moved in the table, without a record of changes
    contexts: Ids  # (reach,) rows of the inputs of a centre
    scores: Float2  # (PIECE, reach)
    marks: Float1  # (reach,) 1 for an input, 0 for what only fills up
    odds: Double1  # (reach,)


@merged
def fill_paths(
    paths: PathSpace,
    tree: Tree,
    output_table: Float2,
    slot_table: SlotTable,
    slot_rows: Ids,
    positions: Positions,
    first: Scalar,
    stop: Scalar,
) -> Scalar:
    """Give each node on the way to a centre a slot; return how many records there are."""
    clear_slots(slot_table)
    count = 0
    at = 0
    for p in range(first, stop):
        paths.starts[p] = at
        word_id = positions.word_ids[p]
        for step in range(tree.offsets[word_id], tree.offsets[word_id + 1]):
            node = tree.nodes[step]
            paths.targets[at] = tree.targets[step]
            if node >= paths.recorded:
                paths.slots[at] = ~node
                at += 1
                continue
            slot = find_slot(slot_table, node, slot_rows, count)
            paths.slots[at] = slot
            at += 1
            if slot == count:
                count += 1
                prefetch_row(output_table, node, output_table.shape[1])
    paths.starts[stop] = at
    return count


@merged
def _mark_contexts(paths: PathSpace, count: Scalar) -> None:
    """Mark the rows that ``paths.contexts`` lists, and fill up to whole vectors; ``count`` > 0."""
    contexts, marks = paths.contexts, paths.marks
    for column in range(_up_to_multiple(count, LANES)):
        marks[column] = column < count
        contexts[column] = contexts[min(column, count - 1)]


@merged
def train_path(
    paths: PathSpace,
    block: Block,
    centre: Scalar,
    inputs: Float2,
    changes: Float2,
    count: Scalar,
    alpha: Scalar,
    dimensions: Scalar,
) -> Scalar:
    """Train the nodes on the way to a centre with its inputs, and sum up what inputs change.

    Args:
        paths: `PathSpace`; its ``contexts`` list the rows of the inputs.
        block: its nodes move.
        centre: position in the block.
        inputs: (rows, dimensions).
        changes: (rows, dimensions), added to.
        count: how many inputs there are, 1 or more.
        alpha: float32, the learning rate.
        dimensions: floats a row.

    Returns:
        Summed loss.
    """
    nodes, table, slots, scores = block.output_change, block.output_table, paths.slots, paths.scores
    columns, filled = _up_to_multiple(count, SIDE), _up_to_multiple(count, LANES)
    even, behind = _up_to_multiple(count, 2), paths.starts[centre + 1]
    loss = 0.0
    _mark_contexts(paths, count)
    for start in range(paths.starts[centre], behind, PIECE):
        length = min(behind - start, PIECE)
        set_path_scores(
            nodes, table, slots, start, length, inputs, paths.contexts, scores, columns, dimensions
        )
        targets = paths.targets[start:]
        logistic_gradient(scores, paths.marks, targets, alpha, length, filled, paths.odds)
        loss += sum_of_logarithms(paths.odds, count)
        for row in range(length, _up_to_multiple(length, SIDE)):
            scores[row, :filled] = 0
        add_path_changes(
            nodes,
            table,
            slots,
            start,
            length,
            inputs,
            paths.contexts,
            changes,
            scores,
            even,
            dimensions,
        )
    return loss


@merged
def _up_to_multiple(number: Scalar, of: Scalar) -> Scalar:
    """Return the least multiple that is not smaller."""
    return (number + of - 1) // of * of
