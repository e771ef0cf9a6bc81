"""Threads that train together, a stretch of rounds at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from symvec.arrays import Double2, Ids64
from symvec.kernels.blocks import AlgorithmSpace, BlockSpace, Changes, Tables, Text
from symvec.kernels.rounds import Schedule, Touches
from symvec.kernels.threads import CONTROL_SIZE, ROUND, STOP_ASKED
from symvec.kernels.tile_space import Shape

# So that little of the corpus is mapped at a time: what is trained is unloaded with each report.
_SECONDS_BETWEEN_REPORTS: Final = 0.05

OnWait = Callable[[int], bool]
"""Told which round comes next; returns whether to stop before it."""


@dataclass(frozen=True, eq=False)
class Team:
    """What threads need to train.

    Args:
        pool: of as many threads as there are ``spaces``.
        tables: what is trained, in place.
        spaces: of each thread.
        shape: of the tiles.
        changes: what blocks would change.
        touches: how many blocks touch a row.
        train: the kernel that all threads call; see ``schedules.Turns``.
    """

    pool: ThreadPoolExecutor
    tables: Tables
    spaces: list[tuple[BlockSpace, AlgorithmSpace]]
    shape: Shape
    changes: Changes
    touches: Touches
    train: Callable[..., Any]

    def run(
        self, text: Text, schedule: Schedule, totals: Double2, on_wait: OnWait
    ) -> tuple[int, bool]:
        """Train a stretch of an epoch.

        Args:
            text: what on.
            schedule: from which round to which, and at what rate.
            totals: (threads, 2) float64, added to: loss, examples.
            on_wait: called twenty times a second, and at the end.

        Returns:
            The round that comes next, and whether ``on_wait`` raised KeyboardInterrupt.
        """
        control = np.zeros(CONTROL_SIZE, np.int64)
        control[ROUND] = schedule.first_round
        threads = len(self.spaces)
        running = [
            self.pool.submit(
                self.train, thread, threads, control, self.tables, text, self.spaces[thread],
                self.shape, schedule, self.changes, self.touches, totals,
            )
            for thread in range(threads)
        ]  # fmt: skip
        interrupted = _watch(running, control, on_wait)
        return int(control[ROUND]), interrupted


def _watch(running: list[Future[None]], control: Ids64, on_wait: OnWait) -> bool:
    """Wait for the threads; return whether ``on_wait`` raised KeyboardInterrupt."""
    try:
        while wait(running, timeout=_SECONDS_BETWEEN_REPORTS).not_done:
            if on_wait(int(control[ROUND])):
                control[STOP_ASKED] = 1
        for future in running:
            future.result()
        on_wait(int(control[ROUND]))
    except BaseException as error:
        control[STOP_ASKED] = 1
        wait(running)
        if isinstance(error, KeyboardInterrupt):
            return True
        raise
    return False
