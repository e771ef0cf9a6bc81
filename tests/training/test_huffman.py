import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.training.huffman import huffman_tree

COUNTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=60)


def cost_by_a_heap(counts):
    """Return the length of the text in Huffman's code, which no other code is below."""
    heap = list(counts)
    heapq.heapify(heap)
    cost = 0
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        cost += merged
        heapq.heappush(heap, merged)
    return cost


@given(COUNTS)
def test_no_code_is_shorter(counts):
    tree = huffman_tree(np.array(counts))
    assert np.diff(tree.offsets) @ counts == cost_by_a_heap(counts)


@given(COUNTS)
def test_paths_form_one_tree_over_the_words(counts):
    tree = huffman_tree(np.array(counts))
    words = len(counts)
    codes, children = set(), set()
    for word in range(words):
        part = slice(tree.offsets[word], tree.offsets[word + 1])
        nodes, targets = tree.nodes[part].tolist(), tree.targets[part].tolist()
        assert set(targets) <= {1, -1}
        assert nodes == sorted(nodes)  # the root is 0, and a node comes before those below it
        assert all(0 <= node < words - 1 for node in nodes)
        codes.add(tuple(targets))
        below = [*nodes, ("word", word)][1:]
        children |= set(zip(nodes, targets, below, strict=True))
    assert len(codes) == words
    assert len(children) == 2 * (words - 1)  # each node has two children, seen from all paths


@given(COUNTS, st.integers(1, 20))
def test_the_probabilities_of_all_words_sum_to_one(counts, dimensions):
    tree = huffman_tree(np.array(counts))
    random = np.random.default_rng(1)
    scores = random.normal(size=(len(counts), dimensions)) @ random.normal(size=dimensions)
    chances = 1 / (1 + np.exp(-tree.targets * scores[tree.nodes]))
    words = [
        chances[start:stop].prod()
        for start, stop in zip(tree.offsets, tree.offsets[1:], strict=False)
    ]
    assert sum(words) == pytest.approx(1)


def test_a_code_by_hand():
    tree = huffman_tree(np.array([3, 50, 7, 7, 1]))  # 1 + 3, + 7, + 7, + 50
    assert np.diff(tree.offsets).tolist() == [4, 1, 2, 3, 4]
    assert tree.nodes[: tree.offsets[1]].tolist() == [0, 1, 2, 3]


def test_a_single_word_has_no_way_to_go():
    tree = huffman_tree(np.array([7]))
    assert tree.offsets.tolist() == [0, 0]
    assert tree.nodes.size == tree.targets.size == 0
