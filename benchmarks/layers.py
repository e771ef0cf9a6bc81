"""Embedding layers and row optimisers against torch, on the same processors in one run.

Three claims, each measured with ours and torch's in turn, batch by batch, and told by medians:

* ``steps``: a training step (forward, backward, update) with 8,192 Zipf-distributed ids and 128
  dimensions. At a million rows ``exact`` AdamW takes at most a thirtieth of the time of
  ``torch.nn.Embedding`` with the fused ``torch.optim.AdamW``, ``lazy`` at most a quarter of that of
  ``sparse=True`` with ``SparseAdam``; at ten thousand rows ours is not slower; and our time does
  not grow with the rows.
* ``bags``: the forward pass of bags is at least as fast as ``torch.nn.EmbeddingBag``, in the modes
  that torch has no kernel for (weighted mean and maximum) as fast as what torch offers instead;
  bytes moved are told against the machine's measured copy bandwidth.
* ``one-hot``: time and memory of a one-hot product against a lookup, from 8 to a million symbols.

    python benchmarks/layers.py [steps] [bags] [one-hot] [--rows 10000 1000000] [--seed 0]
"""

from __future__ import annotations

import argparse
import ctypes
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from machine import description
from symvec.ids import check_ids
from symvec.layers.torch import Embedding, EmbeddingBag, RowAdamW, RowSGD
from symvec.sparse import OneHot

WIDTH, IDS = 128, 8192
WARM_UP = 5
# Steps before the measurement, so that idle rows have gaps as in a long training; only ``exact``,
# whose cost may depend on them, takes them.
AGE = 1000
EXACT, DENSE = "symvec exact AdamW", "torch AdamW fused"
RESULTS = Path(__file__).with_name("results") / "layers.json"
# A dense optimiser of this many rows would need 20 GB for weight, gradient and two moments.
LARGEST_DENSE = 2_000_000
PR_SET_THP_DISABLE = 41  # of linux/prctl.h


