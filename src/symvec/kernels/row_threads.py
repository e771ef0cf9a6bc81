"""Threads for row kernels: each owns a range, so their number cannot change an answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from symvec.arrays import Ids64

# Below this many numbers a hand-over to another thread (20 to 50 microseconds, measured) costs
# more than it saves.
SMALLEST_SHARE = 65_536


def available_threads() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def even_bounds(count: int, numbers_each: int, threads: int | None) -> list[int]:
    """Return where to cut ``count`` items into one range for each thread worth waking.

    Args:
        count: items in all.
        numbers_each: numbers that an item moves; small work stays on the calling thread.
        threads: upper bound; ``None`` for the processors that this process may use.
    """
    wanted = available_threads() if threads is None else threads
    shares = max(1, min(wanted, count, count * numbers_each // SMALLEST_SHARE))
    return [count * share // shares for share in range(shares + 1)]


def balanced_bounds(starts: Ids64, numbers_each: int, threads: int | None) -> list[int]:
    """Return where to cut items so that each range holds about as many positions.

    Args:
        starts: (items + 1,) rising: item ``i`` has the positions ``starts[i]`` to ``starts[i+1]``.
        numbers_each: numbers that a position moves.
        threads: as in :func:`even_bounds`.
    """
    positions = even_bounds(int(starts[-1] - starts[0]), numbers_each, threads)
    inner = np.searchsorted(starts, np.asarray(positions[1:-1]) + starts[0])
    return [0, *(min(int(cut), starts.size - 1) for cut in inner), starts.size - 1]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=max(64, available_threads()), thread_name_prefix="rows")


if hasattr(os, "register_at_fork"):  # a forked child has the pool object but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


def run_ranges(kernel: Callable[..., Any], bounds: Sequence[int], *arguments: object) -> None:
    """Call ``kernel(*arguments, start, stop)`` for each range between two bounds, in threads.

    Kernels release the interpreter lock. Plain threads are used rather than Numba's own because
    those abort the process when two Python threads launch a kernel, or after a fork.

    Args:
        kernel: writes only what belongs to items ``start <= item < stop``.
        bounds: from :func:`even_bounds` or :func:`balanced_bounds`.
        arguments: what the kernel takes before ``start`` and ``stop``.
    """
    futures = [
        _pool().submit(kernel, *arguments, start, stop) for start, stop in pairwise(bounds[1:])
    ]
    try:
        kernel(*arguments, bounds[0], bounds[1])
    finally:
        for future in futures:
            future.result()
