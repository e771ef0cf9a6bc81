"""What the kernels of hierarchical softmax compute, centre by centre in NumPy.

For an input x, which is a context or the mean of the contexts, and the nodes n with the targets t
on the way to the centre:

    loss = - sum over n of log sigmoid(t x . n) = - log of the probability of the centre
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, cast

import numpy as np

from symvec.arrays import Double1, Double2
from symvec.kernels.blocks import Tables
from symvec.kernels.paths import Tree
from symvec.kernels.reference.objectives import (
    TileVectors,
    TileWindows,
    minus_log_sigmoid,
    place_weights,
    sigmoid,
    spread_change,
)
from symvec.kernels.reference.rounds import BlockChanges, Epoch, read_block


class Path(NamedTuple):
    """The way from the root to a word."""

    nodes: list[int]
    targets: Double1  # 1 or -1


class PathResult(NamedTuple):
    """What training on a tile comes to."""

    loss: float
    examples: int
    changes: TileVectors
    nodes: Double2  # changes


TrainTile: TypeAlias = Callable[[TileVectors, Double2, TileWindows, list[Path], float], PathResult]


def path_to(tree: Tree, word: int) -> Path:
    """Return the way to a word."""
    part = slice(tree.offsets[word], tree.offsets[word + 1])
    return Path(tree.nodes[part].tolist(), tree.targets[part].astype(np.float64))


def minus_log_probability(x: Double1, nodes: Double2, path: Path) -> float:
    """Return the loss of a word for an input."""
    return float(minus_log_sigmoid(path.targets * (nodes[path.nodes] @ x)).sum())


def train_skipgram_tile(
    vectors: TileVectors, nodes: Double2, windows: TileWindows, paths: list[Path], alpha: float
) -> PathResult:
    """Train the centres one after the other; the inputs stand still, the nodes do not.

    Args:
        vectors: of the tile; only the inputs are looked at.
        nodes: (nodes, dimensions).
        windows: of the tile.
        paths: to each centre.
        alpha: learning rate.
    """
    moved, changes = nodes.copy(), TileVectors(*(np.zeros_like(matrix) for matrix in vectors))
    loss, pairs = 0.0, 0
    for contexts, path in zip(windows.contexts, paths, strict=True):
        n, t = moved[path.nodes], path.targets
        for context in contexts:
            x = vectors.inputs[context]
            gradient = t * sigmoid(-t * (n @ x))
            loss += minus_log_sigmoid(t * (n @ x)).sum()
            pairs += 1
            changes.inputs[context] += alpha * gradient @ n
            moved[path.nodes] += alpha * np.outer(gradient, x)
    return PathResult(float(loss), pairs, changes, moved - nodes)


def train_cbow_tile(
    vectors: TileVectors,
    nodes: Double2,
    windows: TileWindows,
    paths: list[Path],
    alpha: float,
    *,
    whole_changes: bool,
) -> PathResult:
    """Train the centres one after the other, as `train_skipgram_tile`.

    A centre without a context is no example. ``whole_changes`` stands for word2vec's update: the
    change of the mean goes whole to each context.
    """
    moved, changes = nodes.copy(), TileVectors(*(np.zeros_like(matrix) for matrix in vectors))
    loss, examples = 0.0, 0
    for centre, (contexts, path) in enumerate(zip(windows.contexts, paths, strict=True)):
        if not contexts:
            continue
        n, t = moved[path.nodes], path.targets
        h = (vectors.inputs[contexts] * place_weights(vectors, windows, centre)).mean(axis=0)
        loss += minus_log_sigmoid(t * (n @ h)).sum()
        examples += 1
        gradient = t * sigmoid(-t * (n @ h))
        change = alpha * gradient @ n
        spread_change(changes, vectors, windows, centre, change, whole=whole_changes)
        moved[path.nodes] += alpha * np.outer(gradient, h)
    return PathResult(float(loss), examples, changes, moved - nodes)


def train_block(
    tables: Tables, epoch: Epoch, tokens: range, alpha: float, *, train_tile: TrainTile
) -> BlockChanges:
    """Train the block of these tokens, tile by tile; the tables stay."""
    block = read_block(tables, epoch, tokens)
    tree = cast(Tree, epoch.text.objective)
    paths = {token: path_to(tree, block.words[token]) for token in block.centres}
    nodes = tables.outputs.astype(np.float64)
    none = np.zeros((0, nodes.shape[1]))
    loss, examples = 0.0, 0
    for first in range(0, len(block.centres), epoch.shape.centres):
        own = block.centres[first : first + epoch.shape.centres]
        vectors = TileVectors(block.word_vectors(tables), none, none, tables.places + block.places)
        windows = block.windows(epoch, own, np.zeros((len(own), 0), np.bool_))
        result = train_tile(vectors, nodes, windows, [paths[token] for token in own], alpha)
        loss, examples = loss + result.loss, examples + result.examples
        nodes += result.nodes
        block.add(result.changes, epoch.text.shares)
    touched = {node for path in paths.values() for node in path.nodes}
    outputs = {node: nodes[node] - tables.outputs[node] for node in touched}
    return BlockChanges(block.inputs, outputs, block.places, loss, examples)
