"""How sure a score is, and whether one model is really better than another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from symvec.arrays import Double1, Ids64
from symvec.errors import InputError
from symvec.evaluation.items import ItemScores

RESAMPLES: Final = 1000
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A number and where it may lie.

    Args:
        value: what was measured, None where it is not defined.
        low: the lower end of the interval, None where it is not defined.
        high: its upper end.
    """

    value: float | None
    low: float | None
    high: float | None

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def score_interval(
    models: Sequence[ItemScores], *, resamples: int = RESAMPLES, seed: int = 1
) -> Interval:
    """Return the mean score of models of one kind with its 95 % interval.

    The interval holds the middle 95 % of scores of resamples (Efron 1979): items are drawn with
    replacement, and so are the models where there are several, such as seeds.

    Args:
        models: what each model did with the same test set.
        resamples: how many.
        seed: of the draws.

    Raises:
        InputError: no model, fewer than one resample, or different test sets.
    """
    _check(models, resamples)
    value = _mean([model.value for model in models])
    random = np.random.default_rng(seed)
    drawn = _resampled(models, models[0], resamples, random)
    return _interval(value, [_score(group, rows) for group, rows in drawn])


def paired_difference(
    first: Sequence[ItemScores],
    second: Sequence[ItemScores],
    *,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> Interval:
    """Return by how much the second models score higher than the first, with its 95 % interval.

    Each resample asks all models the same items, those that every one of them could be asked
    (the paired bootstrap of Koehn 2004); the models of each side are drawn, too. The difference
    is real, as far as this test set can tell, where the interval does not hold 0.

    Raises:
        InputError: no model on a side, fewer than one resample, or different test sets.
    """
    _check([*first, *second], resamples)
    if not first or not second:
        raise InputError("a difference needs a model on each side")
    asked = np.flatnonzero(
        np.all([np.isfinite(model.items).all(axis=1) for model in (*first, *second)], axis=0)
    )
    value = _minus(_score(second, asked), _score(first, asked))
    random = np.random.default_rng(seed)
    differences = []
    for _ in range(resamples):
        rows = random.choice(asked, len(asked)) if len(asked) else asked
        sides = [[side[i] for i in _drawn(side, random)] for side in (first, second)]
        differences.append(_minus(_score(sides[1], rows), _score(sides[0], rows)))
    return _interval(value, differences)


def share_interval(
    correct: int, asked: int, *, resamples: int = RESAMPLES, seed: int = 1
) -> Interval:
    """Return the share of correct answers with its 95 % interval, from the counts alone.

    Drawing answers with replacement makes the number of correct ones binomial.
    """
    if not asked:
        return Interval(None, None, None)
    drawn = np.random.default_rng(seed).binomial(asked, correct / asked, resamples) / asked
    return _interval(correct / asked, drawn.tolist())


def statistic_interval(
    values: Double1,
    statistic: Callable[[Double1], float],
    *,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> Interval:
    """Return a statistic of numbers with its 95 % interval by the bootstrap."""
    if not len(values):
        return Interval(None, None, None)
    random = np.random.default_rng(seed)
    drawn = [statistic(random.choice(values, len(values))) for _ in range(resamples)]
    return _interval(statistic(values), drawn)


def _check(models: Sequence[ItemScores], resamples: int) -> None:
    if not models:
        raise InputError("there is no model to score")
    if resamples < 1:
        raise InputError(f"expected 1 resample or more, got {resamples}")
    if len({(model.name, model.items.shape) for model in models}) > 1:
        raise InputError("models can only be compared on the same test set")


def _resampled(
    models: Sequence[ItemScores], like: ItemScores, resamples: int, random: np.random.Generator
) -> list[tuple[list[ItemScores], Ids64]]:
    rows = np.arange(len(like.items))
    drawn = []
    for _ in range(resamples):
        group = [models[i] for i in _drawn(models, random)]
        drawn.append((group, random.choice(rows, len(rows)) if len(rows) else rows))
    return drawn


def _drawn(models: Sequence[ItemScores], random: np.random.Generator) -> list[int]:
    return [0] if len(models) == 1 else random.integers(0, len(models), len(models)).tolist()


def _score(models: Sequence[ItemScores], rows: Ids64) -> float | None:
    """Return the mean score of models on some items, of those that each could be asked."""
    values = []
    for model in models:
        items = model.items[rows]
        values.append(model.statistic(items[np.isfinite(items).all(axis=1)]))
    return _mean(values)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) and known else None


def _minus(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second


def _interval(value: float | None, drawn: Sequence[float | None]) -> Interval:
    known = [number for number in drawn if number is not None]
    if value is None or not known:
        return Interval(value, None, None)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(value, float(low), float(high))
