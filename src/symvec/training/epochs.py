"""Epochs on threads: starting them, watching them, stopping them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

import numpy as np

from symvec.errors import InterruptedTraining, SymvecError
from symvec.kernels.blocks import Tables, Text
from symvec.kernels.rounds import Schedule, train_rounds
from symvec.kernels.threads import CONTROL_SIZE, ROUND, STOP_ASKED
from symvec.training import memory
from symvec.training.plan import Plan
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus

_SECONDS_BETWEEN_REPORTS: Final = 0.2

OnRounds = Callable[[int, int, float | None], None]
"""Called with the epoch (from 0), its tokens done, and its mean loss so far."""


@dataclass(frozen=True, slots=True)
class EpochResult:
    """What an epoch came to: the mean loss of an example, and how many there were."""

    loss: float
    examples: int


def train_epochs(
    tables: Tables,
    corpus: EncodedCorpus,
    plan: Plan,
    settings: Word2VecSettings,
    threads: int,
    on_rounds: OnRounds,
) -> list[EpochResult]:
    """Train the tables in place.

    Args:
        tables: see ``memory.tables``.
        corpus: what to train on.
        plan: how.
        settings: how.
        threads: how many; the result does not depend on it.
        on_rounds: told of the progress from the calling thread.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C; the threads have ended.
        SymvecError: the numbers are not finite any more.
    """
    text = Text(corpus.ids, plan.keep_thresholds, plan.noise)
    spaces = [(memory.block_space(plan), memory.tile_space(plan, settings)) for _ in range(threads)]
    changes = memory.changes(plan)
    touches = memory.touches(len(tables.inputs), len(tables.outputs))
    results = []
    with ThreadPoolExecutor(threads, thread_name_prefix="symvec") as pool:
        for epoch in range(settings.epochs):
            control, totals = np.zeros(CONTROL_SIZE, np.int64), np.zeros(2)
            schedule = Schedule(
                plan.block_tokens, 0, settings.seed, epoch, settings.epochs,
                settings.learning_rate, float(settings.min_alpha),
            )  # fmt: skip
            running = [
                pool.submit(
                    train_rounds, thread, threads, control, tables, text, spaces[thread],
                    plan.shape, schedule, changes, touches, totals,
                )
                for thread in range(threads)
            ]  # fmt: skip

            def report(
                control: np.ndarray = control, totals: np.ndarray = totals, epoch: int = epoch
            ) -> None:
                tokens = min(int(control[ROUND]) * plan.round_tokens, len(corpus.ids))
                on_rounds(epoch, tokens, float(totals[0] / totals[1]) if totals[1] else None)

            _watch(running, control, report)
            results.append(_result(totals, epoch, settings))
    return results


def _watch(running: list[Future[None]], control: np.ndarray, report: Callable[[], None]) -> None:
    try:
        while wait(running, timeout=_SECONDS_BETWEEN_REPORTS).not_done:
            report()
        for future in running:
            future.result()
        report()
    except BaseException as error:
        control[STOP_ASKED] = 1
        wait(running)
        if isinstance(error, KeyboardInterrupt):
            raise InterruptedTraining("training was interrupted; nothing was saved") from None
        raise


def _result(totals: np.ndarray, epoch: int, settings: Word2VecSettings) -> EpochResult:
    loss, examples = float(totals[0]), int(totals[1])
    if not np.isfinite(loss):
        raise SymvecError(
            f"the loss is {loss} in epoch {epoch + 1}: the vectors have grown without bound at "
            f"alpha={settings.learning_rate}; train with a smaller alpha"
        )
    return EpochResult(loss / examples if examples else 0.0, examples)
