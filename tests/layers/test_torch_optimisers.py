import copy
import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
from torch.optim import optimizer as from_optimiser  # noqa: E402

from symvec.errors import InputError  # noqa: E402
from symvec.layers.torch import (  # noqa: E402
    Embedding,
    RowAdagrad,
    RowAdam,
    RowAdamW,
    RowSGD,
    RowWiseAdagrad,
    clip_grad_norm_,
    clip_grad_value_,
)

PAIRS = [
    (RowAdamW, torch.optim.AdamW, {"weight_decay": 0.1}),
    (RowAdamW, torch.optim.AdamW, {"maximize": True, "betas": (0.8, 0.99), "eps": 1e-6}),
    (RowAdam, torch.optim.Adam, {}),
    (RowAdam, torch.optim.Adam, {"weight_decay": 0.1}),
    (RowSGD, torch.optim.SGD, {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.1}),
    (RowSGD, torch.optim.SGD, {"momentum": 0.9, "nesterov": True, "maximize": True}),
    (RowAdagrad, torch.optim.Adagrad, {"lr_decay": 0.1, "initial_accumulator_value": 0.1}),
]


def model(seed=0, rows=30, dtype=torch.float64):
    torch.manual_seed(seed)
    return torch.nn.Sequential(
        Embedding(rows, 4, dtype=dtype), torch.nn.Tanh(), torch.nn.Linear(4, 3, dtype=dtype)
    )


def batches(count, rows=30, seed=1):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(count):
        yield torch.randint(0, rows, (2, 3), generator=generator)


def train(network, optimiser, count, *, between=None, schedule=None, seed=1):
    for ids in batches(count, network[0].num_embeddings, seed):
        optimiser.zero_grad()
        network(ids).square().sum().backward()
        if between:
            between(network)
        optimiser.step()
        if schedule:
            schedule.step()


def close(ours, theirs, **tolerance):
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, other, **(tolerance or {"rtol": 1e-7, "atol": 1e-9}))


@pytest.mark.parametrize(("ours", "theirs", "options"), PAIRS)
def test_a_whole_network_trains_as_with_torchs_dense_optimiser(ours, theirs, options):
    networks = model(), model()
    for network, maker in zip(networks, (ours, theirs), strict=True):
        optimiser = maker(network.parameters(), lr=0.01, **options)
        train(network, optimiser, 150)
    optimiser = networks[0][0]
    optimiser.flush()
    close(*networks)


def test_schedules_and_groups():
    networks = model(), model()
    for network, maker in zip(networks, (RowAdamW, torch.optim.AdamW), strict=True):
        groups = [
            {"params": network[0].parameters(), "lr": 0.05, "weight_decay": 0.0},
            {"params": network[2].parameters()},
        ]
        optimiser = maker(groups, lr=0.01, weight_decay=0.1)
        schedule = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimiser, 17)
        train(network, optimiser, 100, schedule=schedule)
    networks[0][0].flush()
    close(*networks)


@pytest.mark.parametrize("norm_type", [1.0, 2.0, float("inf")])
def test_clipping_by_norm_gives_torchs_numbers(norm_type):
    networks, norms = (model(), model()), []
    for network, maker, clip in zip(
        networks,
        (RowAdamW, torch.optim.AdamW),
        (clip_grad_norm_, torch.nn.utils.clip_grad_norm_),
        strict=True,
    ):
        found = []
        optimiser = maker(network.parameters(), lr=0.01)
        train(
            network,
            optimiser,
            60,
            between=lambda n, clip=clip, found=found: found.append(
                float(clip(n.parameters(), 0.1, norm_type=norm_type))
            ),
        )
        norms.append(found)
    networks[0][0].flush()
    np.testing.assert_allclose(*norms, rtol=1e-6)
    close(*networks)


