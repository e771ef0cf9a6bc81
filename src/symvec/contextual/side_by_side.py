"""Two directions at once, each on a thread of its own.

A product of small matrices is too little for several threads to share: they wait for each other,
on a busy machine longer than they compute. Two directions need not wait for each other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from threading import Lock
from typing import Any, TypeVar

Result = TypeVar("Result")


def one_by_one(work: Callable[[int], Result]) -> tuple[Result, Result]:
    """Return ``work(0)`` and ``work(1)``."""
    return work(0), work(1)


def side_by_side(work: Callable[[int], Result]) -> tuple[Result, Result]:
    """Return ``work(0)`` and ``work(1)``, which run at once.

    Raises:
        Exception: whatever one of them raised, when both have ended.

    Example:
        >>> side_by_side(lambda number: number + 1)
        (1, 2)
    """
    handed = [work]  # the thread must not hold what the work has made when that is over
    other = _second().submit(lambda: handed.pop()(1))
    try:
        first = work(0)
    finally:
        other.exception()  # waits
    return first, other.result()


class _Limit:
    """Has the library of NumPy's products use one thread as long as somebody wants it.

    The number of its threads belongs to the process: it is kept down until the last one is done.
    """

    def __init__(self) -> None:
        self._lock, self._wanted = Lock(), 0
        self._limiter: Any = None

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._lock:
            self._wanted += 1
            if self._wanted == 1:
                self._limiter = _libraries().limit(limits=1)
        try:
            yield
        finally:
            with self._lock:
                self._wanted -= 1
                if not self._wanted:
                    self._limiter.restore_original_limits()


_limit = _Limit()


def one_thread_a_product() -> AbstractContextManager[None]:
    """Return the context in which NumPy's products are computed by the thread that asks for them.

    Example:
        >>> with one_thread_a_product():
        ...     pass
    """
    return _limit.held()


@cache
def _libraries() -> Any:  # noqa: ANN401 - the library has no types
    from threadpoolctl import ThreadpoolController  # not before a sentence is read

    return ThreadpoolController().select(user_api="blas")


@cache
def _second() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="symvec-second")


if hasattr(os, "register_at_fork"):  # a forked child has the object but not its thread
    os.register_at_fork(after_in_child=_second.cache_clear)
