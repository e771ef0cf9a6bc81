"""What PyTorch's own tests of Embedding and EmbeddingBag ask of them, asked of ours."""

import copy
import inspect
import itertools
import pickle

import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from symvec.errors import InputError  # noqa: E402
from symvec.layers.torch import Embedding, EmbeddingBag, RowSGD  # noqa: E402

ID_TYPES = [torch.int32, torch.int64]
FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
# (3, 1, 1), (1, 4, 0) and three empty bags of a table whose row r is (2r + 1, 2r + 2)
BAG_IDS, BAG_OFFSETS = [3, 1, 1, 1, 4, 0], [0, 0, 3, 3, 6]
LOOSE = {"rtol": 2e-2, "atol": 2e-2}


def counted(mode, dtype=torch.float64, **options):
    layer = EmbeddingBag(5, 2, mode=mode, dtype=dtype, **options)
    with torch.no_grad():
        layer.weight.copy_(torch.arange(1, 11).view(5, 2))
    return layer


def close(found, expected):
    half = found.dtype in (torch.float16, torch.bfloat16)
    torch.testing.assert_close(found, expected.to(found.dtype), **(LOOSE if half else {}))


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64])
def test_a_pretrained_table_may_hold_integers(dtype):
    table = torch.tensor([[1, 2, 3], [4, 5, 6]], dtype=dtype)
    layer = Embedding.from_pretrained(table)
    assert torch.equal(layer(torch.tensor([0, 1])), table)
    assert not layer.weight.requires_grad


def test_a_pretrained_table_is_shared_and_frozen_unless_said_otherwise():
    table = torch.rand(4, 3)
    for maker in (Embedding, EmbeddingBag):
        layer = maker.from_pretrained(table, padding_idx=2)
        assert layer.weight.data_ptr() == table.data_ptr()
        assert torch.equal(layer.weight, table)  # the padding row as well
        assert not layer.weight.requires_grad
        assert maker.from_pretrained(table, freeze=False).weight.requires_grad


@pytest.mark.parametrize("norm_type", [0.5, 2.0])
@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_rows_that_are_read_are_shortened_where_they_lie(norm_type, maker):
    options = {} if maker is Embedding else {"mode": "max"}
    table = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype=torch.float64)
    before = table.clone()
    layer = maker.from_pretrained(table, max_norm=2.0, norm_type=norm_type, **options)
    layer(torch.tensor([[0, 1]]))
    assert bool((table != before).all())
    assert bool((table.norm(p=norm_type, dim=1) <= 2.0).all())


def test_the_gradient_under_a_norm_is_that_of_the_lookup():
    layer = Embedding(4, 4, max_norm=1.0, _weight=torch.randn(4, 4) * 2)
    layer(torch.tensor([0, 1, 2, 2])).sum().backward()
    expected = torch.tensor([1.0, 1.0, 2.0, 0.0])[:, None].expand(4, 4)
    torch.testing.assert_close(layer.weight.grad, expected)


# torch itself still calls it on this way
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_a_tangent_passes_through_the_lookup():
    layer = Embedding(4, 4)
    tangent = torch.ones(4, 4)
    ids = torch.tensor([[0, 1], [2, 2]])
    _, moved = torch.func.jvp(
        lambda weight: torch.func.functional_call(layer, {"weight": weight}, (ids,)),
        (layer.weight.detach(),),
        (tangent,),
    )
    assert torch.equal(moved, torch.ones(2, 2, 4))


@pytest.mark.parametrize("padding_idx", [0, -2])
@pytest.mark.parametrize("sparse", [False, True])
def test_the_padding_row_starts_at_zero_and_may_be_set(padding_idx, sparse):
    layer = Embedding(10, 4, padding_idx=padding_idx, sparse=sparse)
    row = padding_idx % 10
    assert layer.padding_idx == row
    assert not layer(torch.tensor([[row, 1]]))[0, 0].any()
    with torch.no_grad():
        layer.weight[row] = 1.0
    assert torch.equal(layer(torch.tensor(row)), torch.ones(4))