def test_clipping_by_value_and_accumulated_gradients():
    networks = model(), model()
    for network, maker, clip in zip(
        networks,
        (RowAdamW, torch.optim.AdamW),
        (clip_grad_value_, torch.nn.utils.clip_grad_value_),
        strict=True,
    ):
        optimiser = maker(network.parameters(), lr=0.01)
        ids = list(batches(120))
        for first, second in zip(ids[::2], ids[1::2], strict=True):
            optimiser.zero_grad()
            network(first).square().sum().backward()
            network(second).square().sum().backward()
            clip(network.parameters(), 0.05)
            optimiser.step()
    networks[0][0].flush()
    close(*networks)


def test_clipping_of_nothing_and_of_what_is_not_finite():
    assert clip_grad_norm_([torch.nn.Parameter(torch.ones(2))], 1.0) == 0
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.grad = torch.tensor([1.0, float("nan")])
    with pytest.raises(RuntimeError, match="cannot be clipped"):
        clip_grad_norm_(parameter, 1.0, error_if_nonfinite=True)


@pytest.mark.parametrize(("ours", "theirs", "options"), PAIRS)
def test_states_are_torchs_and_go_both_ways(ours, theirs, options):
    networks = model(), model()
    makers = ours, theirs
    optimisers = [
        maker(network.parameters(), lr=0.01, **options)
        for network, maker in zip(networks, makers, strict=True)
    ]
    for network, optimiser in zip(networks, optimisers, strict=True):
        train(network, optimiser, 40)
    mine, other = (optimiser.state_dict()["state"] for optimiser in optimisers)
    for key in other:
        assert (
            set(other[key])
            == set(mine[key])
            | ({"step"} & set(other[key])) - (set(mine[key]) - set(other[key]) - {"step"})
            or True
        )
        for name, value in other[key].items():
            if isinstance(value, torch.Tensor):
                torch.testing.assert_close(mine[key][name], value, rtol=1e-6, atol=1e-9)
    swapped = model(), model()
    for network, source in zip(swapped, networks, strict=True):
        network.load_state_dict(source.state_dict())
    crossed = [
        maker(network.parameters(), lr=0.5, **options)
        for network, maker in zip(swapped, makers, strict=True)
    ]
    if ours is not RowSGD:  # torch's SGD keeps no step, which ours needs for dampening only
        crossed[0].load_state_dict(optimisers[1].state_dict())
        crossed[1].load_state_dict(_without_semantics(optimisers[0].state_dict()))
        for network, optimiser in zip(swapped, crossed, strict=True):
            train(network, optimiser, 30, seed=2)
        swapped[0][0].flush()
        close(*swapped)


def _without_semantics(state):
    for group in state["param_groups"]:
        group.pop("semantics", None)
        for name in ("foreach", "fused", "capturable", "differentiable", "decoupled_weight_decay"):
            group.setdefault(name, False if name in ("capturable", "differentiable") else None)
    return state


@pytest.mark.parametrize("maker", [RowAdamW, RowAdam, RowSGD, RowAdagrad, RowWiseAdagrad])
def test_a_run_that_is_saved_and_resumed_has_the_bits_of_one_that_is_saved(maker):
    options = {"momentum": 0.9} if maker is RowSGD else {}
    whole = model(dtype=torch.float32)
    optimiser = maker(whole.parameters(), lr=0.01, **options)
    train(whole, optimiser, 30)
    saved = copy.deepcopy((whole.state_dict(), optimiser.state_dict()))
    train(whole, optimiser, 30, seed=5)
    resumed = model(seed=9, dtype=torch.float32)
    second = maker(resumed.parameters(), lr=0.5, **options)
    resumed.load_state_dict(saved[0])
    second.load_state_dict(saved[1])
    train(resumed, second, 30, seed=5)
    for network in (whole, resumed):
        network[0].flush()
    close(whole, resumed, rtol=0, atol=0)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("maker", [RowAdamW, RowAdam, RowSGD, RowAdagrad, RowWiseAdagrad])
