"""What the kernels of hierarchical softmax compute, centre by centre in NumPy.

For an input x, which is a context or the mean of the contexts, and the nodes n with the targets t
on the way to the centre:

    loss = - sum over n of log sigmoid(t x . n) = - log of the probability of the centre
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from symvec.arrays import Double1, Double2
from symvec.kernels.blocks import Tables
from symvec.kernels.paths import Tree
from symvec.kernels.reference.objectives import minus_log_sigmoid, sigmoid
from symvec.kernels.reference.rounds import BlockChanges, Epoch, read_block, word_vectors


class Path(NamedTuple):
    """The way from the root to a word."""

    nodes: list[int]
    targets: Double1  # 1 or -1


class PathResult(NamedTuple):
    """What training on a tile comes to."""

    loss: float
    examples: int
    inputs: Double2  # changes
    nodes: Double2  # changes


TrainTile: TypeAlias = Callable[[Double2, Double2, list[list[int]], list[Path], float], PathResult]


def path_to(tree: Tree, word: int) -> Path:
    """Return the way to a word."""
    part = slice(tree.offsets[word], tree.offsets[word + 1])
    return Path(tree.nodes[part].tolist(), tree.targets[part].astype(np.float64))


def minus_log_probability(x: Double1, nodes: Double2, path: Path) -> float:
    """Return the loss of a word for an input."""
    return float(minus_log_sigmoid(path.targets * (nodes[path.nodes] @ x)).sum())


def train_skipgram_tile(
    inputs: Double2, nodes: Double2, contexts: list[list[int]], paths: list[Path], alpha: float
) -> PathResult:
    """Train the centres one after the other; the inputs stand still, the nodes do not.

    Args:
        inputs: (positions, dimensions).
        nodes: (nodes, dimensions).
        contexts: of each centre, as positions.
        paths: to each centre.
        alpha: learning rate.
    """
    moved, changes = nodes.copy(), np.zeros_like(inputs)
    loss, pairs = 0.0, 0
    for own, path in zip(contexts, paths, strict=True):
        n, t = moved[path.nodes], path.targets
        loss += sum(minus_log_probability(inputs[context], moved, path) for context in own)
        pairs += len(own)
        for context in own:
            x = inputs[context]
            gradient = t * sigmoid(-t * (n @ x))
            changes[context] += alpha * gradient @ n
            moved[path.nodes] += alpha * np.outer(gradient, x)
    return PathResult(loss, pairs, changes, moved - nodes)


def train_cbow_tile(
    inputs: Double2,
    nodes: Double2,
    contexts: list[list[int]],
    paths: list[Path],
    alpha: float,
    *,
    whole_changes: bool,
) -> PathResult:
    """Train the centres one after the other, as `train_skipgram_tile`.

    Args:
        inputs: (positions, dimensions).
        nodes: (nodes, dimensions).
        contexts: of each centre; one without a context is no example.
        paths: to each centre.
        alpha: learning rate.
        whole_changes: word2vec's update: the change of the mean goes whole to each context.
    """
    moved, changes = nodes.copy(), np.zeros_like(inputs)
    loss, examples = 0.0, 0
    for own, path in zip(contexts, paths, strict=True):
        if not own:
            continue
        n, t = moved[path.nodes], path.targets
        h = inputs[own].mean(axis=0)
        loss += minus_log_probability(h, moved, path)
        examples += 1
        gradient = t * sigmoid(-t * (n @ h))
        change = alpha * gradient @ n
        np.add.at(changes, own, change if whole_changes else change / len(own))
        moved[path.nodes] += alpha * np.outer(gradient, h)
    return PathResult(loss, examples, changes, moved - nodes)


def train_block(
    tables: Tables, epoch: Epoch, start: int, alpha: float, *, train_tile: TrainTile
) -> BlockChanges:
    """Train the block that starts at a token, tile by tile; the tables stay."""
    words, centres = read_block(epoch, start)
    tree = epoch.text.objective
    paths = {token: path_to(tree, words[token]) for token in centres}
    inputs = {word: np.zeros(tables.inputs.shape[1]) for word in words.values()}
    nodes = tables.outputs.astype(np.float64)
    tokens, loss, examples = list(words), 0.0, 0
    for first in range(0, len(centres), epoch.shape.centres):
        own = centres[first : first + epoch.shape.centres]
        contexts = [[tokens.index(t) for t in epoch.windows[token].contexts] for token in own]
        vectors = word_vectors(tables, inputs, words.values())
        result = train_tile(vectors, nodes, contexts, [paths[token] for token in own], alpha)
        loss, examples = loss + result.loss, examples + result.examples
        nodes += result.nodes
        for word, change in zip(words.values(), result.inputs, strict=True):
            inputs[word] += change
    touched = {node for path in paths.values() for node in path.nodes}
    outputs = {node: nodes[node] - tables.outputs[node] for node in touched}
    return BlockChanges(inputs, outputs, loss, examples)
