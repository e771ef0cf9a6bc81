import numpy as np
import pytest

from symvec.kernels import character_filters as kernels
from symvec.kernels.reference import character_filters as twins

WORDS, LENGTH, SIZE, WIDTH, FILTERS = 5, 6, 3, 2, 4


def answers_of(name, inputs, outputs):
    answers = []
    for module in (kernels, twins):
        own = [each.copy() for each in outputs]
        getattr(module, name)(*inputs, *own)
        answers.append(own)
    return answers


@pytest.mark.parametrize("places", [1, 4])
def test_the_strongest_window_is_found_the_first_of_equals(places):
    scores = np.random.default_rng(0).integers(-2, 3, (WORDS, places, FILTERS)).astype(np.float32)
    outputs = np.full((WORDS, FILTERS), np.nan, np.float32), np.full((WORDS, FILTERS), -1, np.int32)
    for found, expected in zip(*answers_of("strongest_windows", [scores], outputs), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_gradients_are_those_of_the_strongest_windows():
    random = np.random.default_rng(1)
    grads = random.normal(size=(WORDS, FILTERS)).astype(np.float32)
    grads[0, 0] = 0
    places = random.integers(0, LENGTH - WIDTH + 1, (WORDS, FILTERS)).astype(np.int32)
    characters = random.normal(size=(WORDS, LENGTH, SIZE)).astype(np.float32)
    filters = random.normal(size=(FILTERS, WIDTH * SIZE)).astype(np.float32)
    outputs = np.ones_like(filters), np.ones((WORDS, LENGTH * SIZE), np.float32)
    inputs = [grads, places, characters, filters]
    for found, expected in zip(*answers_of("window_gradients", inputs, outputs), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_no_words_are_no_work():
    outputs = np.zeros((0, FILTERS), np.float32), np.zeros((0, FILTERS), np.int32)
    kernels.strongest_windows(np.zeros((0, 2, FILTERS), np.float32), *outputs)