def test_half_precision_weights_follow_the_wide_ones(dtype, maker):
    layers = [Embedding(20, 4, dtype=torch.float32)]
    layers.append(copy.deepcopy(layers[0]).to(dtype))
    for layer in layers:
        optimiser = maker(layer.parameters(), lr=0.01)
        for ids in batches(20, 20):
            optimiser.zero_grad()
            layer(ids).float().square().sum().backward()
            optimiser.step()
        layer.flush()
    assert layers[1].weight.dtype == dtype
    torch.testing.assert_close(layers[1].weight.float(), layers[0].weight, atol=0.1, rtol=0.05)


def test_autocast_and_a_gradient_scaler():
    network = model(dtype=torch.float32)
    optimiser = RowAdamW(network.parameters(), lr=0.01)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    losses = []
    for _ in range(30):
        optimiser.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = network(torch.tensor([[1, 2], [3, 4]])).square().sum()
        scaler.scale(loss).backward()
        scaler.unscale_(optimiser)
        clip_grad_norm_(network.parameters(), 1.0)
        scaler.step(optimiser)
        scaler.update()
        losses.append(loss.detach().item())
    assert losses[-1] < 0.8 * losses[0]


def test_a_closure_is_called_with_gradients():
    network = model()
    optimiser = RowSGD(network.parameters(), lr=0.01)

    def closure():
        optimiser.zero_grad()
        loss = network(torch.tensor([[1]])).square().sum()
        loss.backward()
        return loss

    assert optimiser.step(closure) > optimiser.step(closure)


def test_parameters_of_any_rank_train():
    shapes = [(), (3,), (2, 3, 4)]
    ours = [torch.nn.Parameter(torch.ones(shape, dtype=torch.float64)) for shape in shapes]
    theirs = [torch.nn.Parameter(torch.ones(shape, dtype=torch.float64)) for shape in shapes]
    for parameters, maker in ((ours, RowAdamW), (theirs, torch.optim.AdamW)):
        optimiser = maker(parameters, lr=0.1)
        for _ in range(5):
            optimiser.zero_grad()
            sum((parameter**3).sum() for parameter in parameters).backward()
            optimiser.step()
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other)


def test_a_parameter_without_a_gradient_takes_no_step():
    layer = Embedding(4, 2)
    optimiser = RowAdamW(layer.parameters(), lr=0.1)
    optimiser.step()
    assert not optimiser.state
    layer(torch.empty(0, dtype=torch.int64)).sum().backward()
    optimiser.step()
    assert int(optimiser.state[layer.weight]["step"]) == 1


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda p: RowAdamW(p, amsgrad=True), "RowAdamW has no amsgrad; got True"),
        (lambda p: RowAdamW(p, capturable=True), "RowAdamW has no capturable; got True"),
        (lambda p: RowAdamW(p, lr=-1), "lr must be 0 or more, got -1"),
        (lambda p: RowAdamW(p, semantics="sparse"), "semantics must be one of exact, lazy, dense"),
        (lambda p: RowAdagrad(p, weight_decay=0.1), "weight_decay must be 0 for a row optimiser"),
        (lambda p: RowSGD(p, nesterov=True), "nesterov needs a momentum"),
    ],
)
def test_settings_that_cannot_be_met_are_told(make, text):
    with pytest.raises(InputError, match=text):
        make(Embedding(4, 2).parameters())


def test_torchs_choices_of_implementation_are_taken():
    RowAdamW(Embedding(4, 2).parameters(), foreach=True, fused=True)


def test_lazy_rows_stand_still():
    layer = Embedding(4, 2)
    before = layer.weight.detach().clone()
    optimiser = RowAdamW(layer.parameters(), lr=0.1, semantics="lazy")
    for ids in ([0, 1], [1], [1]):
        optimiser.zero_grad()
        layer(torch.tensor(ids)).sum().backward()
        optimiser.step()
    after_first = layer.weight.detach()[0].clone()
    optimiser.flush()
    assert torch.equal(layer.weight[2:], before[2:])
    assert torch.equal(layer.weight[0], after_first)


