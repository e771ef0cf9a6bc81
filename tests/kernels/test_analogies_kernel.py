import numpy as np
import pytest

from symvec.kernels import analogies
from symvec.kernels.reference import analogies as twin

WIDTHS = (0, 1, 63, 64, 65, 200)


def case(width, seed):
    generator = np.random.default_rng(seed)
    gains = np.round(generator.uniform(0, 1, (6, width)), 1).astype(np.float32)
    losses = np.round(generator.uniform(1, 2, (6, width)), 1).astype(np.float32)
    group_of_word = generator.integers(-1, 6, width + 20)
    members = np.argsort(group_of_word, kind="stable")
    begins = np.searchsorted(group_of_word[members], np.arange(7))
    questions = generator.integers(0, 6, (20, 3))
    broken = np.flatnonzero(generator.random(width) < 0.2)
    return gains, losses, questions, (begins, members), broken


def answers_by(module, width, seed, multiplied):
    gains, losses, questions, groups, broken = case(width, seed)
    best = (np.full(20, -np.inf, np.float32), np.full(20, -1))
    best[0][:3] = 0.5  # of a block before
    best[1][:3] = 7
    scratch = np.empty(width + analogies.LANES, np.float32)
    module.best_answers(gains, losses, multiplied, (10, broken), questions, groups, scratch, best)
    return best


@pytest.mark.parametrize("multiplied", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_kernel_gives_what_its_twin_gives(width, multiplied):
    for seed in range(3):
        found = answers_by(analogies, width, seed, multiplied)
        expected = answers_by(twin, width, seed, multiplied)
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_array_equal(found[1], expected[1])


def test_the_first_of_equal_scores_wins():
    gains = np.zeros((3, 130), np.float32)
    best = (np.full(1, -np.inf, np.float32), np.full(1, -1))
    groups = (np.array([0, 1, 2, 3]), np.array([0, 1, 2]))
    questions = np.array([[0, 1, 2]])
    scratch = np.empty(130 + analogies.LANES, np.float32)
    none = np.zeros(0, np.int64)
    for _ in range(2):  # an equal score of a later block changes nothing
        analogies.best_answers(gains, gains, False, (0, none), questions, groups, scratch, best)
    assert best[1].tolist() == [3]
