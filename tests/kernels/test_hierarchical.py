from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from epoch_case import start_tables, train_in_threads
from test_skipgram import CASES, assert_same
from tile_case import as_matrices as tile_matrices
from tile_case import by_slot, numeric_gradient, random_tile, train_compiled

from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.paths import PIECE
from symvec.kernels.reference import hierarchical as twin
from symvec.training import memory
from symvec.training.huffman import huffman_tree
from symvec.training.plan import plan
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus

KINDS = {
    "skipgram": ({"algorithm": "skipgram"}, twin.train_skipgram_tile),
    "exact": (
        {"algorithm": "cbow", "cbow_update": "exact"},
        partial(twin.train_cbow_tile, whole_changes=False),
    ),
    "word2vec": (
        {"algorithm": "cbow", "cbow_update": "word2vec"},
        partial(twin.train_cbow_tile, whole_changes=True),
    ),
}
SHAPES = [
    {"window": 5, "vector_size": 100},
    {"window": 1, "vector_size": 8},
    {"window": 20, "vector_size": 8},
]


def settings_of(kind, **settings):
    return Word2VecSettings(objective="hierarchical-softmax", **KINDS[kind][0], **settings)


def path_tile(seed, settings, counts=None, words=40, **case):
    """Return a tile of random words, its tree, and the nodes of its outputs by slot."""
    tile = random_tile(seed, replace(settings, objective="negative-sampling"), words=words, **case)
    random = np.random.default_rng(seed)
    counts = random.integers(1, 1000, words) if counts is None else counts
    tree = huffman_tree(np.asarray(counts))
    plan = SimpleNamespace(
        shape=tile.shape,
        objective=tree,
        weighted=tile.weighted,
        places=2 * tile.shape.window,
        block_tokens=tile.stop,
        recorded=words,
    )
    space = memory.tile_space(plan, settings)
    slot_of_node = np.argsort(tile.block.output_rows)  # as if all nodes were touched
    at = 0
    for centre in range(tile.begin, tile.stop):
        path = twin.path_to(tree, tile.positions.word_ids[centre])
        space.paths.starts[centre] = at
        behind = at + len(path.nodes)
        space.paths.slots[at:behind] = slot_of_node[path.nodes]
        space.paths.targets[at:behind] = path.targets
        at = behind
    space.paths.starts[tile.stop] = at
    block = tile.block
    block.output_change[:] += block.output_table[block.output_rows]  # nodes as moved so far
    return tile._replace(space=space), tree


def as_matrices(tile, tree):
    """Return vectors, nodes, windows and paths as the twins take them."""
    block, positions = tile.block, tile.positions
    nodes = block.output_table.astype(np.float64)
    nodes[block.output_rows] = block.output_change
    vectors, windows = tile_matrices(tile)
    paths = [twin.path_to(tree, positions.word_ids[c]) for c in range(tile.begin, tile.stop)]
    return vectors, nodes, windows, paths


def train_twin(tile, tree, kind, alpha):
    """Return what `train_compiled` does."""
    result = KINDS[kind][1](*as_matrices(tile, tree), alpha)
    inputs, _, places = by_slot(tile, result.changes)
    return result.loss, result.examples, inputs, result.nodes[tile.block.output_rows], places


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_the_kernel_computes_what_the_formulas_say(kind, shape, case):
    for seed in range(2):
        tile, tree = path_tile(seed, settings_of(kind, **shape), **case)
        assert_same(train_compiled(tile, 0.05), train_twin(tile, tree, kind, 0.05))


@pytest.mark.parametrize("kind", KINDS)
def test_paths_longer_than_a_piece(kind):
    words = PIECE + 6
    counts = [2 ** min(word, 61) for word in range(words)]  # the tree is a list
    tile, tree = path_tile(1, settings_of(kind, vector_size=8), counts, words)
    assert np.diff(tree.offsets).max() == words - 1
    assert_same(train_compiled(tile, 0.05), train_twin(tile, tree, kind, 0.05))