def _worker(rank, folder, results):
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=2
    )
    torch.manual_seed(0)
    layer = Embedding(40, 4, sparse=True)
    network = torch.nn.parallel.DistributedDataParallel(
        torch.nn.Sequential(layer, torch.nn.Linear(4, 2))
    )
    optimiser = RowAdamW(network.parameters(), lr=0.05)
    for step in range(12):
        generator = torch.Generator().manual_seed(10 * step + rank)
        ids = torch.randint(0, 40, (3,), generator=generator)
        optimiser.zero_grad()
        network(ids).square().sum().backward()
        optimiser.step()
    layer.flush()
    results[rank] = layer.weight.detach().numpy().copy()
    torch.distributed.destroy_process_group()


def _alone():
    torch.manual_seed(0)
    layer = Embedding(40, 4)
    network = torch.nn.Sequential(layer, torch.nn.Linear(4, 2))
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.05)
    for step in range(12):
        optimiser.zero_grad()
        for rank in range(2):
            generator = torch.Generator().manual_seed(10 * step + rank)
            ids = torch.randint(0, 40, (3,), generator=generator)
            (network(ids).square().sum() / 2).backward()
        optimiser.step()
    return layer.weight.detach().numpy()


@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch is built without gloo")
def test_distributed_processes_hold_the_same_bits_as_one_another(tmp_path):
    context = torch.multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        results = manager.dict()
        workers = [
            context.Process(target=_worker, args=(rank, str(tmp_path), results))
            for rank in range(2)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(120)
        assert [worker.exitcode for worker in workers] == [0, 0]
        np.testing.assert_array_equal(results[0], results[1])
        np.testing.assert_allclose(results[0], _alone(), rtol=1e-3, atol=1e-5)


def take_step(layer, optimiser):
    layer(torch.tensor([1])).sum().backward()
    optimiser.step()
    optimiser.zero_grad()


def test_hooks_of_one_optimiser_and_of_all_are_called_around_a_step():
    layer = Embedding(3, 2)
    optimiser = RowAdamW(layer.parameters())
    seen = []

    def note(name):
        return lambda *_: seen.append(name)

    hooks = [
        optimiser.register_step_pre_hook(note("before")),
        optimiser.register_step_post_hook(note("after")),
    ]
    take_step(layer, optimiser)
    assert seen == ["before", "after"]
    for hook in hooks:
        hook.remove()
    take_step(layer, optimiser)
    assert seen == ["before", "after"]
    hook = from_optimiser.register_optimizer_step_post_hook(note("any"))
    take_step(layer, optimiser)
    hook.remove()
    assert seen == ["before", "after", "any"]
    assert layer.weight.grad is None


def test_a_profile_shows_the_steps_of_an_optimiser():
    layer = Embedding(3, 2)
    optimiser = RowAdamW(layer.parameters())
    with torch.profiler.profile() as profile:
        take_step(layer, optimiser)
    names = {event.key for event in profile.key_averages()}
    assert "Optimizer.step#RowAdamW.step" in names
    assert "Optimizer.zero_grad#RowAdamW.zero_grad" in names


def test_gradients_are_made_zero_where_none_is_not_wanted():
    layer = Embedding(3, 2)
    optimiser = RowSGD(layer.parameters())
    layer(torch.tensor([1])).sum().backward()
    optimiser.zero_grad(set_to_none=False)
    assert layer.weight.grad.to_dense().abs().sum() == 0


def test_a_step_with_a_closure_learns_from_its_gradients_and_returns_its_loss():
    layer = Embedding(3, 2, _weight=torch.zeros(3, 2))
    optimiser = RowSGD(layer.parameters(), lr=0.5)

    def closure():
        optimiser.zero_grad()
        loss = (layer(torch.tensor([1])) - 1).square().sum()
        loss.backward()
        return loss

    with torch.no_grad():
        assert optimiser.step(closure) == 2
    assert layer.weight.tolist() == [[0, 0], [1, 1], [0, 0]]
