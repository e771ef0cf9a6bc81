"""Ctrl-C while training: noted at once, acted upon where the state is whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Whether the user has asked to stop."""

    def __init__(self) -> None:
        self.asked = False

    def note(self, number: int, frame: FrameType | None) -> None:
        """Take a signal; the second one is not to be waited with."""
        if self.asked:
            signal.default_int_handler(number, frame)
        self.asked = True


@contextmanager
def noted_interrupts() -> Iterator[Interrupts]:
    """Have signals that would raise KeyboardInterrupt noted instead, until the second one.

    An exception in the midst of a step would leave a state that is neither here nor there. Only
    signals that Python code handles are taken, and only in the main thread, which alone gets them.

    Example:
        >>> with noted_interrupts() as interrupts:
        ...     interrupts.note(signal.SIGINT, None)
        >>> interrupts.asked
        True
    """
    interrupts = Interrupts()
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler) and not isinstance(handler, signal.Handlers):
                before[number] = signal.signal(number, interrupts.note)
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
