"""Whatever makes a graph of torch's layers makes one of ours, with the checks in it."""

import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from symvec.errors import IdError, InputError  # noqa: E402
from symvec.layers.torch import Embedding, EmbeddingBag, RowSGD  # noqa: E402

IDS = torch.tensor([[1, 2], [2, 9]])
FLAT, OFFSETS = torch.tensor([1, 2, 2, 9]), torch.tensor([0, 3])


def compiled(layer):
    torch._dynamo.reset()
    return torch.compile(layer, backend="aot_eager", fullgraph=True)


@pytest.mark.parametrize(
    "options",
    [
        {"mode": "sum"},
        {"mode": "mean", "padding_idx": 2},
        {"mode": "max"},
        {"mode": "sum", "sparse": True},
        {"mode": "sum", "missing": "row", "unknown_row": 9},
    ],
)
def test_bags_compile_to_one_graph_with_their_checks(options):
    layer = EmbeddingBag(10, 4, **options)
    graph = compiled(layer)
    found = []
    for call in (layer, graph):
        layer.zero_grad()
        out = call(FLAT, OFFSETS)
        out.sum().backward()
        found.append((out.detach(), layer.weight.grad.to_dense()))
    for eager, traced in zip(*found, strict=True):
        torch.testing.assert_close(eager, traced)
    with pytest.raises(InputError, match="offsets must not fall, but offsets"):
        graph(FLAT, torch.tensor([0, -1]))
    if layer.missing == "raise":
        with pytest.raises(IdError, match=r"id 10 at position \(3\)"):
            graph(FLAT + 1, OFFSETS)
    else:
        torch.testing.assert_close(graph(FLAT + 1, OFFSETS), layer(FLAT + 1, OFFSETS))


def test_weighted_sums_compile_and_what_torch_cannot_do_falls_back():
    weights = torch.rand(4, requires_grad=True)
    layer = EmbeddingBag(10, 4, mode="sum")
    out = compiled(layer)(FLAT, OFFSETS, weights)
    torch.testing.assert_close(out, layer(FLAT, OFFSETS, weights))
    out.sum().backward()
    torch.testing.assert_close(weights.grad, layer.weight.detach()[FLAT].sum(1))
    for options in ({"mode": "sqrtn"}, {"mode": "max", "dtype": torch.bfloat16}):
        other = EmbeddingBag(10, 4, **options)
        torch._dynamo.reset()
        in_parts = torch.compile(other, backend="eager")
        torch.testing.assert_close(in_parts(FLAT, OFFSETS), other(FLAT, OFFSETS))


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
@pytest.mark.parametrize("strict", [True, False])
def test_an_exported_layer_keeps_its_check(maker, strict):
    layer = maker(10, 4)
    exported = torch.export.export(layer, (IDS,), strict=strict).module()
    assert torch.equal(exported(IDS), layer(IDS))
    with pytest.raises(IdError, match="id 11 at position"):
        exported(IDS + 2)


@pytest.mark.parametrize(
    ("maker", "options"),
    [
        (Embedding, {}),
        (Embedding, {"missing": "zero"}),
        (Embedding, {"missing": "row", "unknown_row": 3}),
        (EmbeddingBag, {"mode": "sum"}),
        (EmbeddingBag, {"mode": "max"}),
    ],
)
def test_a_symbolic_trace_gives_the_same_numbers_and_errors(maker, options):
    layer = maker(10, 4, **options)
    graph = torch.fx.symbolic_trace(torch.nn.Sequential(layer))
    assert torch.equal(graph(IDS), layer(IDS))
    if "missing" in options:
        assert torch.equal(graph(IDS + 5), layer(IDS + 5))
    else:
        with pytest.raises(IdError, match=r"id 10 at position \(1, 1\)"):
            graph(IDS + 1)


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_a_symbolic_trace_under_a_row_optimiser_is_refused(maker):
    layer = maker(10, 4)
    RowSGD(layer.parameters(), lr=0.1)
    with pytest.raises(InputError, match="trace the model before you make the optimiser"):
        torch.fx.symbolic_trace(layer)


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_shapes_are_known_of_tensors_without_numbers(maker):
    layer = maker(10, 4)
    with torch._subclasses.FakeTensorMode(allow_non_fake_inputs=True) as mode:
        out = layer(mode.from_tensor(IDS))
    assert out.shape == layer(IDS).shape


@pytest.mark.parametrize("trained", [False, True])
def test_jagged_ids_give_jagged_rows(trained):
    layer = Embedding(10, 4)
    if trained:
        RowSGD(layer.parameters(), lr=0.1)
    ids = torch.nested.nested_tensor([torch.tensor([1, 2]), torch.tensor([9])], layout=torch.jagged)
    rows = layer(ids)
    assert [row.shape for row in rows.unbind()] == [(2, 4), (1, 4)]
    assert torch.equal(rows.values(), layer.weight[[1, 2, 9]])
    rows.values().sum().backward()
    assert layer.weight.grad.to_dense()[:, 0].tolist() == [0, 1, 1, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_a_weight_of_other_parameters_is_read(maker):
    layer = torch.nn.utils.parametrizations.weight_norm(maker(10, 4))
    layer(IDS).sum().backward()
    magnitude = layer.parametrizations.weight.original0
    assert (magnitude.grad[:, 0] != 0).nonzero().ravel().tolist() == [1, 2, 9]
    assert list(layer.state_dict()) == [f"parametrizations.weight.original{n}" for n in (0, 1)]


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_mixed_precision_leaves_rows_as_they_are(maker):
    layer, linear = maker(10, 4), torch.nn.Linear(4, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rows = layer(IDS)
        out = linear(rows)
    assert (rows.dtype, out.dtype) == (torch.float32, torch.bfloat16)
    out.float().sum().backward()
    assert layer.weight.grad.dtype == torch.float32
