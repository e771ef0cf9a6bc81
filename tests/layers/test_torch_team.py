import os

import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from symvec.errors import IdError, InputError  # noqa: E402
from symvec.kernels.row_threads import Team  # noqa: E402
from symvec.layers.torch import Embedding, EmbeddingBag, RowAdamW  # noqa: E402
from symvec.layers.torch.bag_reading import read_bags  # noqa: E402
from symvec.layers.torch.team import torch_threads  # noqa: E402


@pytest.fixture
def threads():
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_one_thread_is_no_team(threads):
    threads(1)
    assert torch_threads() == 1
    threads(3)
    found = torch_threads()
    assert found == 3 or (isinstance(found, Team) and found.count == 3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
def test_a_forked_child_has_no_team(threads):
    threads(2)
    child = os.fork()
    if child == 0:
        os._exit(7 if torch_threads() == 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def trained_bits(mode):
    torch.manual_seed(0)
    layer = Embedding(5000, 64)
    optimiser = RowAdamW(layer.parameters(), lr=0.1, semantics=mode)
    seen = []
    for _ in range(4):
        ids = (torch.rand(40, 100) ** 3 * 5000).long()
        rows = layer(ids)
        seen.append(rows.detach().clone())
        (rows * torch.randn_like(rows)).sum().backward()
        optimiser.step()
        optimiser.zero_grad()
    layer.flush()
    return [*seen, layer.weight.detach().clone()]


@pytest.mark.parametrize("mode", ["exact", "lazy"])
def test_the_bits_of_training_are_the_same_at_any_number_of_threads(threads, mode):
    threads(1)
    alone = trained_bits(mode)
    for count in (2, 3):
        threads(count)
        for one, other in zip(alone, trained_bits(mode), strict=True):
            assert torch.equal(one, other)


@pytest.mark.parametrize("mode", ["sum", "mean", "sqrtn"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("width", [3, 144])
def test_bags_that_are_only_read_are_those_that_learn(threads, mode, weighted, width):
    torch.manual_seed(1)
    layer = EmbeddingBag(50, width, mode=mode)
    ids, offsets = torch.randint(0, 50, (2000,)), torch.arange(0, 2000, 9)
    offsets[3] = offsets[2]  # an empty bag
    weights = torch.rand(2000) if weighted else None
    learning = layer(ids, offsets, weights)
    with torch.no_grad():
        threads(1)
        read = read_bags(layer, ids, offsets, weights)
        assert read is not None
        threads(3)
        assert torch.equal(layer(ids, offsets, weights), read)
    torch.testing.assert_close(read, learning.detach(), rtol=1e-5, atol=1e-6)


@torch.no_grad()
def test_what_cannot_be_read_in_one_way_is_done_or_explained_in_another():
    layer = EmbeddingBag(5, 3, mode="mean")
    ids, offsets = torch.tensor([0, 1, 4]), torch.tensor([0, 2])
    expected = torch.nn.functional.embedding_bag(ids, layer.weight, offsets, mode="mean")
    for other in (ids.int(), torch.stack([ids, ids], 1)[:, 0]):
        assert read_bags(layer, other, offsets.to(other.dtype), None) is None
        torch.testing.assert_close(layer(other, offsets.to(other.dtype)), expected)
    with pytest.raises(IdError, match=r"id 5 at position \(1\) is out of range"):
        layer(torch.tensor([0, 5, 4]), offsets)
    with pytest.raises(InputError, match="offsets must not fall"):
        layer(ids, torch.tensor([0, 2, 1]))
    with pytest.raises(InputError, match="per_sample_weights must have the same shape"):
        layer(ids, offsets, torch.ones(2))
    assert layer(torch.empty(0, dtype=torch.int64), torch.zeros(2, dtype=torch.int64)).tolist() == [
        [0, 0, 0],
        [0, 0, 0],
    ]
