"""Scoring vectors by whether words of one category come together."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import numpy as np

from symvec.errors import FormatError
from symvec.evaluation.folding import folded_words
from symvec.evaluation.items import ItemScores, in_main_category, share
from symvec.evaluation.lines import BadLine, read_lines
from symvec.files import PathLike
from symvec.vectors import Vectors
from symvec.vectors.clustering import spherical_kmeans
from symvec.vectors.cosine import unit

Member: TypeAlias = tuple[str, str]


def evaluate_categories(
    vectors: Vectors, members: PathLike | Iterable[Member], *, seed: int = 1
) -> ItemScores:
    """Cluster the words of a test set and measure the clusters' purity.

    There are as many clusters as categories (spherical k-means, the best of ten beginnings).
    Purity is the part of the words that are in the main category of their cluster.

    Args:
        vectors: what is scored.
        members: a file (see ``read_categories``), or word and category of each.
        seed: of the beginnings.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no word with a category.
    """
    name, listed, bad = _named(members)
    words = [word for word, _ in listed]
    known = folded_words(vectors, words, None)
    groups = np.array(known.find(words), dtype=np.int64)
    found = groups >= 0
    names = {category: number for number, category in enumerate(dict(_swapped(listed)))}
    categories = np.array([names[category] for _, category in listed], dtype=np.int64)
    items = np.full((len(listed), 1), np.nan)
    if found.any():
        directions = unit(vectors.word_matrix[known.word_ids[groups[found]]])
        wanted = len(np.unique(categories[found]))
        clusters = spherical_kmeans(directions, wanted, seed=seed)
        items[found, 0] = in_main_category(clusters, categories[found])
    return ItemScores(name, "purity", share, items, {"categories": len(names), "bad_lines": bad})


def read_categories(path: PathLike) -> tuple[list[Member], list[BadLine]]:
    """Read a file of ``word category`` lines; a category may hold spaces.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it holds no such line.
    """
    members: list[Member] = []
    bad: list[BadLine] = []
    for number, line in read_lines(path):
        word, _, category = line.replace("\t", " ").partition(" ")
        if category.strip():
            members.append((word, category.strip()))
        else:
            bad.append(BadLine(number, f"expected a word and its category, got {line[:80]!r}"))
    if not members:
        raise FormatError(f"{os.fspath(path)} holds no word with its category")
    return members, bad


def _named(members: PathLike | Iterable[Member]) -> tuple[str, list[Member], list[BadLine]]:
    if isinstance(members, str | os.PathLike):
        return Path(members).name, *read_categories(members)
    return "categories", list(members), []


def _swapped(listed: list[Member]) -> list[Member]:
    return [(category, word) for word, category in listed]
