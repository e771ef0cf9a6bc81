"""Turning what the stages of training say into `Progress` and `EpochReport`."""

from __future__ import annotations

import time

from symvec.training.epoch_report import EpochCallback, EpochReport
from symvec.training.progress import Progress, ProgressCallback, Stage, seconds_left


class Reporter:
    """Tells one callback of all stages, and another one of the epochs.

    Args:
        progress: the callback, if there is one.
        on_epoch: the callback for epochs, if there is one.
    """

    def __init__(
        self, progress: ProgressCallback | None, on_epoch: EpochCallback | None = None
    ) -> None:
        self._progress = progress
        self._on_epoch = on_epoch
        self._started = time.perf_counter()
        self._words_before = 0

    def reading(self, bytes_read: int, bytes_in_all: int | None) -> None:
        """Tell how much of the text was read."""
        self._tell("reading", bytes_read, bytes_in_all)

    def compiling(self) -> None:
        """Tell that the kernels are being compiled; time counts from here."""
        self._started = time.perf_counter()
        self._tell("compiling", 0, None)

    def counting(self, words: int, total: int) -> None:
        """Tell of how many words the pairs are counted."""
        self._tell("counting", words, total)

    def factorising(self, done: int, total: int) -> None:
        """Tell how often a matrix has been gone through."""
        if done == 0:
            self._started = time.perf_counter()
        self._tell("factorising", done, total)

    def training_begins(self, words: int) -> None:
        """Take that training goes on from here; time counts from here.

        Args:
            words: trained before an interruption, which say nothing of the speed now.
        """
        self._started, self._words_before = time.perf_counter(), words

    def training(
        self, words: int, total: int, epoch: int, epochs: int, loss: float | None = None
    ) -> None:
        """Tell how far training is.

        Args:
            words: trained in all epochs together.
            total: what ``words`` will be at the end.
            epoch: counted from 0.
            epochs: how many there will be.
            loss: mean loss of an example in the epoch so far.
        """
        if words == 0:  # the threads have not begun: the kernels are being compiled
            self.compiling()
        else:
            self._tell("training", words, total, epoch + 1, epochs, loss)

    def epoch(self, report: EpochReport) -> None:
        """Tell that an epoch has ended."""
        if self._on_epoch is not None:
            self._on_epoch(report)

    def _tell(
        self,
        stage: Stage,
        done: int,
        total: int | None,
        epoch: int = 0,
        epochs: int = 0,
        loss: float | None = None,
    ) -> None:
        if self._progress is None:
            return
        seconds = time.perf_counter() - self._started
        before = self._words_before if stage == "training" else 0
        speed = (done - before) / seconds if stage == "training" and seconds > 0 else 0.0
        left = seconds_left(done - before, None if total is None else total - before, seconds)
        self._progress(Progress(stage, done, total, epoch, epochs, speed, loss, seconds, left))