@lru_cache(maxsize=1)
def zipf(rows: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return where each rank's part of Zipf's law ends, and the id of each rank, of all seeds."""
    order = np.random.default_rng(2).permutation(rows)  # frequent ids do not lie side by side
    return np.cumsum(1 / np.arange(1, rows + 1)), order


def zipf_batches(rows: int, count: int, seed: int = 0) -> list[torch.Tensor]:
    """Return batches of ids drawn by Zipf's law with exponent 1 over all rows."""
    generator = np.random.default_rng(seed)
    edges, order = zipf(rows)
    draws = generator.random((count, IDS)) * edges[-1]
    return [torch.from_numpy(order[np.searchsorted(edges, draw)]) for draw in draws]


@lru_cache(maxsize=1)
def numbers(rows: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the numbers that each weight of so many rows starts from: made once."""
    return np.random.default_rng(1).standard_normal((rows, WIDTH), np.float32)


def table(rows: int) -> torch.Tensor:
    """Return a weight; a large one is zeros, whose memory is taken only where it is used."""
    if rows > LARGEST_DENSE:
        return torch.from_numpy(np.zeros((rows, WIDTH), np.float32))
    return torch.from_numpy(numbers(rows).copy())


def contestants(rows: int) -> dict[str, tuple[torch.nn.Module, torch.optim.Optimizer]]:
    """Return the layers and optimisers to compare, each with a weight of its own."""

    def ours(maker: Any, **options: Any) -> tuple[torch.nn.Module, torch.optim.Optimizer]:
        layer = Embedding(rows, WIDTH, _weight=table(rows))
        return layer, maker(layer.parameters(), lr=1e-3, **options)

    def theirs(maker: Any, sparse: bool, **options: Any) -> Any:
        layer = torch.nn.Embedding(rows, WIDTH, _weight=table(rows), sparse=sparse)
        return layer, maker(layer.parameters(), lr=1e-3, **options)

    found = {
        EXACT: ours(RowAdamW, weight_decay=0.01),
        "symvec lazy AdamW": ours(RowAdamW, semantics="lazy", weight_decay=0.01),
        "symvec SGD": ours(RowSGD),
    }
    if rows <= LARGEST_DENSE:
        found[DENSE] = theirs(torch.optim.AdamW, False, fused=True)
        found["torch SparseAdam"] = theirs(torch.optim.SparseAdam, True)
    found["torch sparse SGD"] = theirs(torch.optim.SGD, True)
    return found


def one_step(
    layer: torch.nn.Module, optimiser: torch.optim.Optimizer, ids: torch.Tensor, towards: Any
) -> float:
    """Return the milliseconds of one training step; the loss is a product with ``towards``."""
    begin = time.perf_counter()
    optimiser.zero_grad()
    out = layer(ids)
    out.backward(towards)
    optimiser.step()
    return (time.perf_counter() - begin) * 1e3


def occupy(optimiser: torch.optim.Optimizer, rows: int) -> None:
    """Take the memory of the state now, as it is after many steps: not during the measurement."""
    for state in optimiser.state.values() if rows <= LARGEST_DENSE else ():
        for value in state.values():
            if isinstance(value, torch.Tensor):
                value.add_(0)


def allow_huge_pages(allowed: bool) -> None:
    """Let Linux give memory by 2 MB or not: if so, a few rows fill a large table."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_THP_DISABLE, int(not allowed), 0, 0, 0)


def measure_steps(rows: int, steps: int, seed: int) -> dict[str, float]:
    """Return the median milliseconds of a step of each contestant, taken in turn.

    A large table takes memory only where it is touched: all batches are gone through once before,
    so that its rows are there when they are measured.
    """
    large = rows > LARGEST_DENSE
    allow_huge_pages(not large)
    batches = zipf_batches(rows, steps + WARM_UP, seed)
    towards = torch.randn(IDS, WIDTH) / IDS
    found = contestants(rows)
    times: dict[str, list[float]] = {name: [] for name in found}
    for name, (layer, optimiser) in found.items():
        one_step(layer, optimiser, batches[0], towards)
        occupy(optimiser, rows)
        age = AGE if name == EXACT else 0
        for ids in batches if large else zipf_batches(rows, age, seed + 1000):
            one_step(layer, optimiser, ids, towards)
    for number, ids in enumerate(batches):
        for name, (layer, optimiser) in found.items():
            took = one_step(layer, optimiser, ids, towards)
            if number >= WARM_UP:
                times[name].append(took)
    allow_huge_pages(True)
    return {name: statistics.median(values) for name, values in times.items()}


def copy_bandwidth() -> float:
    """Return gigabytes a second of a large copy, read and written bytes together."""
    source = torch.empty(64 << 20, dtype=torch.float32).fill_(1)
    target = torch.empty_like(source)
    return 2 * source.nbytes / fastest(lambda: target.copy_(source)) / 1e6


def fastest(work: Callable[[], Any], repeats: int = 9) -> float:
    """Return the milliseconds of the median run."""
    times = []
    for _ in range(repeats + 2):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(times[2:])


def in_turn(works: dict[str, Callable[[], Any]], repeats: int = 25) -> dict[str, float]:
    """Return the median milliseconds of each, run one after another again and again."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats + 3):
        for name, work in works.items():
            begin = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - begin) * 1e3)
    return {name: statistics.median(values[3:]) for name, values in times.items()}


def measure_bags(rows: int, bags: int, length: int, seed: int) -> dict[str, Any]:
    """Return the median milliseconds of each mode's forward pass, ours and torch's."""
    weight = table(rows)
    ids = torch.cat(zipf_batches(rows, -(-bags * length // IDS), seed))[: bags * length]
    offsets = torch.arange(0, bags * length, length)
    weights = torch.rand(bags * length) + 0.5
    bag_ids = torch.arange(bags).repeat_interleave(length)

    def weighted_mean() -> torch.Tensor:
        total = torch.nn.functional.embedding_bag(
            ids, weight, offsets, mode="sum", per_sample_weights=weights
        )
        return total / torch.zeros(bags).index_add_(0, bag_ids, weights)[:, None]

    def weighted_max() -> torch.Tensor:
        return (weight[ids] * weights[:, None]).view(bags, length, WIDTH).amax(1)

    found: dict[str, Any] = {}
    for mode in ("sum", "mean", "max", "weighted sum", "weighted mean", "weighted max"):
        name = mode.removeprefix("weighted ")
        given = weights if mode.startswith("weighted") else None
        ours = EmbeddingBag(rows, WIDTH, mode=name, _weight=weight)
        peer = torch.nn.EmbeddingBag(rows, WIDTH, mode=name, _weight=weight)
        instead = {"weighted mean": weighted_mean, "weighted max": weighted_max}
        theirs = instead.get(mode, lambda peer=peer, given=given: peer(ids, offsets, given))
        with torch.no_grad():
            works = {"symvec": lambda o=ours, g=given: o(ids, offsets, g), "torch": theirs}
            torch.testing.assert_close(works["symvec"](), works["torch"](), rtol=1e-4, atol=1e-4)
            times = in_turn(works)
        moved = (ids.numel() + bags) * WIDTH * 4 + ids.nbytes
        found[mode] = {
            **{f"{who} ms": round(took, 3) for who, took in times.items()},
            "bytes moved": moved,
            "symvec GB/s": round(moved / times["symvec"] / 1e6, 1),
            "times as fast": round(times["torch"] / times["symvec"], 2),
        }
    return found


def measure_one_hot(symbols: int, tokens: int = 1024) -> dict[str, float]:
    """Return milliseconds and bytes of a one-hot product and of the lookup that equals it."""
    generator = np.random.default_rng(0)
    weight = generator.standard_normal((symbols, WIDTH), np.float32)
    rows = OneHot.of(generator.integers(0, symbols, tokens), symbols)
    found = {
        "lookup ms": fastest(lambda: rows @ weight),
        "lookup bytes": float(rows.ids.nbytes),
        "one-hot bytes": float(tokens * symbols * 4),
    }
    if tokens * symbols * 4 <= 4 << 30:
        dense = rows.to_dense()
        found["one-hot ms"] = fastest(lambda: dense @ weight, 3)
    return found


def report_steps(steps: dict[str, dict[str, float]]) -> None:
    for case, times in steps.items():
        print(f"\n{case}: median milliseconds of a step")
        for name, took in times.items():
            print(f"  {name:20s} {took:9.2f}")
        for ours, peer in (
            ("symvec exact AdamW", "torch AdamW fused"),
            ("symvec lazy AdamW", "torch SparseAdam"),
            ("symvec SGD", "torch sparse SGD"),
        ):
            if peer in times:
                print(f"  {ours} is {times[peer] / times[ours]:.1f} times as fast as {peer}")
            else:
                print(f"  {peer} is left out: its dense state would not fit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("parts", nargs="*", default=[], help="steps, bags, one-hot; all of them")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000])
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0, help="of the batches")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    parts = options.parts or ["steps", "bags", "one-hot"]
    found: dict[str, Any] = (
        json.loads(options.output.read_text()) if options.output.exists() else {}
    )
    found |= {"machine": description(), "torch": torch.__version__}
    found["threads"] = torch.get_num_threads()
    if "steps" in parts:
        measured = {
            f"{rows} rows, seed {options.seed}": measure_steps(rows, options.steps, options.seed)
            for rows in options.rows
        }
        found["steps"] = found.get("steps", {}) | measured
        report_steps(measured)
        ids = zipf_batches(1_000_000, 1)[0].numpy()
        found["check of 8,192 ids ms"] = fastest(lambda: check_ids(ids, 1_000_000), 99)
        print(f"\nthe check of 8,192 ids takes {found['check of 8,192 ids ms']:.3f} ms")
    if "bags" in parts:
        found["copy GB/s"] = round(copy_bandwidth(), 1)
        print(f"\na copy moves {found['copy GB/s']} GB/s")
        modes_of = {
            f"{rows} rows, {bags} bags of {length}, seed {options.seed}": measure_bags(
                rows, bags, length, options.seed
            )
            for rows, bags, length in ((10_000, 2048, 16), (1_000_000, 2048, 16))
        }
        found["bags"] = found.get("bags", {}) | modes_of
        for name, modes in modes_of.items():
            print(f"\n{name}")
            for mode, values in modes.items():
                print(f"  {mode:14s}", *(f"{key} {value}" for key, value in values.items()))
    if "one-hot" in parts:
        sizes = [8, 64, 512, 4096, 32_768, 100_000, 1_000_000]
        found["one-hot of 1,024 tokens"] = {str(size): measure_one_hot(size) for size in sizes}
        for size, values in found["one-hot of 1,024 tokens"].items():
            print(f"  {size:>9s}", *(f"{key} {value:.4g}" for key, value in values.items()))
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
