"""Paths through a binary tree: the outputs of hierarchical softmax.

The leaves of the tree are the words. The probability of word w for an input x is the product,
over the inner nodes n on the way from the root to the word, of sigmoid(t x . n), where t is 1 or
-1 by the side on which the way goes on: over all words it sums to 1. A node's vector is a row of
the output table. Sources: Morin, Bengio 2005, "Hierarchical probabilistic neural network language
model"; Mikolov et al. 2013, "Distributed representations of words and phrases", section 2.1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Double1, Float1, Float2, Ids, Ids64
from symvec.kernels.compiling import Scalar, merged
from symvec.kernels.emission import SIDE
from symvec.kernels.logistic import FACTORS, LOGIT_LIMIT, odds_of
from symvec.kernels.positions import Positions
from symvec.kernels.slots import SlotTable, clear_slots, find_slot
from symvec.kernels.tile_space import Block
from symvec.kernels.tiles import prefetch_row, sum_rows

PIECE = 32
"""Nodes of a path that are trained at a time."""
_ROWS_AT_ONCE, _LEAST_ROWS_AT_ONCE = 8, 6  # of the matrix product
_ONE = np.float32(1)


class Tree(NamedTuple):
    """The way to each word, from the root on; paths lie one behind the other."""

    offsets: Ids64  # (words + 1,) where paths begin
    nodes: Ids  # inner nodes, the root is 0
    targets: Float1  # 1 or -1: the side on which the path leaves a node


class PathSpace(NamedTuple):
    """What a thread needs to train along the paths of a block's centres."""

    starts: Ids64  # (positions + 1,) where the path of a centre begins in the next two
    slots: Ids  # (positions * longest path,) output slots of nodes
    targets: Float1
    nodes: Float2  # (PIECE, dimensions)
    node_changes: Float2
    scores: Float2  # (PIECE, reach)
    marks: Float1  # (reach,) 1 for an input, 0 for what only fills up
    odds: Double1  # (reach,)
    partial_odds: Float1  # (reach,)
    all_scores: Float1  # the memory of ``scores``, row behind row
    exponentials: Float1  # as many


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
    """Give each node on the way to a centre a slot; return how many there are."""
    clear_slots(slot_table)
    count = 0
    at = 0
    for p in range(first, stop):
        paths.starts[p] = at
        word_id = positions.word_ids[p]
        for step in range(tree.offsets[word_id], tree.offsets[word_id + 1]):
            slot = find_slot(slot_table, tree.nodes[step], slot_rows, count)
            paths.slots[at] = slot
            paths.targets[at] = tree.targets[step]
            at += 1
            if slot == count:
                count += 1
                prefetch_row(output_table, tree.nodes[step], output_table.shape[1])
    paths.starts[stop] = at
    return count


@merged
def rows_of_product(length: Scalar) -> Scalar:
    """Return how many rows to multiply: a product of rows at once is faster than of single ones."""
    whole = length // _ROWS_AT_ONCE * _ROWS_AT_ONCE
    left = length - whole
    if left == 0:
        return whole
    return whole + (_LEAST_ROWS_AT_ONCE if left <= _LEAST_ROWS_AT_ONCE else _ROWS_AT_ONCE)


@merged
def up_to_side(length: Scalar) -> Scalar:
    """Return how many rows to multiply by rows: a whole number of tiles."""
    return (length + SIDE - 1) // SIDE * SIDE


@merged
def gather_nodes(
    paths: PathSpace, block: Block, start: Scalar, length: Scalar, dimensions: Scalar
) -> None:
    """Read the vectors of a piece of a path, as the block has changed them so far."""
    for row in range(length):
        slot = paths.slots[start + row]
        node = block.output_rows[slot]
        sum_rows(paths.nodes, row, block.output_table, node, block.output_change, slot, dimensions)


@merged
def scatter_nodes(
    paths: PathSpace, block: Block, start: Scalar, length: Scalar, dimensions: Scalar
) -> None:
    """Add the changes of a piece of a path to the changes of the block."""
    change = block.output_change
    for row in range(length):
        slot = paths.slots[start + row]
        sum_rows(change, slot, change, slot, paths.node_changes, row, dimensions)


@merged
def path_gradient(
    paths: PathSpace, start: Scalar, alpha: Scalar, length: Scalar, columns: Scalar
) -> None:
    """Replace each score s at a node of target t by alpha * t * sigmoid(-t s).

    ``paths.odds`` are set to the product over the nodes of 1 + exp(-t s): its logarithm is the
    loss.
    """
    odds, partial_odds = paths.odds, paths.partial_odds
    scores, exponentials = paths.all_scores, paths.exponentials
    stride = paths.scores.shape[1]
    for j in range(columns):
        odds[j] = 1.0
        partial_odds[j] = _ONE
    for i in range(length):
        target = paths.targets[start + i]
        for j in range(i * stride, i * stride + columns):
            scores[j] *= target
    for n in range(length * stride):  # one long loop runs in vectors, many short ones do not
        e = odds_of(min(max(-scores[n], -LOGIT_LIMIT), LOGIT_LIMIT))
        exponentials[n] = e
        scores[n] = e / (_ONE + e)
    for i in range(length):
        if i % FACTORS == 0:
            for j in range(columns):
                odds[j] *= partial_odds[j]
                partial_odds[j] = _ONE
        row = paths.scores[i]
        step = alpha * paths.targets[start + i]
        for j in range(columns):
            mark = paths.marks[j]
            row[j] *= step * mark
            partial_odds[j] *= _ONE + mark * exponentials[i * stride + j]
    for j in range(columns):
        odds[j] *= partial_odds[j]
