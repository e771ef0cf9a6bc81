"""WEAT: whether two groups of words are associated with two others, as people's biases are."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np

from symvec.arrays import AnyArray, Double1
from symvec.errors import FileError, FormatError, InputError
from symvec.evaluation.folding import folded_words
from symvec.evaluation.items import SIDE_X, SIDE_Y, ItemScores, effect_size
from symvec.files import PathLike
from symvec.vectors import Vectors
from symvec.vectors.matrix import cosine_matrix

# As many ways to divide the targets are all looked at; beyond, so many are drawn.
_PERMUTATIONS: Final = 20_000


def evaluate_associations(
    vectors: Vectors,
    lists: Mapping[str, Sequence[str]],
    names: Sequence[str],
    *,
    seed: int = 1,
) -> ItemScores:
    """Measure the association of targets X and Y with attributes A and B (Caliskan et al. 2017).

    A target's association is its mean cosine with A less that with B. The statistic is the
    effect size: the difference of the means of X and Y in standard deviations of all targets.
    ``details`` hold the one-sided p-value: the part of the ways to divide the targets into two
    such groups whose difference is as large.

    Args:
        vectors: what is scored.
        lists: words by the name of their list.
        names: of the lists X, Y, A and B.
        seed: of the divisions that are drawn where there are more than 20,000.

    Raises:
        InputError: not four names, or there is no list of a name.
    """
    groups = _groups(lists, names)
    known = folded_words(vectors, {word for group in groups for word in group}, None)
    found = [[place for place in known.find(group) if place >= 0] for group in groups]
    matrix = vectors.word_matrix
    attributes = [matrix[known.word_ids[places]] for places in found[2:]]
    items = np.full((len(groups[0]) + len(groups[1]), 2), np.nan)
    sides = np.repeat([SIDE_X, SIDE_Y], [len(groups[0]), len(groups[1])])
    if all(len(part) for part in attributes):
        places = np.array(known.find([*groups[0], *groups[1]]), dtype=np.int64)
        targets = matrix[known.word_ids[places[places >= 0]]]
        items[places >= 0, 0] = _association(targets, *attributes)
        items[places >= 0, 1] = sides[places >= 0]
    asked = items[np.isfinite(items).all(axis=1)]
    details = {
        "p_value": _p_value(asked[:, 0], int((asked[:, 1] == SIDE_X).sum()), seed),
        "found_attributes": sum(map(len, found[2:])),
        "attributes": sum(map(len, groups[2:])),
    }
    return ItemScores(" ".join(names), "effect size", effect_size, items, details)


def read_word_lists(path: PathLike) -> dict[str, list[str]]:
    """Read lists of words: a JSON object of arrays of strings.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is something else.
    """
    try:
        content = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise FileError(f"cannot read {os.fspath(path)}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{os.fspath(path)} is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise FormatError(f"{os.fspath(path)} must be a JSON object of lists of words")
    for name, words in content.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise FormatError(f"{os.fspath(path)}: {name!r} must be a list of words")
    return content


def _groups(lists: Mapping[str, Sequence[str]], names: Sequence[str]) -> list[Sequence[str]]:
    if len(names) != 4:
        raise InputError(
            f"an association test is four lists, two targets and two attributes, got {len(names)}"
        )
    for name in names:
        if name not in lists:
            raise InputError(f"there is no list {name!r}; there are {', '.join(lists)}")
    return [lists[name] for name in names]


def _association(targets: AnyArray, first: AnyArray, second: AnyArray) -> Double1:
    near, far = (cosine_matrix(targets, attributes).mean(axis=1) for attributes in (first, second))
    difference: Double1 = near - far
    return difference


def _p_value(associations: Double1, size: int, seed: int) -> float | None:
    """Return which part of the divisions has a difference of means as large as the given one."""
    count = len(associations)
    if not 0 < size < count:
        return None
    total = associations.sum()

    def difference(sums: Double1) -> Double1:
        apart: Double1 = sums / size - (total - sums) / (count - size)
        return apart

    found = difference(np.array([associations[:size].sum()]))[0] - 1e-12
    if math.comb(count, size) <= _PERMUTATIONS:
        sums = [associations[list(chosen)].sum() for chosen in combinations(range(count), size)]
        return float((difference(np.array(sums)) >= found).mean())
    random = np.random.default_rng(seed)
    orders = random.permuted(np.tile(np.arange(count), (_PERMUTATIONS, 1)), axis=1)[:, :size]
    as_large = (difference(associations[orders].sum(axis=1)) >= found).sum()
    # The given division is one of them (Phipson and Smyth 2010).
    return float((as_large + 1) / (_PERMUTATIONS + 1))
