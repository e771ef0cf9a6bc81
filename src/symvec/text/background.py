"""An iterator that runs ahead on a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _End(Generic[Item]):
    """What comes after the last item: nothing, or the error that ended the iterator."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


@contextmanager
def running_ahead(items: Generator[Item, None, None], ahead: int) -> Iterator[Iterator[Item]]:
    """Run an iterator on a background thread, up to ``ahead`` items before they are used.

    Reading, decompressing and hashing release the interpreter, so they run beside a kernel.
    An error of the iterator is raised where its item would have come. When the block is left,
    the thread stops after the item that it is at.

    Example:
        >>> with running_ahead((n for n in range(3)), ahead=2) as numbers:
        ...     list(numbers)
        [0, 1, 2]
    """
    waiting: queue.Queue[Item | _End[Item]] = queue.Queue(maxsize=ahead)
    stopped = threading.Event()

    def put(item: Item | _End[Item]) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def run() -> None:
        try:
            for item in items:
                if not put(item):
                    return
        except BaseException as error:  # it goes on to the reader
            put(_End(error))
        else:
            put(_End(None))
        finally:
            items.close()

    # A daemon, for it may wait for standard input when the program is to end.
    threading.Thread(target=run, name="symvec-reading", daemon=True).start()
    try:
        yield _taken(waiting)
    finally:
        stopped.set()


def _taken(waiting: queue.Queue[Item | _End[Item]]) -> Iterator[Item]:
    while True:
        item = waiting.get()
        if isinstance(item, _End):
            if item.error is not None:
                raise item.error
            return
        yield item