@pytest.mark.parametrize("count", [1, 2, 1000])
@pytest.mark.parametrize("others", [[], [1, 3], [2]])
def test_padding_gets_no_gradient_of_any_order(count, others):
    layer = Embedding(5, 2, padding_idx=0)
    ids = torch.tensor(others + [0] * count)
    total = layer(ids).sum()
    (first,) = torch.autograd.grad(total, layer.weight, create_graph=True)
    (first.sum() + total).backward()
    assert not layer.weight.grad[0].any()
    assert torch.equal(first[1:, 0] > 0, torch.isin(torch.arange(1, 5), ids))


def test_sparse_gradients_keep_the_order_of_the_batch_and_add_up():
    layer = Embedding(10, 3, sparse=True)
    for _ in range(2):
        layer(torch.tensor([7, 1, 3])).sum().backward()
    assert layer.weight.grad._indices().tolist() == [[7, 1, 3, 7, 1, 3]]
    assert layer.weight.grad.shape == layer.weight.shape


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
@pytest.mark.parametrize("padding_idx", [-6, -5, 4, 5])
def test_a_padding_row_outside_of_the_table_is_torchs_error(maker, padding_idx):
    if -5 <= padding_idx < 5:
        assert maker(5, 2, padding_idx=padding_idx).padding_idx == padding_idx % 5
        return
    with pytest.raises(AssertionError, match="must be within num_embeddings"):
        maker(5, 2, padding_idx=padding_idx)


@pytest.mark.parametrize("types", list(itertools.product(ID_TYPES, ID_TYPES)))
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("sparse", [False, True])
def test_known_bags_with_empty_ones_among_them(types, dtype, mode, sparse):
    layer = counted(mode, dtype, sparse=sparse)
    ids, offsets = torch.tensor(BAG_IDS, dtype=types[0]), torch.tensor(BAG_OFFSETS, dtype=types[1])
    out = layer(ids, offsets)
    full = {"sum": [[13, 16]] * 2, "mean": [[13 / 3, 16 / 3]] * 2, "max": [[7, 8], [9, 10]]}[mode]
    expected = torch.zeros(5, 2, dtype=torch.float64)
    expected[[1, 3]] = torch.tensor(full, dtype=torch.float64)
    close(out, expected)
    towards = torch.tensor([[99, 99], [1, 2], [99, 99], [3, 4], [99, 99]], dtype=dtype)
    out.backward(towards)
    rows = torch.tensor([[3, 4], [5, 8], [0, 0], [1, 2], [3, 4]], dtype=torch.float64)
    if mode == "max":
        rows[[0, 1]] = 0
    close(layer.weight.grad.to_dense(), rows / 3 if mode == "mean" else rows)
    close(layer(ids.view(2, 3)), expected[[1, 3]])


@pytest.mark.parametrize("types", list(itertools.product(ID_TYPES, ID_TYPES)))
@pytest.mark.parametrize("mode", ["sum", "mean", "max", "sqrtn"])
@pytest.mark.parametrize("trained", [False, True])
def test_no_ids_give_zeros_and_a_gradient_of_zeros(types, mode, trained):
    layer = EmbeddingBag(4, 3, mode=mode)
    if trained:
        RowSGD(layer.parameters(), lr=0.1)
    for bags in (1, 2, 4):
        offsets = torch.zeros(bags, dtype=types[1])
        out = layer(torch.empty(0, dtype=types[0]), offsets)
        assert torch.equal(out, torch.zeros(bags, 3))
        out.sum().backward()
    assert not layer.weight.grad.to_dense().any()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("last", [False, True])
def test_weights_of_a_sum_and_their_gradient(dtype, last):
    layer = counted("sum", dtype, include_last_offset=last)
    offsets = torch.tensor(BAG_OFFSETS + [6] * last)
    weights = torch.linspace(-1, 1, 6, dtype=dtype).requires_grad_()
    out = layer(torch.tensor(BAG_IDS), offsets, weights)
    table = layer.weight.detach().double().requires_grad_()
    known = weights.detach().double().requires_grad_()
    each = table[BAG_IDS] * known[:, None]
    expected = torch.stack(
        [each[first:stop].sum(0) for first, stop in itertools.pairwise([*BAG_OFFSETS, 6])]
    )
    close(out, expected)
    towards = torch.arange(10.0).view(5, 2)
    out.backward(towards.to(dtype))
    expected.backward(towards.double())
    close(weights.grad, known.grad)
    close(layer.weight.grad, table.grad)


