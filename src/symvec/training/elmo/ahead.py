"""What is wanted next, made while what was wanted before is used."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Ahead(Generic[K, T]):
    """Makes things by name, one ahead of those that are asked for; close it by ``with``.

    Args:
        make: makes the thing of a name; called in another thread too, one call at a time.

    Example:
        >>> with Ahead(lambda name: name * 10) as ahead:
        ...     [ahead.get(1, following=2), ahead.get(2), ahead.get(7)]
        [10, 20, 70]
    """

    def __init__(self, make: Callable[[K], T]) -> None:
        self._make = make
        self._pool = ThreadPoolExecutor(1, "symvec-ahead")
        self._next: tuple[K, Future[T]] | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Make nothing more."""
        self._pool.shutdown(cancel_futures=True)

    def get(self, name: K, following: K | None = None) -> T:
        """Return the thing of a name, and have the following one made meanwhile.

        Raises:
            Exception: what ``make`` raised for this name.
        """
        known, self._next = self._next, None
        is_made = known is not None and known[0] == name
        made = known[1].result() if known is not None and is_made else self._make(name)
        if following is not None:
            self._next = following, self._pool.submit(self._make, following)
        return made
