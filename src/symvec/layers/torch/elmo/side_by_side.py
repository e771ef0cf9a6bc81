"""Two pieces of work at once, each on half of the threads.

A step of a recurrent layer is too small for several threads to share: they wait for each other
longer than they compute. Two pieces that do not depend on each other need not wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import torch

Result = TypeVar("Result")


def side_by_side(work: Callable[[int], Result]) -> tuple[Result, Result]:
    """Return ``work(0)`` and ``work(1)``; they run at once where PyTorch may use two threads.

    Raises:
        Exception: whatever one of them raised, when both have ended.

    Example:
        >>> side_by_side(lambda number: number + 1)
        (1, 2)
    """
    threads, learns = torch.get_num_threads(), torch.is_grad_enabled()
    if threads == 1:
        return work(0), work(1)

    def own(number: int) -> Result:
        torch.set_num_threads(threads // 2)  # as what follows, it holds for the thread alone
        with torch.set_grad_enabled(learns):
            return work(number)

    other = _second().submit(own, 1)
    try:
        first = own(0)
    finally:
        other.exception()  # waits
        torch.set_num_threads(threads)
    return first, other.result()


@cache
def _second() -> ThreadPoolExecutor:
    """Return a thread beside the caller's; a new one would have to be given its memory anew."""
    return ThreadPoolExecutor(1, thread_name_prefix="second")


if hasattr(os, "register_at_fork"):  # a forked child has the object but not its thread
    os.register_at_fork(after_in_child=_second.cache_clear)