@pytest.mark.parametrize(
    ("of_rows", "of_weights"), list(itertools.product([True, False], repeat=2))
)
@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_either_gradient_may_be_asked_for_alone(of_rows, of_weights, mode):
    layer = EmbeddingBag(8, 3, mode=mode).requires_grad_(of_rows)
    ids = torch.arange(1, 5).expand(3, -1)  # not contiguous
    weights = torch.rand(3, 4, requires_grad=of_weights)
    out = layer(ids, per_sample_weights=weights.softmax(-1))
    assert out.requires_grad == (of_rows or of_weights)
    if out.requires_grad:
        out.sum().backward()
    assert (layer.weight.grad is not None) == of_rows
    assert (weights.grad is not None) == of_weights


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("all_padding", [False, True])
def test_padding_takes_no_part_in_a_bag_in_either_form(mode, all_padding):
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(0, 6, (7, 5), generator=generator)
    ids[2] = 3
    if all_padding:
        ids[:] = 3
    flat, padded = (EmbeddingBag(6, 3, mode=mode, padding_idx=3) for _ in range(2))
    padded.load_state_dict(flat.state_dict())
    outs = [flat(ids.ravel(), torch.arange(0, 35, 5)), padded(ids)]
    real = ids != 3
    rows = flat.weight.detach()[ids]
    lowest = rows.masked_fill(~real[..., None], -torch.inf).amax(1)
    total = (rows * real[..., None]).sum(1)
    count = real.sum(1).clamp(min=1)[:, None]
    expected = {"sum": total, "mean": total / count, "max": lowest}[mode]
    expected = expected.masked_fill(~real.any(1)[:, None], 0)
    for layer, out in zip((flat, padded), outs, strict=True):
        torch.testing.assert_close(out, expected)
        out.sum().backward()
        assert not layer.weight.grad[3].any()
    torch.testing.assert_close(flat.weight.grad, padded.weight.grad)


def test_the_last_offset_is_the_end_of_the_ids_as_in_torch():
    layer = EmbeddingBag(100, 3, include_last_offset=True, padding_idx=61)
    ids = torch.arange(4)
    expected = torch.stack([layer.weight[:3].mean(0), layer.weight[3]])
    for last in (3, 4):
        torch.testing.assert_close(layer(ids, torch.tensor([0, 3, last])), expected)


@pytest.mark.parametrize(
    ("ids", "offsets", "kind", "text"),
    [
        (torch.ones(3, 4, dtype=torch.int64), torch.arange(3), ValueError, "None"),
        (torch.ones(12, dtype=torch.int64), None, ValueError, "1D Tensor"),
        (torch.ones(12, dtype=torch.int64), torch.tensor([1, 2]), RuntimeError, "must be 0"),
        (torch.ones(12, dtype=torch.int64), torch.tensor([0, 100]), RuntimeError, "only 12 ids"),
        (torch.ones(12, dtype=torch.int64), torch.tensor([0, 5, 2]), RuntimeError, "not fall"),
        (torch.ones(2, 2, 2, dtype=torch.int64), None, ValueError, "1D or 2D Tensor"),
    ],
)
@pytest.mark.parametrize("mode", ["sum", "max"])
def test_what_makes_no_bags_is_an_error_of_torchs_kind(ids, offsets, kind, text, mode):
    with pytest.raises(kind, match=text) as caught:
        EmbeddingBag(10, 20, mode=mode)(ids, offsets)
    assert isinstance(caught.value, InputError)


