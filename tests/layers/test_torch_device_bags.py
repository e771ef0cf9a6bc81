import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from symvec.layers.torch import EmbeddingBag  # noqa: E402
from symvec.layers.torch.device_bags import device_bags, has_device_bags  # noqa: E402

IDS = torch.tensor([1, 2, 4, 4, 0, 9, 1])
OFFSETS = torch.tensor([0, 3, 3, 5])
KEPT = torch.tensor([True, False, True, True, False, True, True])


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn", "max"])
@pytest.mark.parametrize("options", [{}, {"padding_idx": 4}, {"sparse": True}, {"max_norm": 1.0}])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_the_numbers_and_gradients_are_those_of_the_processor(mode, options, weighted, masked):
    if mode == "max" and (weighted or masked or options.get("sparse")):
        pytest.skip("torch's maximum has no weights, no mask and no sparse gradient")
    torch.manual_seed(1)
    weight = torch.randn(10, 6, dtype=torch.float64)
    layers = [EmbeddingBag(10, 6, mode=mode, _weight=weight.clone(), **options) for _ in range(2)]
    towards, found = torch.randn(4, 6, dtype=torch.float64), []
    for layer, is_ours in zip(layers, (True, False), strict=True):
        weights = torch.tensor([0.5, 2, -1, 3, 1, 0.25, 1], dtype=torch.float64)
        weights = weights.requires_grad_() if weighted else None
        if is_ours:
            out = device_bags(layer, IDS, OFFSETS, weights, KEPT if masked else None)
        else:
            ids = torch.where(KEPT, IDS, 99) if masked else IDS
            layer.missing = "zero" if masked else "raise"
            out = layer(ids, OFFSETS, weights)
        (out * towards).sum().backward()
        grads = [layer.weight.grad.to_dense()] + ([weights.grad] if weighted else [])
        found.append([out.detach(), *grads])
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs)
    assert not found[0][0][1].any()


def test_what_torch_cannot_do_on_a_card():
    largest, halves = EmbeddingBag(9, 2, mode="max"), {"dtype": torch.bfloat16}
    assert has_device_bags(largest, None, is_masked=False)
    assert not has_device_bags(largest, torch.ones(3), is_masked=False)
    assert not has_device_bags(largest, None, is_masked=True)
    assert not has_device_bags(EmbeddingBag(9, 2, mode="max", **halves), None, is_masked=False)
    assert has_device_bags(EmbeddingBag(9, 2, mode="sum", **halves), torch.ones(3), is_masked=True)
    scaled = EmbeddingBag(9, 2, scale_grad_by_freq=True)
    assert not has_device_bags(scaled, None, is_masked=False)
