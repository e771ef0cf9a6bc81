"""Row optimisers against torch's dense ones, on long random trajectories."""

import numpy as np
import pytest
from oracle import dense_trajectory, random_steps

from symvec.layers.numpy import (
    Embedding,
    RowAdagrad,
    RowAdam,
    RowAdamW,
    RowSGD,
    RowWiseAdagrad,
)

torch = pytest.importorskip("torch", reason="torch is the oracle")
ROWS, WIDTH = 40, 6


def start(dtype=np.float64):
    return np.random.default_rng(9).normal(size=(ROWS, WIDTH)).astype(dtype)


def train(optimiser_class, steps, lr, dtype=np.float64, reads=None, **options):
    layer = Embedding(start(dtype))
    optimiser = optimiser_class(layer, lr=lr, **options)
    rng = np.random.default_rng(1)
    for number, (gradient, factor) in enumerate(steps):
        optimiser.lr = lr * factor
        optimiser.step(gradient)
        if reads and number % reads == 0:
            layer(rng.integers(0, ROWS, 5))
    optimiser.flush()
    return layer.table


@pytest.mark.parametrize("semantics", ["exact", "dense"])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.8, 0.99), (0.9, 0.95)])
def test_adamw_follows_dense_adamw_for_thousands_of_steps(semantics, weight_decay, betas):
    options = {"weight_decay": weight_decay, "betas": betas}
    steps = list(random_steps(4_000, rows=ROWS, width=WIDTH))
    expected = dense_trajectory(torch, torch.optim.AdamW, start(), steps, 1e-2, **options)
    trained = train(RowAdamW, steps, 1e-2, semantics=semantics, **options)
    np.testing.assert_allclose(trained, expected, rtol=0, atol=1e-7)


def test_adamw_follows_dense_adamw_through_tiny_gradients():
    steps = [
        (gradient.scaled(1e-8), factor)
        for gradient, factor in random_steps(1_500, rows=ROWS, width=WIDTH)
    ]
    options = {"weight_decay": 0.01}
    expected = dense_trajectory(torch, torch.optim.AdamW, start(), steps, 1e-2, **options)
    trained = train(RowAdamW, steps, 1e-2, **options)
    np.testing.assert_allclose(trained, expected, rtol=0, atol=1e-6)


def test_adamw_in_float32_is_as_close_as_rounding_allows():
    steps = list(random_steps(2_000, rows=ROWS, width=WIDTH, dtype=np.float32))
    options = {"weight_decay": 0.01}
    expected = dense_trajectory(torch, torch.optim.AdamW, start(), steps, 1e-2, **options)
    trained = train(RowAdamW, steps, 1e-2, np.float32, **options)
    dense = dense_trajectory(torch, torch.optim.AdamW, start(np.float32), steps, 1e-2, **options)
    ours, theirs = np.abs(trained - expected).max(), np.abs(dense - expected).max()
    assert ours < 2 * theirs + 1e-6


@pytest.mark.parametrize("weight_decay", [0.0, 0.05])
def test_adam_follows_dense_adam(weight_decay):
    steps = list(random_steps(2_500, rows=ROWS, width=WIDTH))
    options = {"weight_decay": weight_decay}
    expected = dense_trajectory(torch, torch.optim.Adam, start(), steps, 1e-2, **options)
    trained = train(RowAdam, steps, 1e-2, **options)
    np.testing.assert_allclose(trained, expected, rtol=0, atol=1e-7)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("weight_decay", [0.0, 0.05])
