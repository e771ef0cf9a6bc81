"""Watching a training run: a live line on a terminal, and what was seen last."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from symvec.cli.durations import amount, duration
from symvec.cli.escaping import visible
from symvec.cli.notes import is_terminal

if TYPE_CHECKING:
    from types import FrameType

    from symvec.training import EpochReport, Progress

Show: TypeAlias = "Callable[[Progress], None]"
Say: TypeAlias = Callable[[str], None]


class Watch:
    """Remembers the speed of training and shows the progress.

    Args:
        show: called with each report.
        say: called with lines that stay.
    """

    def __init__(self, show: Show, say: Say) -> None:
        self._show = show
        self._say = say
        self.words_per_second = 0.0
        self._is_interrupted = False

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Take Ctrl-C or SIGTERM: where Python loses the exception, the next report raises it.

        It is lost in calls from compiled code, of which LLVM makes some.
        """
        self._is_interrupted = True
        signal.default_int_handler(number, frame)

    def __call__(self, progress: Progress) -> None:
        """Take a report."""
        if self._is_interrupted:
            raise KeyboardInterrupt
        if progress.stage == "training":
            self.words_per_second = progress.words_per_second
        self._show(progress)

    def epoch(self, report: EpochReport) -> None:
        """Take what an epoch came to."""
        for line in epoch_lines(report):
            self._say(visible(line))


@contextmanager
def watching() -> Iterator[Watch]:
    """Give a callback for training, that shows a line; it is gone at the end.

    Ctrl-C and SIGTERM reach training as KeyboardInterrupt.
    """
    with _shown() as (show, say):
        watch = Watch(show, say)
        # A machine that is shut down, or taken away, says so by SIGTERM.
        signals = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, watch.interrupt) for number in signals]
        try:
            yield watch
        finally:
            for number, handler in zip(signals, before, strict=True):
                signal.signal(number, handler)


@contextmanager
def _shown() -> Iterator[tuple[Show, Say]]:
    if not is_terminal():
        yield _show_nothing, _show_nothing
        return
    # rich takes a fifth of a second, which training has.
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as ProgressBar

    columns = (TextColumn("{task.description}"), BarColumn(20), TextColumn("{task.fields[rest]}"))
    console = Console(stderr=True, highlight=False)
    with ProgressBar(*columns, console=console, auto_refresh=False, transient=True) as bar:
        task = bar.add_task("reading", total=None, rest="")

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=description(progress),
                completed=progress.done,
                total=progress.total,
                rest=details(progress),
                refresh=True,
            )

        def say(line: str) -> None:
            console.print(line, markup=False, soft_wrap=True)

        yield show, say


def _show_nothing(_: object) -> None:
    """Stand in where nobody is looking."""


def epoch_lines(report: EpochReport) -> list[str]:
    """Return what an epoch came to, for people."""
    held_out = report.held_out_loss
    beside = "" if held_out is None else f", held out {held_out:.4f}"
    told = [f"{name} {value:.1f}" for name, value in report.perplexities.items()]
    if told:
        beside += f", perplexity {', '.join(told)}"
    on_the_way = "" if report.words is None else f", {amount(report.words)} words"
    lines = [f"epoch {report.epoch} of {report.epochs}{on_the_way}: loss {report.loss:.4f}{beside}"]
    for word, neighbours in report.neighbours.items():
        lines.append(f"  {word}: {', '.join(neighbour for neighbour, _ in neighbours)}")
    return lines


def description(progress: Progress) -> str:
    """Return what is being done."""
    match progress.stage:
        case "training":
            return f"training, epoch {progress.epoch} of {progress.epochs}"
        case "compiling":
            return "compiling, at the first use only"
        case "counting":
            return "counting pairs of words"
        case "reading" | "factorising":
            return progress.stage


def details(progress: Progress) -> str:
    """Return how far it is, how fast, how well, and how long it takes yet."""
    parts = []
    if progress.total:
        parts.append(f"{100 * progress.done / progress.total:3.0f} %")
    if progress.stage == "reading":
        parts.append(f"{amount(progress.done)}B")
    if progress.stage == "training":
        parts.append(f"{amount(progress.words_per_second)} words/s")
    if progress.loss is not None:
        parts.append(f"loss {progress.loss:.3f}")
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return "  ".join(parts)
