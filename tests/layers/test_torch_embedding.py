import copy
import io
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from symvec.errors import IdError, InputError, UnknownSymbolError  # noqa: E402
from symvec.layers.torch import Embedding, RowAdamW, RowSGD  # noqa: E402


def pair(*arguments, **options):
    """Return our layer and torch's with the same weight."""
    torch.manual_seed(0)
    theirs = torch.nn.Embedding(*arguments, **options)
    ours = Embedding(*arguments, **options)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding_idx": 0},
        {"padding_idx": -2},
        {"max_norm": 1.0},
        {"max_norm": 1.0, "norm_type": 1.0},
        {"scale_grad_by_freq": True},
        {"sparse": True},
        {"sparse": True, "padding_idx": 3},
        {"dtype": torch.float64},
        {"dtype": torch.bfloat16},
        {"dtype": torch.float16},
    ],
)
@pytest.mark.parametrize("trained", [False, True])
def test_the_numbers_and_gradients_are_those_of_torch(options, trained):
    ours, theirs = pair(10, 6, **options)
    if trained:
        RowSGD(ours.parameters(), lr=0.1)
    ids = torch.tensor([[0, 2, 8, 5], [8, 3, 0, 9]])
    towards = torch.randn(2, 4, 6).to(ours.weight.dtype)
    for layer in (ours, theirs):
        (layer(ids) * towards).sum().backward()
    assert torch.equal(ours(ids), theirs(ids))
    got, expected = ours.weight.grad, theirs.weight.grad
    assert got.is_sparse == (expected.is_sparse or trained)
    torch.testing.assert_close(got.to_dense(), expected.to_dense(), rtol=1e-2, atol=1e-2)
    torch.testing.assert_close(ours.weight, theirs.weight)
    if trained:
        rows = got._indices()[0]
        assert bool((rows[1:] > rows[:-1]).all())


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3, 1)])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64])
@pytest.mark.parametrize("trained", [False, True])
def test_ids_of_any_rank_and_integer_type(shape, dtype, trained):
    layer = Embedding(4, 3)
    if trained:
        RowSGD(layer.parameters(), lr=0.1)
    out = layer(torch.ones(shape, dtype=dtype))
    assert tuple(out.shape) == (*shape, 3)
    out.sum().backward()
    assert layer.weight.grad.shape == (4, 3)


@pytest.mark.parametrize(("rows", "width"), [(0, 0), (10, 0)])
@pytest.mark.parametrize("trained", [False, True])
def test_sparse_gradients_of_tables_without_numbers(rows, width, trained):
    layer = Embedding(rows, width, sparse=True)
    if trained:
        RowSGD(layer.parameters(), lr=0.1)
    ids = [[0, 2], [4, 4]] if rows else []
    layer(torch.tensor(ids, dtype=torch.int64)).sum().backward()
    assert layer.weight.grad.is_sparse
    assert layer.weight.grad.shape == (rows, width)


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        (torch.tensor([[1, 12]]), r"id 12 at position \(0, 1\) is out of range: the table has 10"),
        (torch.tensor([-1]), "negative ids do not count from the end"),
        (torch.tensor([0.5]), "not differentiable with respect to its input"),
        (torch.tensor([0.5], dtype=torch.bfloat16), "ids must be integers, got bfloat16"),
        (torch.tensor([True]), "a mask is not a list of ids"),
        ([[1, 2], [3]], "lists of different lengths"),
    ],
)
@pytest.mark.parametrize("trained", [False, True])
def test_bad_ids_are_told_apart(ids, text, trained):
    layer = Embedding(10, 3)
    if trained:
        RowSGD(layer.parameters(), lr=0.1)
    with pytest.raises(IdError, match=text):
        layer(ids)


def test_the_output_of_another_layer_is_refused_with_the_reason():
    hidden = torch.nn.Linear(3, 4)(torch.ones(2, 3))
    with pytest.raises(IdError, match="it cannot follow another layer: attach it to the ids"):
        Embedding(10, 3)(hidden)


def test_bad_ids_are_index_errors_too_as_in_torch():
    with pytest.raises(IndexError):
        Embedding(10, 3)(torch.tensor([10]))


