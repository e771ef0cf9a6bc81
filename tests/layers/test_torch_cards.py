"""The layers on a graphics card: nothing waits for it, and it outlives bad ids."""

from contextlib import contextmanager

import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
if not torch.cuda.is_available():
    pytest.skip("there is no graphics card", allow_module_level=True)
from symvec.errors import IdError  # noqa: E402
from symvec.layers.torch import Embedding, EmbeddingBag, RowAdamW  # noqa: E402
from symvec.layers.torch.ids import IN_GRAPHS  # noqa: E402
from symvec.layers.torch.offsets import BagError, BagIdError  # noqa: E402

IDS, OFFSETS = [1, 2, 4, 4, 0, 9, 1], [0, 3, 3, 5]


@contextmanager
def not_waiting():
    """Make any call that waits for the card an error."""
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def on_card(*numbers, **options):
    return torch.tensor(*numbers, device="cuda", **options)


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64])
@pytest.mark.parametrize("missing", ["raise", "zero"])
def test_a_lookup_waits_for_nothing_and_is_that_of_torch(dtype, missing):
    layer = Embedding(10, 3, padding_idx=2, missing=missing).cuda()
    theirs = torch.nn.Embedding.from_pretrained(layer.weight.detach(), False, padding_idx=2)
    ids = on_card([[1, 2], [3, 3]], dtype=dtype)
    layer(ids)
    torch.cuda.synchronize()
    with not_waiting():
        out = layer(ids)
        out.square().sum().backward()
    theirs(ids).square().sum().backward()
    torch.testing.assert_close(layer.weight.grad, theirs.weight.grad)
    torch.testing.assert_close(out, theirs(ids))
    layer.raise_bad_ids()


@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_a_bad_id_is_told_of_later_and_the_card_goes_on(maker):
    layer = maker(10, 3).cuda()
    layer(on_card([[1, 12], [-3, 2]]))
    torch.cuda.synchronize()
    with pytest.raises(IdError, match=r"id 12 at position \(0, 1\) .*in an earlier batch") as told:
        layer(on_card([[1]]))
    assert isinstance(told.value, BagIdError) == (maker is EmbeddingBag)
    assert torch.isfinite(layer(on_card([[1]]))).all()
    layer(on_card([[-1]]))
    with pytest.raises(IdError, match=r"id -1 at position \(0, 0\)"):
        layer.raise_bad_ids()
    layer.raise_bad_ids()
    assert layer(on_card([[1]])).isfinite().all()


def test_no_bad_id_is_lost_when_the_card_is_far_behind():
    layer, busy = Embedding(10, 3).cuda(), torch.randn(4096, 4096, device="cuda")
    given = [on_card([1]), on_card([77]), on_card([2])]
    layer(on_card([1]))
    torch.cuda.synchronize()
    for _ in range(50):
        busy = busy @ busy
    with not_waiting():
        for ids in given:
            layer(ids)
    with pytest.raises(IdError, match="id 77"):
        layer.raise_bad_ids()
    layer.raise_bad_ids()


@pytest.mark.parametrize("ids", [[[1, 12]], [[0.5]], [[True]], [[1, 2], [3]]])
@pytest.mark.parametrize("maker", [Embedding, EmbeddingBag])
def test_what_is_known_at_once_is_told_at_once(maker, ids):
    with pytest.raises(IdError, match=r"id 12 at position|ids must be integers"):
        maker(10, 3).cuda()(ids)


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn", "max"])
@pytest.mark.parametrize(
    "options", [{}, {"padding_idx": 4}, {"missing": "zero"}, {"max_norm": 1.0}]
)
@pytest.mark.parametrize("weighted", [False, True])
def test_bags_are_those_of_the_processor(mode, options, weighted):
    torch.manual_seed(1)
    here = EmbeddingBag(10, 6, mode=mode, dtype=torch.float64, **options)
    there = EmbeddingBag(10, 6, mode=mode, dtype=torch.float64, **options).cuda()
    there.load_state_dict(here.state_dict())
    ids = [1, 99, 4, 4, 0, 9, 1] if "missing" in options else IDS
    towards, found = torch.randn(4, 6, dtype=torch.float64), []
    for layer, device in ((here, "cpu"), (there, "cuda")):
        weights = torch.tensor([0.5, 2, -1, 3, 1, 0.25, 1], dtype=torch.float64, device=device)
        weights = weights.requires_grad_() if weighted else None
        out = layer(torch.tensor(ids, device=device), torch.tensor(OFFSETS, device=device), weights)
        assert out.device.type == device
        (out * towards.to(device)).sum().backward()
        found.append([out.detach(), layer.weight.grad] + ([weights.grad] if weighted else []))
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(theirs.cpu(), ours)


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn", "max"])
def test_bags_wait_for_nothing(mode):
    layer = EmbeddingBag(10, 6, mode=mode).cuda()
    weights = None if mode == "max" else torch.rand(len(IDS), device="cuda")
    arguments = on_card(IDS), on_card(OFFSETS), weights
    layer(*arguments)
    torch.cuda.synchronize()
    with not_waiting():
        layer(*arguments)
        layer(arguments[0][None])
    layer.raise_bad_ids()


