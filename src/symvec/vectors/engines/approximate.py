"""Neighbours by an index, scored exactly, and how many of the true ones it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from symvec.arrays import Double2, Float2, Ids64
from symvec.errors import InputError
from symvec.vectors.cosine import cosines, unit
from symvec.vectors.engines.cache import cache_folder, index_key, read_index, write_index
from symvec.vectors.engines.engine import Engine, Index, engine_named
from symvec.vectors.neighbours import SearchSpace, nearest

# The recall of so many queries is known to about a hundredth.
_SAMPLE: Final = 200


@dataclass(frozen=True, eq=False)
class Approximation:
    """An index over a search space.

    Args:
        space: the words that an answer is chosen from.
        index: over their unit vectors.
        engine: its name.
        from_cache: whether it was built by an earlier call.
    """

    space: SearchSpace
    index: Index
    engine: str
    from_cache: bool

    def nearest(self, queries: Float2, k: int) -> tuple[list[Ids64], list[Double2]]:
        """Return up to ``k`` word ids for each query, best first, and their exact cosines.

        The index proposes, the vectors decide: a wrong index can hide a neighbour, but not
        make one up.
        """
        k = max(0, min(k, len(self.space.norms)))
        if not k or not len(queries):
            return [np.zeros(0, np.int64)] * len(queries), [np.zeros(0)] * len(queries)
        proposed = self.index.search(unit(queries), k)
        word_ids, scores = [], []
        for query, rows in zip(queries, proposed, strict=True):
            rows = np.unique(rows[(rows >= 0) & (rows < len(self.space.norms))])
            rows = rows[~self.space.broken[rows]]
            exact = cosines(
                self.space.matrix[rows], np.broadcast_to(query, (len(rows), len(query)))
            )
            order = np.lexsort((rows, -exact))
            word_ids.append(self.space.words(rows[order]))
            scores.append(exact[order])
        return word_ids, scores

    def recall(self, k: int, *, seed: int = 1) -> float | None:
        """Return which part of the true ``k`` nearest the index finds, from 0 to 1.

        Measured against the exact search with up to 200 words of the space as queries, drawn
        at random; None where there is nothing to find.
        """
        usable = np.flatnonzero(~self.space.broken & (self.space.norms > 0))
        random = np.random.default_rng(seed)
        rows = random.choice(usable, min(_SAMPLE, len(usable)), replace=False)
        queries = self.space.matrix[rows]
        true, _ = nearest(self.space, queries, k)
        found, _ = self.nearest(queries, k)
        if not true.size:
            return None
        hits = sum(len(np.intersect1d(*pair)) for pair in zip(true, found, strict=True))
        return hits / true.size


def approximate_neighbours(
    space: SearchSpace,
    engine_name: str,
    *,
    folder: Path | None = None,
    before_building: Callable[[], None] | None = None,
) -> Approximation:
    """Return an index over a search space, from the cache or built and kept there.

    Args:
        space: see ``Vectors.search_space``.
        engine_name: ``"usearch"`` or ``"faiss"``; each is an extra of its name.
        folder: of the cache; the user's own when left out.
        before_building: called when there is none in the cache; building takes minutes for some
            hundred thousand words.

    Raises:
        InputError: there is no such engine, or no word to index.
        MissingExtraError: its package is not installed.
    """
    engine = engine_named(engine_name)
    if not len(space.norms):
        raise InputError("there is no word to build an index of")
    directions = np.ascontiguousarray(unit(np.where(space.broken[:, None], 0, space.matrix)))
    place = cache_folder() if folder is None else folder
    key = index_key(directions, engine.name, engine.settings)
    index = _kept(engine, place, key, directions)
    if index is not None:
        return Approximation(space, index, engine.name, from_cache=True)
    if before_building is not None:
        before_building()
    built = engine.build(directions)
    write_index(place, key, built.to_bytes())
    return Approximation(space, built, engine.name, from_cache=False)


def _kept(engine: Engine, folder: Path, key: str, directions: Float2) -> Index | None:
    content = read_index(folder, key)
    return None if content is None else engine.from_bytes(content, *directions.shape)
