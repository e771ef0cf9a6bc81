"""What training tells while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Stage = Literal["reading", "counting", "compiling", "factorising", "training"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far training is.

    Args:
        stage: reading the text, counting pairs of words, compiling the kernels (only at their
            first use), factorising a matrix, or training.
        done: bytes read; words whose pairs are counted; 0 while compiling; how often the matrix
            was gone through; words trained, in all epochs together.
        total: what ``done`` will be at the end, None where nobody knows (text from a pipe).
        epoch: counted from 1 in training, 0 before.
        epochs: how many there will be.
        words_per_second: words trained a second; 0 before training.
        loss: mean loss an example in the epoch so far, None before the first.
        seconds: since the stage began.
        seconds_left: to the end of the stage, None where nobody knows.
    """

    stage: Stage
    done: int
    total: int | None
    epoch: int
    epochs: int
    words_per_second: float
    loss: float | None
    seconds: float
    seconds_left: float | None


ProgressCallback: TypeAlias = Callable[[Progress], None]


def seconds_left(done: int, total: int | None, seconds: float) -> float | None:
    """Return how long the rest takes at the speed so far.

    Example:
        >>> seconds_left(10, 40, 2.0), seconds_left(0, 40, 2.0), seconds_left(10, None, 2.0)
        (6.0, None, None)
    """
    if total is None or done == 0:
        return None
    return max(total - done, 0) * seconds / done
