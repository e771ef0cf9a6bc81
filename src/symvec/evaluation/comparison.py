"""Several models, each perhaps with several seeds, side by side on the same test sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np

from symvec.evaluation.bootstrap import RESAMPLES, Interval, paired_difference, score_interval
from symvec.evaluation.items import ItemScores
from symvec.vectors import Vectors

TestSet: TypeAlias = Callable[[Vectors], ItemScores]
Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class GroupScore:
    """What the models of a group reach on a test set.

    Args:
        group: the name of the group; it is one model, or several that differ in their seed.
        values: the score of each model, None where it is not defined.
        interval: the mean of the values and its 95 % interval.
        spread: the sample standard deviation of the values, None for one model.
        found: how many items could be asked, of each model.
        against_first: by how much the group scores higher than the first one, on the items that
            all models could be asked; None for the first.
        details: what else the test set says, of the first model.
    """

    group: str
    values: tuple[float | None, ...]
    interval: Interval
    spread: float | None
    found: tuple[int, ...]
    against_first: Interval | None
    details: Mapping[str, object]

    @property
    def is_real(self) -> bool | None:
        """Whether the difference from the first group is more than chance, None for the first."""
        return None if self.against_first is None else self.against_first.excludes_zero


@dataclass(frozen=True, slots=True)
class TestSetComparison:
    """The groups on one test set.

    Args:
        name: of the test set.
        measure: what is measured.
        total: how many items it has.
        groups: the score of each.
    """

    __test__ = False  # nothing for pytest to collect

    name: str
    measure: str
    total: int
    groups: tuple[GroupScore, ...]


def compare_on(
    groups: Mapping[str, Iterable[Model]],
    test_sets: Sequence[Callable[[Model], ItemScores]],
    *,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> list[TestSetComparison]:
    """Score groups of models on test sets, and compare each group with the first.

    Args:
        groups: the models of each group, vectors as a rule, and what ``test_sets`` take in any
            case; they are gone through once, so that they need not be open at the same time.
        test_sets: what scores a model on a test set, such as
            ``lambda vectors: pair_items(vectors, "ws353.txt")``.
        resamples: of the bootstrap.
        seed: of its draws.

    Raises:
        InputError: a group without a model, or no group.
    """
    scored: dict[str, list[list[ItemScores]]] = {}
    for name, models in groups.items():
        rows = [[test_set(vectors) for test_set in test_sets] for vectors in models]
        scored[name] = [list(column) for column in zip(*rows, strict=True)]
    comparisons = []
    for number in range(len(test_sets)):
        columns = {name: parts[number] if parts else [] for name, parts in scored.items()}
        first = next(iter(columns.values()), [])
        found = tuple(
            _group_score(name, column, first, resamples, seed) for name, column in columns.items()
        )
        comparisons.append(
            TestSetComparison(first[0].name, first[0].measure, len(first[0].items), found)
        )
    return comparisons


def _group_score(
    name: str,
    models: Sequence[ItemScores],
    first: Sequence[ItemScores],
    resamples: int,
    seed: int,
) -> GroupScore:
    values = tuple(model.value for model in models)
    known = [value for value in values if value is not None]
    interval = score_interval(models, resamples=resamples, seed=seed)
    against = (
        None
        if models is first
        else paired_difference(first, models, resamples=resamples, seed=seed)
    )
    return GroupScore(
        name,
        values,
        interval,
        float(np.std(known, ddof=1)) if len(known) > 1 else None,
        tuple(model.found for model in models),
        against,
        models[0].details,
    )