def test_bad_offsets_on_a_card_are_told_of_later():
    layer = EmbeddingBag(10, 3).cuda()
    layer(on_card(IDS), on_card([0, 3, 1]))
    with pytest.raises(BagError, match=r"must not fall, but offsets\[2\] is 1 after 3"):
        layer.raise_bad_ids()
    layer(on_card(IDS), on_card([0, 1 << 40]))
    with pytest.raises(BagError, match="the last offset is 1099511627776, but there are only 7"):
        layer.raise_bad_ids()
    assert layer(on_card(IDS), on_card(OFFSETS)).isfinite().all()
    with pytest.raises(BagError, match="but there are only 7 ids"):
        layer(on_card(IDS), torch.tensor([0, 9]))


def test_a_row_optimiser_trains_a_table_on_a_card_as_on_the_processor():
    tables = []
    for device in ("cpu", "cuda"):
        torch.manual_seed(1)
        layer = Embedding(10, 3, padding_idx=2).to(device)
        optimiser = RowAdamW(layer.parameters(), lr=0.1)
        for step in range(5):
            ids = torch.tensor([[step, 2, 7, step]], device=device)
            layer(ids).square().sum().backward()
            optimiser.step()
            optimiser.zero_grad()
        with pytest.raises(IdError, match=r"id 12 at position \(1\) .* 0 to 9$"):
            layer(torch.tensor([1, 12], device=device))
        optimiser.flush()
        tables.append(layer.weight.detach().cpu())
    torch.testing.assert_close(*tables)


def test_mixed_precision_and_half_tables_on_a_card():
    layer = Embedding(10, 8, dtype=torch.bfloat16).cuda()
    with torch.autocast("cuda", torch.bfloat16):
        out = torch.nn.Linear(8, 2).cuda()(layer(on_card([1, 2])))
    assert out.dtype == torch.bfloat16
    bag = EmbeddingBag(10, 8, mode="sqrtn", dtype=torch.bfloat16).cuda()
    assert bag(on_card(IDS), on_card(OFFSETS)).dtype == torch.bfloat16


@pytest.mark.parametrize("mode", ["default", "reduce-overhead"])
def test_a_compiled_layer_waits_for_nothing_and_tells_later(mode):
    IN_GRAPHS.raise_found(wait=True)
    layer = Embedding(10, 4).cuda()
    compiled = torch.compile(lambda ids: layer(ids).square().sum(-1), fullgraph=True, mode=mode)
    for _ in range(4):
        found = compiled(on_card([1, 2, 3]))
    torch.testing.assert_close(found, layer(on_card([1, 2, 3])).square().sum(-1))
    torch.cuda.synchronize()
    ids, bad = on_card([3, 2, 1]), on_card([1, 2, 12])
    with not_waiting():
        compiled(ids)
        compiled(bad)
    torch.cuda.synchronize()
    with pytest.raises(IdError, match=r"id 12 at position \(2\)"):
        compiled(on_card([1, 2, 3]))
    layer.raise_bad_ids()


def test_a_captured_graph_is_checked_at_each_replay():
    layer, ids = Embedding(10, 4).cuda(), on_card([1, 2, 3])
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        layer(ids)
    torch.cuda.current_stream().wait_stream(stream)
    layer.raise_bad_ids()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        out = layer(ids)
    ids.copy_(on_card([4, 5, 6]))
    graph.replay()
    torch.testing.assert_close(out, layer(on_card([4, 5, 6])))
    layer.raise_bad_ids()
    ids.copy_(on_card([4, 50, 6]))
    graph.replay()
    with pytest.raises(IdError, match=r"id 50 at position \(1\)"):
        layer.raise_bad_ids()
    ids.copy_(on_card([4, 5, 6]))
    graph.replay()
    layer.raise_bad_ids()
