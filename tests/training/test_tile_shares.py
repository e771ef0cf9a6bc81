import warnings

import numpy as np
import pytest

import symvec
from symvec.kernels.tile_space import ALL_THE_WAY
from symvec.training.damping import Round, input_damping
from symvec.training.plan import tile_shape
from symvec.training.settings import Word2VecSettings
from symvec.training.tile_shares import (
    MOST_PULL,
    MOST_PULL_OF_NOISE,
    contexts_a_position,
    tile_shares,
)
from symvec.vocabulary.corpus import EncodedCorpus

WIDE = Word2VecSettings(window=100, shrink_windows=False, sample=0)
EVEN = np.full(1000, 1e-3)


def shares(settings, counts, contexts, noise=EVEN):
    return tile_shares(settings, counts, noise, contexts, tile_shape(settings))


def test_ordinary_text_goes_all_the_way():
    counts = 1 / np.arange(1, 10_001)  # the first word is a tenth of it
    assert shares(Word2VecSettings(), counts, 6.0) is ALL_THE_WAY
    assert shares(WIDE, np.ones(1000), 200.0) is ALL_THE_WAY
    assert shares(WIDE, np.ones(1), 0.0) is ALL_THE_WAY


def test_frequent_words_of_wide_windows_go_a_part_of_the_way():
    counts = np.array([500.0, 100.0, *np.ones(400)])
    found = shares(WIDE, counts, 200.0)
    assert found.inputs[0] * 5 == pytest.approx(found.inputs[1])  # pulled at by as much in all
    # 36 centres of 200 contexts, 16 * 0.025 a position of 6
    assert found.inputs[0] == pytest.approx(MOST_PULL / (0.4 * 36 * 200 / 6 * 0.5))
    # A word that is there once is in the windows of all centres.
    assert found.inputs[2] == pytest.approx(MOST_PULL / (0.4 * 36 / 6))
    noise_once = 0.4 * 4 * 200 / 6 * (1 + 15e-3)
    assert found.noise[0] == pytest.approx(MOST_PULL_OF_NOISE / noise_once)
    assert found.outputs is found.inputs


def test_a_lower_rate_goes_further():
    counts = np.array([500.0, 100.0, *np.ones(400)])
    slow = Word2VecSettings(window=100, shrink_windows=False, sample=0, alpha=0.0005)
    np.testing.assert_array_equal(shares(slow, counts, 200.0).inputs[2:], 1)


@pytest.mark.parametrize(
    ("window", "shrinks", "expected"), [(5, True, 6), (5, False, 10), (100, False, 29)]
)
def test_contexts_reach_no_farther_than_sentences(window, shrinks, expected):
    corpus = EncodedCorpus(np.tile(np.append(np.arange(30), -1), 2).astype(np.int32), 60, 2)
    settings = Word2VecSettings(window=window, shrink_windows=shrinks)
    assert contexts_a_position(settings, corpus) == expected


def test_blocks_that_are_all_context_pull_at_a_rare_word_too():
    counts = np.array([1000.0, 1.0])
    round_ = Round(8)
    usual = input_damping(counts, 16, 0.025, round_)
    wide = input_damping(counts, 16, 0.025, round_, contexts=200.0)
    assert usual.scales[usual.classes, 8][1] == pytest.approx(1, abs=0.02)
    assert wide.scales[wide.classes, 8][1] < 0.25


def test_long_lines_of_uneven_items_are_learned_at_the_usual_rate():
    random = np.random.default_rng(0)
    shares = 1 / np.arange(1, 301) ** 1.2
    topics = [np.flatnonzero(np.arange(300) % 4 == n) for n in range(4)]
    lines = []
    for n in range(40):
        own = shares[topics[n % 4]]
        lines.append([str(i) for i in random.choice(topics[n % 4], 500, p=own / own.sum())])
    with warnings.catch_warnings():
        warnings.simplefilter("error", symvec.training.TrainingWarning)
        vectors = symvec.train(lines, items=True, vector_size=16, epochs=5, min_count=1)
    alike = [vectors.similarity("8", "12"), vectors.similarity("9", "13")]
    other = [vectors.similarity("8", "13"), vectors.similarity("9", "12")]
    assert min(alike) > max(other)
