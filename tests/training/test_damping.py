import numpy as np
import pytest

from symvec.training.damping import (
    Round,
    even_scales,
    input_damping,
    node_damping,
    output_damping,
    pull_damping,
)
from symvec.training.huffman import huffman_tree


def scale(damping, row, blocks):
    return float(damping.scales[damping.classes[row], blocks])


def test_changes_of_rows_that_are_hardly_pulled_are_added_up():
    damping = pull_damping(np.array([0.0, 0.001]), Round(8))
    assert scale(damping, 0, 8) == 1
    assert scale(damping, 1, 8) == pytest.approx(1, abs=0.02)


def test_changes_that_each_go_all_the_way_are_averaged():
    damping = pull_damping(np.array([50.0]), Round(8))
    assert [scale(damping, 0, c) for c in (1, 2, 8)] == [1, 0.5, 0.125]


@pytest.mark.parametrize("pull", [0.1, 0.7, 2.0])
def test_the_sum_goes_as_far_as_one_block_after_the_other(pull):
    damping = pull_damping(np.array([pull]), Round(8))
    for c in range(1, 9):
        share = 1 - np.exp(-pull)
        assert c * share * scale(damping, 0, c) == pytest.approx(1 - (1 - share) ** c, rel=0.02)


@pytest.mark.parametrize("pull", [0.1, 0.7, 2.0])
def test_a_round_whose_last_block_is_in_pieces_goes_as_far(pull):
    damping = pull_damping(np.array([pull]), Round(8, pieces=4))
    whole, piece = 1 - np.exp(-pull), 1 - np.exp(-pull / 4)
    taken = (7 * whole + 4 * piece) * scale(damping, 0, 11)
    assert taken == pytest.approx(1 - (1 - whole) ** 8, rel=0.02)
    assert (damping.scales <= 1).all()
    assert even_scales(Round(8, pieces=4))[11] == even_scales(Round(8))[8]


def test_frequent_words_are_damped_more_and_by_the_rate():
    counts = np.array([900.0, 90.0, 1.0])
    low, high = (input_damping(counts, 64, alpha, Round(8)) for alpha in (0.01, 0.05))
    for damping in (low, high):
        scales = [scale(damping, word, 8) for word in range(3)]
        assert scales == sorted(scales)
    assert scale(high, 1, 8) < scale(low, 1, 8) < 1


def test_noise_pulls_at_outputs_too():
    counts = np.array([10.0, 10.0])
    noise = np.array([0.9, 0.1])
    damping = output_damping(counts, noise, 4, 16, 0.005, Round(8))
    alone = input_damping(counts, 4, 0.005, Round(8))
    assert scale(damping, 0, 8) < scale(damping, 1, 8) < scale(alone, 1, 8)


def test_the_root_of_a_tree_is_damped_more_than_its_leaves():
    counts = np.array([8, 4, 2, 1])
    tree = huffman_tree(counts)
    damping = node_damping(tree, counts.astype(np.float64), 64, Round(8))
    root, last = tree.nodes[tree.offsets[3]], tree.nodes[tree.offsets[4] - 1]
    assert scale(damping, root, 8) < scale(damping, last, 8)
