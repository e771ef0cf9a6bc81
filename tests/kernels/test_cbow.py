from functools import partial

import numpy as np
import pytest
from test_skipgram import CASES, SHAPES, assert_same
from tile_case import (
    as_matrices,
    by_slot,
    numeric_gradient,
    random_tile,
    train_compiled,
    train_twin,
)

from symvec.kernels.reference.cbow import train_cbow_tile
from symvec.training.settings import Word2VecSettings

UPDATES = {
    "exact": partial(train_cbow_tile, whole_changes=False),
    "word2vec": partial(train_cbow_tile, whole_changes=True),
}


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_the_kernel_computes_what_the_formulas_say(update, shape, case):
    for seed in range(2):
        tile = random_tile(
            seed, Word2VecSettings(algorithm="cbow", cbow_update=update, **shape), **case
        )
        expected = train_twin(tile, UPDATES[update], 0.05)
        assert_same(train_compiled(tile, 0.05), expected)


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_places_weigh_contexts(update, shape, case):
    settings = Word2VecSettings(algorithm="cbow", cbow_update=update, **shape)
    for weighted in (settings.vector_size, 5):
        tile = random_tile(1, settings, weighted=weighted, **case)
        assert_same(train_compiled(tile, 0.05), train_twin(tile, UPDATES[update], 0.05))


def test_places_of_ones_change_nothing_of_the_rest():
    settings = Word2VecSettings(algorithm="cbow", vector_size=20)
    even, weighed = random_tile(2, settings), random_tile(2, settings, weighted=20)
    weighed.block.place_table[:], weighed.block.place_change[:] = 1, 0
    found, expected = train_compiled(weighed, 0.05), train_compiled(even, 0.05)
    assert_same((*found[:4],), (*expected[:4],))


def _small_tile(update, **case):
    settings = Word2VecSettings(algorithm="cbow", cbow_update=update, vector_size=8, window=2)
    return random_tile(3, settings, words=12, centres=8, **case)


@pytest.mark.parametrize("weighted", [0, 5, 8])
def test_the_exact_change_is_minus_alpha_times_the_gradient_of_the_loss(weighted):
    tile = _small_tile("exact", weighted=weighted)
    vectors, windows = as_matrices(tile)
    gradient = numeric_gradient(lambda v: UPDATES["exact"](v, windows, 0.0).loss, vectors)
    inputs, outputs, places = by_slot(tile, gradient)
    _, _, input_change, output_change, place_change = train_compiled(tile, 0.05)
    np.testing.assert_allclose(input_change, -0.05 * inputs, rtol=1e-4, atol=2e-6)
    np.testing.assert_allclose(output_change, -0.05 * outputs, rtol=1e-4, atol=2e-6)
    np.testing.assert_allclose(place_change, -0.05 * places, rtol=1e-4, atol=2e-6)


def test_word2vecs_change_of_the_inputs_is_the_exact_one_times_the_contexts():
    exact, whole = (
        random_tile(
            4,
            Word2VecSettings(algorithm="cbow", cbow_update=update, vector_size=8, window=1),
            sentence=500,
            centres=1,
        )
        for update in ("exact", "word2vec")
    )
    centre = exact.begin
    contexts = int(exact.positions.stop[centre] - exact.positions.first[centre] - 1)
    assert contexts == 2
    found, times_two = train_compiled(exact, 0.05), train_compiled(whole, 0.05)
    assert found[:2] == times_two[:2]
    np.testing.assert_allclose(times_two[2], contexts * found[2], rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(times_two[3], found[3])
