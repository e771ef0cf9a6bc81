import numpy as np
import pytest

from symvec.contextual import mix
from symvec.errors import InputError

LAYERS = np.random.default_rng(1).normal(2, 3, (3, 4, 5)).astype(np.float32)


def test_weights_go_through_a_softmax():
    shares = np.exp([0.5, -1.0, 2.0]) / np.exp([0.5, -1.0, 2.0]).sum()
    expected = 1.7 * np.tensordot(shares, LAYERS, axes=1)
    np.testing.assert_allclose(mix(LAYERS, [0.5, -1.0, 2.0], gamma=1.7), expected, rtol=1e-5)


def test_without_weights_layers_count_alike():
    np.testing.assert_allclose(mix(LAYERS), LAYERS.mean(axis=0), rtol=1e-5)


def test_one_weight_far_above_the_others_takes_its_layer():
    np.testing.assert_array_equal(mix(LAYERS, [0, 2000, 0]), LAYERS[1])


def test_layer_norm_evens_out_scales():
    scaled = LAYERS * np.array([1, 50, 0.02], np.float32)[:, None, None] + 7
    np.testing.assert_allclose(
        mix(scaled, layer_norm=True), mix(LAYERS, layer_norm=True), rtol=2e-4, atol=2e-5
    )
    assert abs(mix(scaled, layer_norm=True).mean()) < 1e-5


def test_no_tokens_stay_no_tokens():
    assert mix(np.zeros((3, 0, 5), np.float32), layer_norm=True).shape == (0, 5)


def test_what_cannot_be_mixed_is_said():
    with pytest.raises(InputError, match=r"expected one weight for each of 3 layers, got \(2,\)"):
        mix(LAYERS, [1, 2])
    with pytest.raises(InputError, match=r"expected \(layers, tokens, D\), got shape \(4, 5\)"):
        mix(LAYERS[0])