@pytest.mark.parametrize(("kind", "weighted"), [("skipgram", 0), ("exact", 0), ("exact", 5)])
def test_the_change_is_minus_alpha_times_the_gradient_of_the_loss(kind, weighted):
    settings = settings_of(kind, vector_size=8, window=2)
    # Of one centre: the next would see the nodes that it has moved.
    tile, tree = path_tile(3, settings, words=12, centres=1, weighted=weighted)
    vectors, nodes, windows, paths = as_matrices(tile, tree)

    def loss(_):
        return KINDS[kind][1](vectors, nodes, windows, paths, 0.0).loss

    inputs, _, places = by_slot(tile, numeric_gradient(loss, vectors))
    slopes = numeric_slopes(loss, nodes)[tile.block.output_rows]
    found = train_compiled(tile, 0.05)
    for change, gradient in zip(found[2:], (inputs, slopes, places), strict=True):
        np.testing.assert_allclose(change, -0.05 * gradient, rtol=1e-4, atol=2e-6)


def numeric_slopes(loss, matrix, step=1e-5):
    slopes = np.zeros_like(matrix)
    for place in np.ndindex(matrix.shape):
        was = matrix[place]
        matrix[place] = was + step
        above = loss(matrix)
        matrix[place] = was - step
        slopes[place] = (above - loss(matrix)) / (2 * step)
        matrix[place] = was
    return slopes


def full_softmax(counts, dimensions=8, steps=3000):
    """Return the probabilities that gradient descent on a full softmax comes to."""
    random = np.random.default_rng(1)
    inputs, outputs = random.normal(0, 0.1, (2, len(counts), dimensions))
    shares = counts / counts.sum(axis=1, keepdims=True)
    for _ in range(steps):
        scores = np.exp(inputs @ outputs.T)
        wrong = scores / scores.sum(axis=1, keepdims=True) - shares
        inputs, outputs = inputs - wrong @ outputs, outputs - wrong.T @ inputs
    return scores / scores.sum(axis=1, keepdims=True)


def path_probabilities(tables, tree):
    """Return the probability of each word beside each word, (words, words)."""
    words = len(tree.offsets) - 1
    inputs, nodes = tables.inputs.astype(float), tables.outputs.astype(float)
    paths = [twin.path_to(tree, word) for word in range(words)]
    losses = [[twin.minus_log_probability(x, nodes, path) for path in paths] for x in inputs]
    return np.exp(-np.array(losses))


@pytest.mark.skipif(UNCOMPILED, reason="takes minutes")
@pytest.mark.parametrize("algorithm", ["skipgram", "cbow"])
def test_what_is_learned_is_what_the_full_softmax_learns(algorithm):
    words, sentences = 6, 2000
    random = np.random.default_rng(5)
    joint = random.dirichlet(np.ones(words * words))
    pairs = np.divmod(random.choice(words * words, sentences, p=joint), words)
    ids = np.column_stack([*pairs, np.full(sentences, -1)]).astype(np.int32).ravel()
    together = np.zeros((words, words))
    np.add.at(together, pairs, 1)
    together += together.T  # a sentence of two words: each is beside the other
    settings = Word2VecSettings(
        algorithm=algorithm, objective="hierarchical-softmax", window=1, sample=0, vector_size=8,
        epochs=60, alpha=0.2, cbow_update="word2vec",
    )  # fmt: skip
    corpus = EncodedCorpus(ids, 2 * sentences, sentences)
    planned = plan(settings, together.sum(axis=1).astype(np.int64), corpus)
    tables = start_tables(np.ones(words), settings)
    train_in_threads(corpus, planned, settings, tables)
    found = path_probabilities(tables, planned.objective)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-9)
    np.testing.assert_allclose(found, full_softmax(together), atol=0.04)
