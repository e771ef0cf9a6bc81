import itertools

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from symvec.arrays import RaggedRows  # noqa: E402
from symvec.errors import IdError, InputError  # noqa: E402
from symvec.layers.torch import (  # noqa: E402
    EmbeddingBag,
    RowAdamW,
    RowSGD,
    SymbolEmbedding,
)

IDS = torch.tensor([1, 2, 4, 4, 0, 9, 1])
OFFSETS = torch.tensor([0, 3, 3, 5])


def pair(*arguments, **options):
    torch.manual_seed(0)
    theirs = torch.nn.EmbeddingBag(*arguments, **options)
    ours = EmbeddingBag(*arguments, **options)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding_idx": 4},
        {"padding_idx": -6},
        {"max_norm": 1.0},
        {"sparse": True},
        {"dtype": torch.float64},
        {"dtype": torch.bfloat16},
    ],
)
@pytest.mark.parametrize("trained", [False, True])
def test_the_numbers_and_gradients_are_those_of_torch(mode, options, trained):
    if mode == "max" and options.get("sparse"):
        pytest.skip("torch has no such mode")
    ours, theirs = pair(10, 6, mode=mode, **options)
    if trained:
        RowSGD(ours.parameters(), lr=0.1)
    towards = torch.randn(4, 6).to(ours.weight.dtype)
    outs = [layer(IDS, OFFSETS) for layer in (ours, theirs)]
    torch.testing.assert_close(*outs)
    for out in outs:
        (out * towards).sum().backward()
    got, expected = ours.weight.grad, theirs.weight.grad
    assert got.is_sparse == (expected.is_sparse or trained)
    close = {"rtol": 2e-2, "atol": 2e-2} if got.dtype == torch.bfloat16 else {}
    torch.testing.assert_close(got.to_dense(), expected.to_dense(), **close)
    assert not outs[0][1].any()


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn"])
@pytest.mark.parametrize("trained", [False, True])
def test_scaling_by_frequency_divides_each_row_by_its_own_count(mode, trained):
    # torch 2.13 on a processor divides by the counts of other rows here; its lookup does not
    layers = [EmbeddingBag(10, 3, mode=mode, scale_grad_by_freq=scaled) for scaled in (True, False)]
    if trained:
        RowSGD(layers[0].parameters(), lr=0.1)
    for layer in layers:
        layer(IDS, OFFSETS).sum().backward()
    counts = torch.bincount(IDS, minlength=10).clamp(min=1)[:, None]
    torch.testing.assert_close(layers[0].weight.grad.to_dense(), layers[1].weight.grad / counts)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("shape", list(itertools.product([1, 2], repeat=4)))
def test_bags_equal_lookup_and_reduction_in_every_small_shape(mode, shape):
    rows, width, count, length = shape
    layer = EmbeddingBag(rows, width, mode=mode, dtype=torch.float64)
    ids = torch.randint(0, rows, (count, length))
    looked_up = layer.weight[ids]
    expected = {"sum": looked_up.sum(1), "mean": looked_up.mean(1), "max": looked_up.amax(1)}
    torch.testing.assert_close(layer(ids), expected[mode])


@pytest.mark.parametrize("ids_dtype", [torch.int32, torch.int64])
def test_per_sample_weights_and_their_gradient_are_those_of_torch(ids_dtype):
    ours, theirs = pair(10, 6, mode="sum", dtype=torch.float64)
    weights = torch.randn(7, dtype=torch.float64)
    found = []
    for layer in (ours, theirs):
        own = weights.clone().requires_grad_()
        out = layer(IDS.to(ids_dtype), OFFSETS.to(ids_dtype), own)
        out.cos().sum().backward()
        found.append((out, own.grad, layer.weight.grad))
    for mine, other in zip(*found, strict=True):
        torch.testing.assert_close(mine, other)


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn", "max"])
@pytest.mark.parametrize("trained", [False, True])
def test_weights_in_each_mode_pass_a_gradient_check(mode, trained):
    torch.manual_seed(3)
    layer = EmbeddingBag(10, 3, mode=mode, dtype=torch.float64, padding_idx=9)
    if trained:
        RowSGD(layer.parameters(), lr=0.1)
    weights = torch.rand(7, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda w: layer(IDS, OFFSETS, w), (weights,))
    out = layer(IDS, OFFSETS, weights)
    out.cos().sum().backward()
    gradient = layer.weight.grad.to_dense()
    step = 1e-6
    for row, column in ((4, 1), (1, 0), (9, 2)):
        sums = []
        for sign in (1, -1):
            with torch.no_grad():
                layer.weight[row, column] += sign * step
                sums.append(layer(IDS, OFFSETS, weights).cos().sum())
                layer.weight[row, column] -= sign * step
        numeric = (sums[0] - sums[1]) / (2 * step)
        torch.testing.assert_close(gradient[row, column], numeric, atol=1e-6, rtol=1e-4)


def test_the_last_offset_may_be_included_as_in_torch():
    layer = EmbeddingBag(100, 3, include_last_offset=True, padding_idx=61)
    ids = torch.tensor([0, 1, 2, 3])
    expected = torch.stack([layer.weight[0:3].mean(0), layer.weight[3]])
    torch.testing.assert_close(layer(ids, torch.tensor([0, 3, 4])), expected)
    torch.testing.assert_close(layer(ids, torch.tensor([0, 3, 3])), expected)


