import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")

from symvec.contextual import mix  # noqa: E402
from symvec.errors import InputError  # noqa: E402
from symvec.layers.torch import ScalarMix  # noqa: E402

RANDOM = np.random.default_rng(4)
LAYERS = RANDOM.normal(2, 3, (3, 4, 5, 6)).astype(np.float32)  # 4 sentences of up to 5 words
LENGTHS = [5, 2, 0, 1]
MASK = torch.arange(5) < torch.tensor(LENGTHS)[:, None]
WEIGHTS = [0.5, -1.0, 2.0]


@pytest.mark.parametrize("layer_norm", [False, True])
def test_the_numbers_are_those_of_numpy(layer_norm):
    module = ScalarMix(3, layer_norm=layer_norm, weights=WEIGHTS, gamma=1.7)
    found = module(torch.from_numpy(LAYERS), MASK).detach().numpy()
    for n, length in enumerate(LENGTHS):
        expected = mix(LAYERS[:, n, :length], WEIGHTS, gamma=1.7, layer_norm=layer_norm)
        np.testing.assert_allclose(found[n, :length], expected, rtol=2e-5, atol=2e-5)
        assert not found[n, length:].any()
    alone = module(torch.from_numpy(LAYERS[:, 0])).detach().numpy()
    np.testing.assert_allclose(alone, found[0], rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("layer_norm", [False, True])
def test_what_stands_beside_the_words_has_no_part(layer_norm):
    module = ScalarMix(3, layer_norm=layer_norm)
    other = LAYERS.copy()
    for n, length in enumerate(LENGTHS):
        other[:, n, length:] = np.nan
    assert torch.equal(
        module(torch.from_numpy(LAYERS), MASK), module(torch.from_numpy(other), MASK)
    )


def test_the_gradient_is_that_of_small_differences():
    layers = torch.from_numpy(LAYERS).double()
    module = ScalarMix(3, layer_norm=True, weights=WEIGHTS).double()

    def loss(weights, gamma):
        values = {"weights": weights, "gamma": gamma}
        return torch.func.functional_call(module, values, (layers, MASK)).square().sum()

    start = tuple(p.detach().clone().requires_grad_() for p in (module.weights, module.gamma))
    assert torch.autograd.gradcheck(loss, start)


def test_it_learns_which_layer_tells():
    torch.manual_seed(0)
    layers = torch.randn(3, 50, 4, 2)
    wanted = 2.5 * layers[1]
    module = ScalarMix(3)
    optimiser = torch.optim.Adam(module.parameters(), lr=0.1)
    for _ in range(300):
        optimiser.zero_grad()
        (module(layers) - wanted).square().mean().backward()
        optimiser.step()
    shares = torch.softmax(module.weights, 0).tolist()
    assert shares[1] > 0.98
    assert module.gamma.item() == pytest.approx(2.5, abs=0.1)


def test_it_is_saved_and_shown_like_any_module():
    module = ScalarMix(3, weights=WEIGHTS)
    again = ScalarMix(3)
    again.load_state_dict(module.state_dict())
    assert again.weights.tolist() == WEIGHTS
    assert repr(module) == "ScalarMix(3 layers, layer_norm=False)"


def test_what_cannot_be_mixed_is_said():
    with pytest.raises(InputError, match=r"a mix needs 1 layer or more, got 0"):
        ScalarMix(0)
    with pytest.raises(InputError, match=r"expected one weight for each of 3 layers, got 2"):
        ScalarMix(3, weights=[1, 2])
    with pytest.raises(InputError, match=r"expected \(3 layers, sentences, words, D\), got .*\(2,"):
        ScalarMix(3)(torch.zeros(2, 4, 5))
    with pytest.raises(InputError, match=r"expected a mask of shape \(4, 5\), got \(5, 4\)"):
        ScalarMix(3)(torch.from_numpy(LAYERS), MASK.T)