@pytest.mark.parametrize("dampening", [0.0, 0.3])
@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("semantics", ["exact", "dense"])
def test_sgd_follows_dense_sgd(momentum, weight_decay, dampening, nesterov, semantics):
    if nesterov and (dampening or not momentum):
        pytest.skip("torch allows no such setting")
    options = {
        "momentum": momentum,
        "weight_decay": weight_decay,
        "dampening": dampening,
        "nesterov": nesterov,
    }
    steps = list(random_steps(1_500, rows=ROWS, width=WIDTH))
    expected = dense_trajectory(torch, torch.optim.SGD, start(), steps, 1e-2, **options)
    trained = train(RowSGD, steps, 1e-2, semantics=semantics, **options)
    np.testing.assert_allclose(trained, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("options", [{}, {"lr_decay": 0.01, "initial_accumulator_value": 0.5}])
def test_adagrad_follows_dense_adagrad(options):
    steps = list(random_steps(1_000, rows=ROWS, width=WIDTH))
    expected = dense_trajectory(torch, torch.optim.Adagrad, start(), steps, 0.1, **options)
    layer = Embedding(start())
    optimiser = RowAdagrad(layer, lr=0.1, **options)
    for gradient, factor in steps:
        optimiser.lr = 0.1 * factor
        optimiser.step(gradient)
    np.testing.assert_allclose(layer.table, expected, rtol=1e-9)


def test_rowwise_adagrad_keeps_one_sum_a_row():
    table, sums = start(), np.zeros(ROWS)
    layer = Embedding(start())
    optimiser = RowWiseAdagrad(layer, lr=0.1)
    for gradient, _ in random_steps(300, rows=ROWS, width=WIDTH):
        optimiser.step(gradient)
        g = gradient.to_dense()
        sums += np.mean(g**2, axis=1)
        table -= 0.1 * g / (np.sqrt(sums) + 1e-10)[:, None]
    np.testing.assert_allclose(layer.table, table, rtol=1e-9)
    assert optimiser.rows.sums.shape == (ROWS,)


def test_lazy_adam_is_sparse_adam():
    # SparseAdam adds eps before the bias correction, we after it, as Adam: not told apart at 1e-30
    weight = torch.nn.Parameter(torch.from_numpy(start()))
    theirs = torch.optim.SparseAdam([weight], lr=1e-2, eps=1e-30)
    layer = Embedding(start())
    ours = RowAdam(layer, lr=1e-2, eps=1e-30, semantics="lazy")
    for gradient, _ in random_steps(500, rows=ROWS, width=WIDTH):
        weight.grad = torch.sparse_coo_tensor(
            torch.from_numpy(gradient.row_ids)[None],
            torch.from_numpy(gradient.rows),
            weight.shape,
            check_invariants=True,
        )
        theirs.step()
        ours.step(gradient)
    np.testing.assert_allclose(layer.table, weight.detach().numpy(), rtol=1e-9)


@pytest.mark.parametrize("optimiser_class", [RowAdamW, RowAdam, RowSGD])
def test_reading_in_between_changes_no_bit(optimiser_class):
    steps = list(random_steps(300, rows=ROWS, width=WIDTH, dtype=np.float32))
    options = {"momentum": 0.9} if optimiser_class is RowSGD else {}
    runs = [
        train(optimiser_class, steps, 1e-2, np.float32, reads=reads, **options)
        for reads in (None, 1, 7)
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
    np.testing.assert_array_equal(runs[0], runs[2])


@pytest.mark.parametrize("optimiser_class", [RowAdamW, RowSGD])
def test_a_layer_reads_rows_as_dense_training_would_have_them(optimiser_class):
    options = {"weight_decay": 0.1, **({"momentum": 0.9} if optimiser_class is RowSGD else {})}
    layers = []
    for semantics in ("exact", "dense"):
        layer = Embedding(start())
        optimiser = optimiser_class(layer, lr=1e-2, semantics=semantics, **options)
        for gradient, _ in random_steps(200, rows=ROWS, width=WIDTH):
            optimiser.step(gradient)
        layers.append(layer)
    ids = np.arange(ROWS)
    np.testing.assert_allclose(layers[0](ids), layers[1](ids), atol=1e-9)
    assert np.abs(layers[0].table - layers[1].table).max() > 1e-3  # idle rows are behind
    layers[0].flush()
    np.testing.assert_allclose(layers[0].table, layers[1].table, atol=1e-9)


@pytest.mark.parametrize("optimiser_class", [RowAdamW, RowSGD])
def test_settings_may_change_in_the_middle(optimiser_class):
    steps = list(random_steps(200, rows=ROWS, width=WIDTH))
    tables = []
    for semantics in ("exact", "dense"):
        layer = Embedding(start())
        optimiser = optimiser_class(layer, lr=1e-2, weight_decay=0.1, semantics=semantics)
        for number, (gradient, _) in enumerate(steps):
            if number == 100:
                optimiser.weight_decay = 0.5
            optimiser.step(gradient)
        optimiser.flush()
        tables.append(layer.table)
    np.testing.assert_allclose(*tables, atol=1e-9)


@pytest.mark.parametrize("optimiser_class", [RowAdamW, RowAdam, RowSGD, RowAdagrad, RowWiseAdagrad])
def test_the_bits_are_the_same_at_any_number_of_threads(optimiser_class):
    tables = []
    for threads in (1, 2, 5):
        layer = Embedding(
            np.random.default_rng(0).normal(size=(4_000, 64)).astype(np.float32), threads=threads
        )
        optimiser = optimiser_class(layer, lr=0.1, threads=threads)
        rng = np.random.default_rng(2)
        for _ in range(4):
            ids = rng.integers(0, 4_000, 5_000)
            gradient = layer(ids) * np.float32(2)
            optimiser.step(layer.backward(ids, gradient))
        layer.flush()
        tables.append(layer.table)
    np.testing.assert_array_equal(tables[0], tables[1])
    np.testing.assert_array_equal(tables[0], tables[2])


@pytest.mark.parametrize("optimiser_class", [RowAdamW, RowAdam, RowSGD, RowAdagrad])
def test_half_precision_tables_train_in_single_precision(optimiser_class):
    wide = Embedding(start(np.float16).astype(np.float32))
    half = Embedding(start(np.float16))
    optimisers = [optimiser_class(layer, lr=1e-2) for layer in (wide, half)]
    for gradient, _ in random_steps(60, rows=ROWS, width=WIDTH, dtype=np.float32):
        for optimiser in optimisers:
            optimiser.step(gradient)
    for layer in (wide, half):
        layer.flush()
    assert half.table.dtype == np.float16
    np.testing.assert_allclose(half.table.astype(np.float32), wide.table, atol=0.03)
