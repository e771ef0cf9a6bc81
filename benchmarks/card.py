"""The layers on a graphics card beside torch's: what the checks of ids and offsets cost a call.

    python benchmarks/card.py

Time to issue a call (Python and the driver) and time until the card has done it, in microseconds,
means of 300 calls in turn; without gradients. For ELMo there: ``benchmarks/elmo.py --device cuda``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import torch

from machine import description
from symvec.layers.torch import Embedding, EmbeddingBag

ROWS, WIDTH, CALLS, WARM_UP = 1_000_000, 128, 300, 20


def cost(call: Callable[[], object]) -> dict[str, float]:
    """Return the microseconds of a call until it is issued, and until it is done."""
    for _ in range(WARM_UP):
        call()
    torch.cuda.synchronize()
    started = time.perf_counter()
    for _ in range(CALLS):
        call()
    issued = time.perf_counter() - started
    torch.cuda.synchronize()
    done = time.perf_counter() - started
    return {"issued": issued / CALLS * 1e6, "done": done / CALLS * 1e6}


@torch.no_grad()
def main() -> None:
    """Measure, and write JSON to standard output."""
    ours = Embedding(ROWS, WIDTH, device="cuda")
    theirs = torch.nn.Embedding(ROWS, WIDTH, device="cuda")
    found = {}
    for shape in ((64,), (8192,), (64, 1024), (1024, 1024)):
        ids = torch.randint(ROWS, shape, device="cuda")
        found[f"lookup of {shape}"] = {
            "symvec": cost(lambda ids=ids: ours(ids)),
            "torch": cost(lambda ids=ids: theirs(ids)),
        }
    ids = torch.randint(ROWS, (65_536,), device="cuda")
    offsets = torch.arange(0, 65_536, 32, device="cuda")
    weights = torch.rand(65_536, device="cuda")
    bags = EmbeddingBag(ROWS, WIDTH, mode="sum", device="cuda")
    peer = torch.nn.EmbeddingBag(ROWS, WIDTH, mode="sum", device="cuda")
    for name, more in {"sums": (), "weighted sums": (weights,)}.items():
        found[f"{name} of 2,048 bags of 32"] = {
            "symvec": cost(lambda more=more: bags(ids, offsets, *more)),
            "torch": cost(lambda more=more: peer(ids, offsets, *more)),
        }
    machine = description() | {"card": torch.cuda.get_device_name()}
    print(json.dumps({"machine": machine, "microseconds": found}, indent=1))


if __name__ == "__main__":
    main()
