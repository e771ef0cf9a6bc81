"""A Huffman tree over words, and the way from its root to each of them.

Sources: Huffman 1952, "A method for the construction of minimum-redundancy codes"; merged from
two queues, in linear time, as van Leeuwen 1976, "On the construction of Huffman trees", does.
"""

from __future__ import annotations

from symvec.arrays import Float1, Ids, Ids64
from symvec.kernels.compiling import kernel

FIRST, SECOND = 1.0, -1.0
"""What tells the two children of a node apart: the target of its logistic regression."""


@kernel
def merge_lightest(weights: Ids64, parents: Ids, targets: Float1) -> None:
    """Merge the two lightest nodes into a new one, until one is left.

    Nodes from 0 on are the words, from ``words`` on the inner nodes in the order of their making,
    so that the root comes last. Of a word and an inner node of the same weight the inner node
    is merged first, as in word2vec.c.

    Args:
        weights: (2 * words - 1,) int64; those of the words in rising order, the rest is written.
        parents: (2 * words - 1,) int32, written but for the root's.
        targets: (2 * words - 1,) float32, written but for the root's: FIRST or SECOND.
    """
    words = (len(weights) + 1) // 2
    word, inner = 0, words
    for made in range(words, 2 * words - 1):
        weights[made] = 0
        for target in (FIRST, SECOND):
            if word < words and (inner == made or weights[word] < weights[inner]):
                child = word
                word += 1
            else:
                child = inner
                inner += 1
            weights[made] += weights[child]
            parents[child] = made
            targets[child] = target


@kernel
def measure_paths(parents: Ids, lengths: Ids) -> None:
    """Count the inner nodes above each node; the root is the last.

    Args:
        parents: (nodes,) int32, each larger than the node, the root's unused.
        lengths: (nodes,) int32, written.
    """
    root = len(parents) - 1
    lengths[root] = 0
    for node in range(root - 1, -1, -1):
        lengths[node] = lengths[parents[node]] + 1


@kernel
def write_paths(
    leaves: Ids, parents: Ids, node_targets: Float1, offsets: Ids64, nodes: Ids, targets: Float1
) -> None:
    """Write the way from the root to each word.

    Inner nodes are numbered from the root, 0, on: what is often read lies together.

    Args:
        leaves: (words,) int32, the node that is a word; index: word.
        parents: (2 * words - 1,) int32.
        node_targets: (2 * words - 1,) float32.
        offsets: (words + 1,) int64, where paths begin.
        nodes: (offsets[words],) int32, written.
        targets: as nodes, float32, written: which child the path goes on to.
    """
    root = len(parents) - 1
    for word in range(len(leaves)):
        node = leaves[word]
        for at in range(offsets[word + 1] - 1, offsets[word] - 1, -1):
            targets[at] = node_targets[node]
            node = parents[node]
            nodes[at] = root - node