def test_masked_and_ragged_and_nested_bags():
    layer = EmbeddingBag(10, 3, mode="mean")
    padded = torch.tensor([[1, 2, 99], [3, -7, -7]])
    mask = torch.tensor([[True, True, False], [True, False, False]])
    expected = torch.stack([layer.weight[[1, 2]].mean(0), layer.weight[3]])
    torch.testing.assert_close(layer(padded, mask=mask), expected)
    ragged = RaggedRows(np.array([1, 2, 3]), np.array([0, 2, 3]))
    torch.testing.assert_close(layer(ragged), expected)
    nested = torch.nested.nested_tensor(
        [torch.tensor([1, 2]), torch.tensor([3])], layout=torch.jagged
    )
    torch.testing.assert_close(layer(nested), expected)
    weights = torch.tensor([[1.0, 3.0, 9.0], [2.0, 9.0, 9.0]])
    heavy = layer(padded, per_sample_weights=weights, mask=mask)
    torch.testing.assert_close(heavy[0], (layer.weight[1] + 3 * layer.weight[2]) / 4)


def test_missing_ids_leave_the_bag_or_become_a_row():
    zero = EmbeddingBag(5, 3, missing="zero", mode="mean")
    ids = torch.tensor([[1, 99, 2]])
    torch.testing.assert_close(zero(ids)[0], zero.weight[[1, 2]].mean(0))
    row = EmbeddingBag(5, 3, missing="row", unknown_row=4, mode="mean")
    torch.testing.assert_close(row(ids)[0], row.weight[[1, 4, 2]].mean(0))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((torch.tensor([1, 10]), torch.tensor([0])), r"id 10 at position \(1\) is out of range"),
        ((torch.tensor([0.5]), torch.tensor([0])), "not differentiable"),
        ((torch.tensor([1, 2]), torch.tensor([1])), r"offsets\[0\] must be 0, got 1"),
        ((torch.tensor([1, 2]), torch.tensor([0, 5])), "the last offset is 5, but there"),
        ((torch.tensor([1, 2]), None), "offsets has to be a 1D Tensor, got None"),
        ((torch.tensor([[1, 2]]), torch.tensor([0])), "if input is 2D, then offsets has"),
        ((torch.tensor([[[1]]]), None), "input has to be a 1D or 2D Tensor, got 3"),
        (
            (torch.tensor([1, 2]), torch.tensor([0]), torch.ones(3)),
            r"per_sample_weights must have the same shape as the input, \(2,\), got \(3,\)",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_bags_is_told(arguments, text):
    with pytest.raises((IdError, InputError), match=text):
        EmbeddingBag(10, 3)(*arguments)


def test_other_mistakes_are_told():
    with pytest.raises(InputError, match="mode must be one of sum, mean, sqrtn, max, got 'avg'"):
        EmbeddingBag(10, 3, mode="avg")
    with pytest.raises(InputError, match="mask must be booleans of shape"):
        EmbeddingBag(10, 3)(torch.tensor([[1, 2]]), mask=torch.tensor([[1, 0]]))
    with pytest.raises(InputError, match="include_last_offset: number of offsets should be at"):
        EmbeddingBag(10, 3, include_last_offset=True)(torch.tensor([1]), torch.tensor([]).long())


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn", "max"])
def test_bags_train_as_dense_adamw_would(mode):
    layers = []
    for ours in (True, False):
        torch.manual_seed(0)
        layer = EmbeddingBag(12, 4, mode=mode, dtype=torch.float64, padding_idx=2)
        maker = RowAdamW if ours else torch.optim.AdamW
        optimiser = maker(layer.parameters(), lr=0.05)
        generator = torch.Generator().manual_seed(1)
        for _ in range(40):
            optimiser.zero_grad()
            ids = torch.randint(0, 12, (2, 3), generator=generator)
            weights = torch.rand(2, 3, generator=generator, dtype=torch.float64) + 0.5
            layer(ids, per_sample_weights=weights).cos().sum().backward()
            optimiser.step()
        layer.flush()
        layers.append(layer)
    torch.testing.assert_close(layers[0].weight, layers[1].weight, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("trained", [False, True])
def test_max_norm_in_bags(trained):
    layer = EmbeddingBag(10, 4, max_norm=1.0, mode="sum")
    optimiser = RowAdamW(layer.parameters(), lr=0.5) if trained else None
    for _ in range(3):
        out = layer(torch.tensor([[1, 2]]))
        if optimiser:
            optimiser.zero_grad()
            (-out.square().sum()).backward()
            optimiser.step()
    layer(torch.tensor([[1, 2]]))
    assert bool((layer.weight[[1, 2]].norm(dim=1) <= 1).all())


def test_from_vectors_is_frozen_unless_said_otherwise():
    table = np.eye(4, dtype=np.float32)
    assert not EmbeddingBag.from_vectors(table).weight.requires_grad
    assert EmbeddingBag.from_vectors(table, freeze=False, mode="sum").weight.requires_grad


def test_symbols_of_several_rows():
    rows = RaggedRows(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 4]))
    layer = SymbolEmbedding(EmbeddingBag(3, 5, mode="sum"), rows)
    weight = layer.bag.weight
    out = layer(torch.tensor([[2, 0], [1, 2]]))
    torch.testing.assert_close(out[0, 0], weight[1] + 2 * weight[2])
    assert not out[1, 0].any()
    out.sum().backward()
    assert weight.grad[:, 0].tolist() == [1, 2, 4]
    with pytest.raises(IdError, match="the table has 3 rows"):
        layer(torch.tensor([3]))
