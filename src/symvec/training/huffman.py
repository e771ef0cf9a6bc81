"""The Huffman tree of a vocabulary."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Ids64
from symvec.kernels.huffman import measure_paths, merge_lightest, write_paths
from symvec.kernels.paths import Tree


def huffman_tree(counts: Ids64) -> Tree:
    """Return the tree in which frequent words are near the root, as word2vec.c builds it.

    Args:
        counts: (words,) int64, occurrences; at least one word.

    Returns:
        `Tree` over ``words - 1`` inner nodes.

    Example:
        >>> tree = huffman_tree(np.array([8, 4, 2, 1]))
        >>> np.diff(tree.offsets).tolist(), tree.nodes.tolist()
        ([1, 2, 3, 3], [0, 0, 1, 0, 1, 2, 0, 1, 2])
    """
    words = len(counts)
    by_weight = np.argsort(-counts, kind="stable")[::-1]
    leaves = np.empty(words, np.int32)
    leaves[by_weight] = np.arange(words, dtype=np.int32)
    nodes = 2 * words - 1
    weights, parents = np.zeros(nodes, np.int64), np.zeros(nodes, np.int32)
    weights[:words] = counts[by_weight]
    targets, lengths = np.zeros(nodes, np.float32), np.zeros(nodes, np.int32)
    merge_lightest(weights, parents, targets)
    measure_paths(parents, lengths)
    offsets = np.concatenate([[0], np.cumsum(lengths[leaves], dtype=np.int64)])
    tree = Tree(offsets, np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.float32))
    write_paths(leaves, parents, targets, *tree)
    return tree