@pytest.mark.parametrize("trained", [False, True])
def test_missing_ids_by_name(trained):
    zero = Embedding(5, 3, missing="zero")
    row = Embedding(5, 3, missing="row", unknown_row=4)
    if trained:
        for layer in (zero, row):
            RowSGD(layer.parameters(), lr=0.1)
    ids = torch.tensor([[1, 99], [-5, 2]])
    out = zero(ids)
    assert not out[0, 1].any()
    assert not out[1, 0].any()
    assert torch.equal(out[0, 0], zero.weight[1])
    out.sum().backward()
    assert zero.weight.grad.to_dense()[:, 0].tolist() == [0, 1, 1, 0, 0]
    out = row(ids)
    assert torch.equal(out[0, 1], row.weight[4])
    out.sum().backward()
    assert row.weight.grad.to_dense()[:, 0].tolist() == [0, 1, 1, 0, 2]
    with pytest.raises(InputError, match="missing='row' needs unknown_row"):
        Embedding(5, 3, missing="row")


@pytest.mark.parametrize("trained", [False, True])
def test_frozen_rows_and_frozen_tables(trained):
    layer = Embedding(5, 3, frozen_rows=[1, 3])
    before = layer.weight.detach().clone()
    optimiser = (
        RowAdamW(layer.parameters(), lr=0.1, weight_decay=0.5)
        if trained
        else torch.optim.SGD(layer.parameters(), lr=0.1)
    )
    for _ in range(5):
        optimiser.zero_grad()
        layer(torch.tensor([1, 2, 4])).sum().backward()
        optimiser.step()
    if trained:
        optimiser.flush()
    moved = (layer.weight != before).any(dim=1).tolist()
    assert moved == (
        [True, False, True, False, True] if trained else [False, False, True, False, True]
    )
    frozen = Embedding.from_pretrained(before)
    assert frozen.weight.requires_grad is False
    assert isinstance(frozen, Embedding)


def test_from_pretrained_takes_torchs_options():
    table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype=torch.float64)
    layer = Embedding.from_pretrained(
        table, max_norm=2.0, norm_type=0.5, scale_grad_by_freq=False, sparse=True
    )
    out = layer(torch.tensor([0, 1]))
    assert torch.equal(table, out)  # normed in place
    assert bool((out.norm(p=0.5, dim=1) <= 2.0).all())


def test_padding_out_of_range_is_torchs_error():
    with pytest.raises(AssertionError, match="Padding_idx must be within num_embeddings"):
        Embedding(4, 3, padding_idx=4)


def test_words_in_and_vectors_out():
    model = SimpleNamespace(table=np.eye(3, dtype=np.float32), index_to_key=["a", "b", "c"])
    layer = Embedding.from_vectors(model, padding=True, unknown=True, freeze=False)
    assert (layer.num_embeddings, layer.padding_idx) == (5, 3)
    assert layer.weight.requires_grad
    vectors = layer.vectors_of([["a", "c"], ["tea", "b"]])
    assert vectors[0].tolist() == [[1, 0, 0], [0, 0, 1]]
    torch.testing.assert_close(vectors[1, 0], torch.full((3,), 1 / 3))
    assert layer.mask([[0, 3]]).tolist() == [[True, False]]
    with pytest.raises(UnknownSymbolError, match="'tea'"):
        Embedding.from_vectors(model).vectors_of(["tea"])
    with pytest.raises(InputError, match="this layer has no words"):
        Embedding(3, 3).vectors_of(["a"])


def test_a_weight_that_is_not_contiguous():
    weight = torch.randn(6, 8)[::2, ::2]
    layer = Embedding(3, 4, _weight=weight)
    RowAdamW(layer.parameters())
    assert torch.equal(layer(torch.tensor([2, 0])), weight[[2, 0]])
    layer(torch.tensor([2, 2])).sum().backward()
    assert layer.weight.grad.to_dense()[:, 0].tolist() == [0, 0, 2]


def test_double_backward_without_a_row_optimiser_and_its_refusal_with_one():
    weight = torch.randn(5, 3, dtype=torch.float64)
    layer = Embedding(5, 3, _weight=weight)
    ids = torch.tensor([[0, 1, 1], [3, 4, 0]])

    def lookup(table):
        return torch.func.functional_call(layer, {"weight": table}, (ids,))

    inputs = (weight.clone().requires_grad_(),)
    assert torch.autograd.gradcheck(lookup, inputs)
    assert torch.autograd.gradgradcheck(lookup, inputs)