def test_weights_that_do_not_fit_are_errors_of_torchs_kind():
    layer, ids, offsets = EmbeddingBag(5, 2, mode="sum"), torch.tensor(BAG_IDS), BAG_OFFSETS
    with pytest.raises(RuntimeError, match="have the same type as"):
        layer(ids, torch.tensor(offsets), torch.rand(6, dtype=torch.float64))
    with pytest.raises(ValueError, match="same shape as the input"):
        layer(ids, torch.tensor(offsets), torch.rand(5))
    with pytest.raises(ValueError, match="same shape as the input"):
        layer(ids.view(2, 3), None, torch.rand(6))


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("bad", [-1, 10])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_an_id_outside_of_the_table_is_told_in_each_mode(mode, bad, dtype):
    with pytest.raises(IndexError, match=r"position \(0, 1\) is out of range: the table has 10"):
        EmbeddingBag(10, 2, mode=mode, dtype=dtype, padding_idx=0)(torch.tensor([[1, bad]]))


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_it_looks_saves_and_copies_as_torchs_does(maker):
    theirs = {Embedding: torch.nn.Embedding, EmbeddingBag: torch.nn.EmbeddingBag}[maker]
    options = {"padding_idx": 1, "max_norm": 2.0, "scale_grad_by_freq": True, "sparse": True}
    ours, peer = maker(4, 3, **options), theirs(4, 3, **options)
    assert repr(ours) == repr(peer)
    assert list(ours.state_dict()) == ["weight"]
    assert isinstance(ours, theirs)
    peer.load_state_dict(ours.state_dict())
    ids = torch.tensor([[0, 2]])
    for twin in (copy.deepcopy(ours), pickle.loads(pickle.dumps(ours)), peer):
        assert torch.equal(twin(ids), ours(ids))


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_shapes_are_known_without_numbers_on_the_meta_device(maker):
    layer = maker(10, 3, device="meta", dtype=torch.float64)
    out = layer(torch.zeros(2, 4, dtype=torch.int64, device="meta"))
    assert out.is_meta
    assert out.shape == ((2, 4, 3) if maker is Embedding else (2, 3))
    assert layer.to_empty(device="cpu").weight.dtype == torch.float64


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_a_layer_may_be_called_with_another_weight(maker):
    layer = maker(5, 3)
    ids, other = torch.tensor([[0, 4], [2, 2]]), torch.rand(5, 3)
    out = torch.func.functional_call(layer, {"weight": other}, (ids,))
    assert torch.equal(out, other[ids] if maker is Embedding else other[ids].mean(1))


def test_an_ensemble_of_tables_is_read_at_once():
    layer = Embedding(5, 3)
    ids, tables = torch.tensor([0, 4]), torch.rand(7, 5, 3)
    read = torch.vmap(lambda w: torch.func.functional_call(layer, {"weight": w}, (ids,)))
    assert torch.equal(read(tables), tables[:, ids])
    many = torch.tensor([[0, 4], [1, 1], [3, 2]])
    assert torch.equal(torch.vmap(layer)(many), layer.weight[many])
    with pytest.raises(IndexError, match=r"id 5 at position \(1, 0\)"):
        torch.vmap(layer)(torch.tensor([[0, 4], [5, 1]]))


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_a_weight_that_is_not_contiguous_reads_as_its_copy(mode):
    wide = torch.randn(3, 4)
    layers = [
        EmbeddingBag.from_pretrained(weight, mode=mode)
        for weight in (wide[:, :3], wide[:, :3].clone())
    ]
    ids, offsets = torch.tensor([0, 1, 2]), torch.tensor([0, 2])
    torch.testing.assert_close(*(layer(ids, offsets) for layer in layers))


def test_a_half_precision_layer_may_be_moved():
    layer = Embedding(10, 3, sparse=True).to(torch.float16)
    assert layer.weight.dtype == torch.float16
    assert layer(torch.tensor([1])).dtype == torch.float16


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_weighted_mean_is_one_with_and_without_a_padding_row(dtype):
    table = torch.rand(6, 3, dtype=dtype)
    ids, offsets = torch.tensor([0, 1, 2, 2, 4]), torch.tensor([0, 2, 2, 4])
    found = []
    for padding_idx in (None, 5):
        layer = EmbeddingBag.from_pretrained(
            table.clone(), freeze=False, mode="mean", padding_idx=padding_idx
        )
        weights = torch.tensor([0.5, 1.5, 2.0, -2.0, 0.25], dtype=dtype, requires_grad=True)
        out = layer(ids, offsets, weights)
        out.cos().sum().backward()
        found.append((out, layer.weight.grad, weights.grad))
    for plain, padded in zip(*found, strict=True):
        torch.testing.assert_close(plain, padded)
    assert not found[0][0][[1, 2]].any()  # no ids, and weights that add up to 0


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_the_constructor_takes_torchs_arguments_in_torchs_order(maker):
    theirs = getattr(torch.nn, maker.__name__)
    known = list(inspect.signature(theirs).parameters)
    assert list(inspect.signature(maker).parameters)[: len(known)] == known
    weight = torch.rand(4, 3, dtype=torch.float64)
    if maker is Embedding:
        arguments = (4, 3, -1, 1.0, 1.5, True, False, weight, True, "cpu", torch.float64)
    else:
        arguments = (4, 3, 1.0, 1.5, False, "sum", False, weight, True, -1, "cpu", torch.float64)
    ours, peer = maker(*arguments), theirs(*arguments)
    assert repr(ours) == repr(peer)
    assert ours.weight.data_ptr() == weight.data_ptr()
    assert ours.weight.requires_grad == peer.weight.requires_grad
    assert torch.nn.utils.skip_init(maker, 4, 3).weight.shape == (4, 3)
    with pytest.raises(AssertionError, match="Shape of weight does not match"):
        maker(5, 3, _weight=weight)


