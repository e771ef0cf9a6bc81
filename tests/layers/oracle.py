"""Random training of a table: the same gradients compact for our rows and dense for torch."""

import numpy as np

from symvec.layers.gradients import sum_rows


def random_steps(steps, *, rows, width, seed=0, positions=4, dtype=np.float64):
    """Yield (compact gradient, learning-rate factor), with rows that stay idle for long."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(1, rows + 1) ** 1.7
    scale = 10.0 ** rng.uniform(-4, 1, size=(rows, 1))
    for step in range(steps):
        ids = rng.choice(rows, int(rng.integers(0, positions + 1)), p=chances / chances.sum())
        gradients = (rng.normal(size=(ids.size, width)) * scale[ids]).astype(dtype)
        factor = 0.5 * (1 + np.cos(step / 150)) + 0.01
        yield sum_rows(ids, gradients, rows), factor


def dense_trajectory(torch, optimiser_class, table, steps, lr, **options):
    """Return a copy of the table as torch's optimiser trains it on the dense gradients."""
    weight = torch.nn.Parameter(torch.from_numpy(table.copy()))
    optimiser = optimiser_class([weight], lr=lr, **options)
    for gradient, factor in steps:
        optimiser.param_groups[0]["lr"] = lr * factor
        weight.grad = torch.from_numpy(gradient.to_dense().astype(table.dtype))
        optimiser.step()
    return weight.detach().numpy()
