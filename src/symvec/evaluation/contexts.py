"""Scoring context vectors: is a word meant alike in two sentences?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from symvec.arrays import Double1
from symvec.errors import InputError
from symvec.evaluation.items import ItemScores, share
from symvec.vectors.contexts import Contexts

FOLDS: Final = 10
MEASURE: Final = "accuracy"


@dataclass(frozen=True, slots=True)
class ContextPair:
    """A word in two sentences, as in the test set WiC (Pilehvar and Camacho-Collados 2019).

    Args:
        first: the words of a sentence.
        first_position: where the word stands in it.
        second: the words of another.
        second_position: where it stands there.
        same: whether it means the same in both.
    """

    first: tuple[str, ...]
    first_position: int
    second: tuple[str, ...]
    second_position: int
    same: bool


def context_similarities(context_map: Contexts, pairs: Sequence[ContextPair]) -> Double1:
    """Return the cosine of each pair's two context vectors, NaN where one has no known word."""
    first = context_map.at_each((pair.first, pair.first_position) for pair in pairs)
    second = context_map.at_each((pair.second, pair.second_position) for pair in pairs)
    is_known = first.any(axis=1) & second.any(axis=1)
    similarities: Double1 = np.where(is_known, np.einsum("ij,ij->i", first, second), np.nan)
    return similarities


def best_threshold(similarities: Double1, same: Sequence[bool]) -> float:
    """Return the value that divides pairs best: those above it are called the same.

    Raises:
        InputError: there is no pair with a similarity.
    """
    known = np.isfinite(similarities)
    if not known.any():
        raise InputError("no pair has words that the model knows beside the word in question")
    values, labels = similarities[known], np.asarray(same)[known]
    order = np.argsort(values, kind="stable")
    values, labels = values[order], labels[order]
    # Right if all up to a place are called different and the rest the same.
    right = (
        np.concatenate([[0], np.cumsum(~labels)])
        + labels.sum()
        - np.concatenate([[0], np.cumsum(labels)])
    )
    edges = np.concatenate([[values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]])
    return float(edges[int(right.argmax())])


def evaluate_context_pairs(
    context_map: Contexts,
    tested: Sequence[ContextPair],
    *,
    name: str = "words in contexts",
    folds: int = FOLDS,
    seed: int = 1,
) -> ItemScores:
    """Call pairs the same or not by thresholds chosen on other pairs, and count what is correct.

    The pairs are divided by chance, and those of each part are judged by the threshold that suits
    the others best, so no pair has a say in its own answer.

    Args:
        context_map: what makes the vectors.
        tested: the pairs.
        name: of the test set.
        folds: how many parts.
        seed: of the division.

    Raises:
        InputError: fewer than two parts.
    """
    if folds < 2:
        raise InputError(f"thresholds are chosen on other parts: 2 or more, got {folds}")
    similarities = context_similarities(context_map, tested)
    same = np.array([pair.same for pair in tested], dtype=np.bool_)
    parts = np.random.default_rng(seed).permutation(len(tested)) % folds
    known = np.isfinite(similarities)
    items = np.full((len(tested), 1), np.nan)
    for part in range(folds):
        others, own = known & (parts != part), known & (parts == part)
        if others.any():
            threshold = best_threshold(similarities[others], same[others].tolist())
            items[own, 0] = (similarities[own] > threshold) == same[own]
    always = float(max(same.mean(), 1 - same.mean())) if len(same) else None
    return ItemScores(name, MEASURE, share, items, {"always_the_same_answer": always})


def evaluate_contexts(
    context_map: Contexts, tested: Sequence[ContextPair], threshold: float
) -> ItemScores:
    """Call pairs above a threshold the same and count what is correct.

    Args:
        context_map: what makes the vectors.
        tested: pairs that the threshold was not chosen on.
        threshold: see ``best_threshold``.
    """
    similarities = context_similarities(context_map, tested)
    same = np.array([pair.same for pair in tested], dtype=np.bool_)
    right = (similarities > threshold) == same
    items = np.where(np.isfinite(similarities), right, np.nan)[:, None]
    return ItemScores("words in contexts", MEASURE, share, items, {"threshold": threshold})