PRETRAINED = {
    "freeze": [True, False],
    "padding_idx": [None, 2, -1],
    "max_norm": [None, 0.5],
    "norm_type": [1.0, 2.0],
    "sparse": [False, True],
}


@pytest.mark.parametrize("values", list(itertools.product(*PRETRAINED.values())))
@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_a_pretrained_layer_is_torchs_under_every_argument(maker, values):
    theirs = getattr(torch.nn, maker.__name__)
    options = dict(zip(PRETRAINED, values, strict=True))
    table = torch.rand(5, 3, generator=torch.Generator().manual_seed(4))
    found = []
    for kind in (maker, theirs):
        layer = kind.from_pretrained(table.clone(), **options)
        out = layer(torch.tensor([[0, 2, 2], [4, 1, 3]]))
        if layer.weight.requires_grad:
            out.cos().sum().backward()
        gradient = None if layer.weight.grad is None else layer.weight.grad.to_dense()
        found.append((out.detach(), layer.weight.detach(), gradient))
    for mine, other in zip(*found, strict=True):
        torch.testing.assert_close(mine, other)


def test_what_a_bag_refuses_is_an_error_of_torchs_kind_too():
    layer = EmbeddingBag(10, 2)
    for bad in (torch.tensor([[10]]), torch.tensor([[0.5]])):
        with pytest.raises(RuntimeError, match="id") as caught:
            layer(bad)
        assert isinstance(caught.value, InputError)
    with pytest.raises(RuntimeError, match="offsets must be integers, got float32"):
        layer(torch.tensor([1]), torch.tensor([0.0]))
    with pytest.raises(RuntimeError, match="offsets has to be a 1D Tensor"):
        layer(torch.tensor([1]), torch.tensor([[0]]))


def test_bags_of_no_length_are_zeros():
    layer = EmbeddingBag(10, 2)
    assert torch.equal(layer(torch.empty(3, 0, dtype=torch.int64)), torch.zeros(3, 2))
    assert layer(torch.empty(0, 3, dtype=torch.int64)).shape == (0, 2)
    empty = torch.empty(0, dtype=torch.int64)
    assert layer(empty, empty).shape == (0, 2)
    assert EmbeddingBag(10, 2, include_last_offset=True)(empty, torch.zeros(1).long()).shape == (
        0,
        2,
    )
    assert torch.equal(EmbeddingBag(0, 2)(empty, torch.zeros(2).long()), torch.zeros(2, 2))


@pytest.mark.parametrize("name", ["Embedding", "EmbeddingBag"])
def test_it_may_take_the_place_of_torchs_class(name, monkeypatch):
    ours = {"Embedding": Embedding, "EmbeddingBag": EmbeddingBag}[name]
    for place in (torch.nn, torch.nn.modules, torch.nn.modules.sparse):
        monkeypatch.setattr(place, name, ours)
    layer = getattr(torch.nn, name)(5, 2, scale_grad_by_freq=False)
    assert layer(torch.tensor([[1, 2]])).shape == ((1, 2, 2) if name == "Embedding" else (1, 2))
    layer(torch.tensor([[1, 2]])).sum().backward()