@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_a_compiled_model_gives_the_same_numbers_and_errors(trained, backend):
    torch._dynamo.reset()
    torch.manual_seed(0)
    layer = Embedding(10, 4)
    model = torch.nn.Sequential(layer, torch.nn.Linear(4, 2))
    compiled = torch.compile(model, backend=backend, fullgraph=not trained)
    if trained:  # also where the optimiser comes after the first run
        compiled(torch.tensor([[1, 2], [2, 9]]))
        RowAdamW(layer.parameters(), lr=0.1)
    ids = torch.tensor([[1, 2], [2, 9]])
    torch.testing.assert_close(compiled(ids), model(ids))
    compiled(ids).sum().backward()
    grads = layer.weight.grad.to_dense().clone()
    layer.weight.grad = None
    model(ids).sum().backward()
    torch.testing.assert_close(grads, layer.weight.grad.to_dense())
    with pytest.raises(IdError, match="id 10 at position"):
        compiled(torch.tensor([[1, 2], [2, 10]]))


def test_tied_projection_adds_its_gradient_to_the_lookups():
    layers = []
    for trained in (False, True):
        torch.manual_seed(0)
        layer = Embedding(7, 4, dtype=torch.float64)
        optimiser = (
            RowAdamW(layer.parameters(), lr=0.1)
            if trained
            else torch.optim.AdamW(layer.parameters(), lr=0.1)
        )
        for step in range(6):
            optimiser.zero_grad()
            hidden = layer(torch.tensor([step % 7, 2, 2]))
            if step % 2:
                layer.logits(hidden).logsumexp(dim=1).sum().backward()
            else:
                hidden.cos().sum().backward()
            optimiser.step()
        layer.flush()
        layers.append(layer)
    torch.testing.assert_close(layers[0].weight, layers[1].weight)


def train_a_little(layer, optimiser, steps=5, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        optimiser.zero_grad()
        ids = torch.randint(0, layer.num_embeddings, (3,), generator=generator)
        layer(ids).cos().sum().backward()
        optimiser.step()


def test_saving_and_copying_bring_every_row_up_to_date():
    def fresh():
        torch.manual_seed(0)
        layer = Embedding(20, 4)
        optimiser = RowAdamW(layer.parameters(), lr=0.1)
        train_a_little(layer, optimiser)
        return layer, optimiser

    expected, optimiser = fresh()
    behind = expected.weight.detach().clone()
    optimiser.flush()
    assert not torch.equal(behind, expected.weight)

    assert torch.equal(fresh()[0].state_dict()["weight"], expected.weight)
    assert torch.equal(copy.deepcopy(fresh()[0]).weight, expected.weight)
    buffer = io.BytesIO()
    torch.save(fresh()[0], buffer)
    buffer.seek(0)
    assert torch.equal(torch.load(buffer, weights_only=False).weight, expected.weight)
    layer, optimiser = fresh()
    optimiser.state_dict()
    assert torch.equal(layer.weight, expected.weight)


def test_loading_a_state_throws_missed_steps_away():
    torch.manual_seed(0)
    layer = Embedding(20, 4)
    optimiser = RowAdamW(layer.parameters(), lr=0.1)
    train_a_little(layer, optimiser)
    other = torch.randn(20, 4)
    layer.load_state_dict({"weight": other})
    assert torch.equal(layer(torch.arange(20)), other)


def test_writing_to_a_weight_whose_rows_are_behind_is_refused():
    layer = Embedding(20, 4)
    optimiser = RowAdamW(layer.parameters(), lr=0.1)
    train_a_little(layer, optimiser)
    with torch.no_grad():
        layer.weight.mul_(2)
    with pytest.raises(InputError, match="call the row optimiser's flush"):
        layer(torch.tensor([1]))


def test_writing_to_a_weight_after_flush_is_fine():
    layer = Embedding(20, 4)
    optimiser = RowAdamW(layer.parameters(), lr=0.1)
    train_a_little(layer, optimiser)
    optimiser.flush()
    with torch.no_grad():
        layer.weight.fill_(2)
    assert layer(torch.tensor([1])).tolist() == [[2.0] * 4]
