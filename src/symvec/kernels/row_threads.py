"""Threads for row kernels: each owns a range, so their number cannot change an answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from symvec.arrays import Ids64
from symvec.kernels.row_team import launcher_of

# Below this many numbers a hand-over to another thread (20 to 50 microseconds, measured) costs
# more than it saves.
SMALLEST_SHARE = 65_536
# A team is handed its work in 3 microseconds. More shares than threads, as one may be late.
SMALLEST_TEAM_SHARE = 16_384
SHARES_OF_A_TEAM = 8


def available_threads() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Team:
    """Threads that another library keeps awake: see :mod:`symvec.kernels.row_team`.

    Args:
        count: how many there are, the calling one among them.
        address: of ``GOMP_parallel``.
    """

    count: int
    address: int


Threads: TypeAlias = int | Team | None
"""An upper bound for threads of our own, a team, or ``None`` for the processors to be used."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Where items are cut for threads.

    Args:
        edges: rising, one more than there are ranges; the first is 0, the last the items in all.
        team: whose threads work on them, or ``None`` for our own, of which each has one range.

    Attributes:
        array: the edges as a team takes them, made once for all the batches of one size.
    """

    edges: list[int]
    team: Team | None = None
    array: Ids64 = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Write the edges as an array, too."""
        object.__setattr__(self, "array", np.array(self.edges, np.int64))


def _shares(count: int, numbers: int, threads: Threads) -> int:
    if isinstance(threads, Team):
        return max(1, min(SHARES_OF_A_TEAM * threads.count, count, numbers // SMALLEST_TEAM_SHARE))
    wanted = available_threads() if threads is None else threads
    return max(1, min(wanted, count, numbers // SMALLEST_SHARE))


@lru_cache(maxsize=64)  # batches are of one size again and again
def even_bounds(count: int, numbers_each: int, threads: Threads) -> Ranges:
    """Return where to cut ``count`` items into ranges, as many as are worth waking threads.

    Args:
        count: items in all.
        numbers_each: numbers that an item moves; small work stays on the calling thread.
        threads: upper bound, or a team; ``None`` for the processors that this process may use.
    """
    shares = _shares(count, count * numbers_each, threads)
    return Ranges(_evenly_cut(count, shares), threads if isinstance(threads, Team) else None)


def _evenly_cut(count: int, shares: int) -> list[int]:
    return [count * share // shares for share in range(shares + 1)]


def balanced_bounds(starts: Ids64, numbers_each: int, threads: Threads) -> Ranges:
    """Return where to cut items so that each range holds about as many positions.

    Args:
        starts: (items + 1,) rising: item ``i`` has the positions ``starts[i]`` to ``starts[i+1]``.
        numbers_each: numbers that a position moves.
        threads: as in :func:`even_bounds`.
    """
    if isinstance(threads, Team):  # which takes small ranges as it gets done with others
        shares = _shares(starts.size - 1, int(starts[-1] - starts[0]) * numbers_each, threads)
        return Ranges(_evenly_cut(starts.size - 1, shares), threads)
    positions = even_bounds(int(starts[-1] - starts[0]), numbers_each, threads)
    inner = np.searchsorted(starts, np.asarray(positions.edges[1:-1]) + starts[0])
    last = starts.size - 1
    return Ranges([0, *np.minimum(inner, last).tolist(), last])


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=max(64, available_threads()), thread_name_prefix="rows")


if hasattr(os, "register_at_fork"):  # a forked child has the pool object but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


def run_ranges(kernel: Callable[..., Any], ranges: Ranges, *arguments: object) -> None:
    """Call ``kernel(*arguments, start, stop)`` for each range between two edges, in threads.

    Kernels release the interpreter lock. Plain threads are used rather than Numba's own because
    those abort the process when two Python threads launch a kernel, or after a fork.

    Args:
        kernel: writes only what belongs to items ``start <= item < stop``.
        ranges: from :func:`even_bounds` or :func:`balanced_bounds`.
        arguments: what the kernel takes before ``start`` and ``stop``.

    Raises:
        MemoryError: a kernel found no room for its scratch.
    """
    edges = ranges.edges
    launcher = launcher_of(kernel) if ranges.team is not None and len(edges) > 2 else None
    if ranges.team is not None and launcher is not None:
        if launcher(ranges.team.address, ranges.array, *arguments):
            raise MemoryError(f"no memory for the scratch of {kernel.__name__}")
        return
    _run_in_pool(kernel, edges, *arguments)


def _run_in_pool(kernel: Callable[..., Any], edges: Sequence[int], *arguments: object) -> None:
    futures = [
        _pool().submit(kernel, *arguments, start, stop) for start, stop in pairwise(edges[1:])
    ]
    try:
        kernel(*arguments, edges[0], edges[1])
    finally:
        for future in futures:
            future.result()
