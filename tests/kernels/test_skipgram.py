import numpy as np
import pytest
from tile_case import (
    as_matrices,
    by_slot,
    numeric_gradient,
    random_tile,
    train_compiled,
    train_twin,
)

from symvec.kernels.reference.skipgram import train_skipgram_tile
from symvec.training.settings import Word2VecSettings

SHAPES = [
    {"window": 5, "vector_size": 100},
    {"window": 1, "vector_size": 8},
    {"window": 2, "vector_size": 100, "negative": 1},
    {"window": 20, "vector_size": 8, "negative": 20},
]
CASES = [
    {},
    {"centres": 1},  # the last tile of a block is a part of one
    {"centres": 7},
    {"centres": 0},
    {"before": 0},  # the tile begins where the block does
    {"sentence": 1},  # no word has a context
    {"sentence": 500},
    {"words": 3},  # words come again and again, the noise words are centres too
    {"words": 1},
]


def assert_same(found, expected):
    assert found[1] == expected[1]
    assert found[0] == pytest.approx(expected[0], rel=2e-5, abs=1e-9)
    for change, wanted in zip(found[2:], expected[2:], strict=True):
        np.testing.assert_allclose(change, wanted, rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_the_kernel_computes_what_the_formulas_say(shape, case):
    for seed in range(3):
        tile = random_tile(seed, Word2VecSettings(**shape), **case)
        expected = train_twin(tile, train_skipgram_tile, 0.05)
        assert_same(train_compiled(tile, 0.05), expected)


def test_a_tile_does_not_see_what_the_last_one_left_behind():
    full, part = random_tile(1), random_tile(2, centres=5)
    expected = train_compiled(part, 0.05)
    train_compiled(full, 0.05)
    found = train_compiled(part._replace(space=full.space), 0.05)
    assert found[:2] == expected[:2]
    np.testing.assert_array_equal(found[2], expected[2])
    np.testing.assert_array_equal(found[3], expected[3])


def test_the_change_is_minus_alpha_times_the_gradient_of_the_loss():
    tile = random_tile(3, Word2VecSettings(vector_size=8, window=2), words=12, centres=8)
    vectors, windows = as_matrices(tile)
    gradient = numeric_gradient(lambda v: train_skipgram_tile(v, windows, 0.0).loss, vectors)
    inputs, outputs, places = by_slot(tile, gradient)
    _, _, input_change, output_change, place_change = train_compiled(tile, 0.05)
    np.testing.assert_allclose(input_change, -0.05 * inputs, rtol=1e-4, atol=2e-6)
    np.testing.assert_allclose(output_change, -0.05 * outputs, rtol=1e-4, atol=2e-6)
    np.testing.assert_allclose(place_change, -0.05 * places, rtol=1e-4, atol=2e-6)


def test_a_single_pair_by_hand():
    settings = Word2VecSettings(vector_size=8, window=1, negative=5)
    tile = random_tile(0, settings, words=2, sentence=2, centres=1, before=1)
    tile.positions.word_ids[:], tile.positions.input_slots[:] = 0, 0
    tile.positions.output_slots[:], tile.block.noise_slots[:] = 0, 1
    tile.positions.first[1], tile.positions.stop[1] = 0, 2
    block = tile.block
    x = block.input_base[block.base_rows[0], :8] + block.input_change[0, :8]
    c = block.output_table[block.output_rows[0], :8] + block.output_change[0, :8]
    n = block.output_table[block.output_rows[1], :8] + block.output_change[1, :8]
    loss = np.log(1 + np.exp(-x @ c)) + 5 * np.log(1 + np.exp(x @ n))
    change = 0.1 * (c / (1 + np.exp(x @ c)) - 5 * n / (1 + np.exp(-x @ n)))
    found = train_compiled(tile, 0.1)
    assert found[:2] == (pytest.approx(loss, rel=1e-5), 1)
    np.testing.assert_allclose(found[2][0, :8], change, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("size", [1e-4, 3.0, 30.0])
def test_small_and_large_scores(size):
    tile = random_tile(5, Word2VecSettings(vector_size=8))
    for matrix in (tile.block.input_base, tile.block.output_table):
        matrix *= np.float32(size)
    expected = train_twin(tile, train_skipgram_tile, 0.05)
    found = train_compiled(tile, 0.05)
    assert np.isfinite(found[0])
    if size < 30:  # the loss is exact for scores up to 18
        assert found[0] == pytest.approx(expected[0], rel=1e-4)
    np.testing.assert_allclose(found[2], expected[2], rtol=1e-3, atol=1e-4 * max(size, 1))
