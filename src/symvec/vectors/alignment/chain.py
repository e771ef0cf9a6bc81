"""One language over time: models of periods laid on each other, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2
from symvec.errors import InputError
from symvec.vectors.alignment.procrustes import orthogonal_map
from symvec.vectors.alignment.spaces import centred
from symvec.vectors.cosine import SHORTEST, cosines, unit
from symvec.vectors.vectors import Vectors

_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class DriftingWord:
    """A word through the periods.

    Args:
        word: as all models write it.
        similarity: the cosine of its first and last vector in one space.
        steps: the cosine of each vector with the next one.
        neighbours: the words nearest to it, in each period.
    """

    word: str
    similarity: float
    steps: tuple[float, ...]
    neighbours: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Chain:
    """Models of one language in one space.

    Args:
        words: those that are frequent enough in all of them.
        spaces: (periods, words, D) float64 unit vectors.
        counts: (words,) int64, of the period in which a word is rarest.
    """

    words: tuple[str, ...]
    spaces: AnyArray
    counts: AnyArray

    @property
    def similarities(self) -> Double1:
        """The cosine of each word's first and last vector, (words,) float64."""
        return cosines(self.spaces[0], self.spaces[-1])

    def moved(self, topn: int = 20, *, words: Sequence[str] | None = None) -> list[DriftingWord]:
        """Return the words that moved most from the first period to the last, or given ones."""
        similarities = self.similarities
        if words is None:
            places = np.lexsort((np.arange(len(self.words)), similarities))[: max(0, topn)]
        else:
            where = {word: place for place, word in enumerate(self.words)}
            unknown = [word for word in words if word not in where]
            if unknown:
                raise InputError(f"{unknown[0]!r} is not frequent enough in all periods")
            places = np.array([where[word] for word in words], dtype=np.int64)
        return [self._drift(int(place), similarities) for place in places]

    def _drift(self, place: int, similarities: Double1) -> DriftingWord:
        path = self.spaces[:, place]
        near = [self._neighbours(space, place) for space in self.spaces]
        steps = tuple(cosines(path[:-1], path[1:]).tolist())
        return DriftingWord(self.words[place], float(similarities[place]), steps, tuple(near))

    def _neighbours(self, space: Double2, place: int) -> tuple[str, ...]:
        scores = space @ space[place]
        scores[place] = -np.inf
        best = np.argsort(-scores, kind="stable")[: min(_NEIGHBOURS, len(scores) - 1)]
        return tuple(self.words[i] for i in best)


def align_chain(
    models: Sequence[Vectors], *, min_count: int = 20, words: int | None = 10_000
) -> Chain:
    """Lay models of successive periods on each other (Hamilton, Leskovec, Jurafsky 2016).

    Each is turned onto the one before by orthogonal Procrustes over the words that are frequent
    in all periods. Rare words seem to move most, because their vectors are noise: hence the
    least count.

    Args:
        models: two or more, in order of time, of one vector size.
        min_count: how often a word must have been seen in each period.
        words: at most so many, the ones that are frequent in all periods; None for all.

    Raises:
        InputError: fewer than two models, of different sizes, or without a word in common.
    """
    if len(models) < 2:
        raise InputError(f"a chain needs two models or more, got {len(models)}")
    if len({model.vector_size for model in models}) > 1:
        sizes = ", ".join(str(model.vector_size) for model in models)
        raise InputError(f"the models of a chain must have one vector size, got {sizes}")
    shared, ids, counts = _common(models, min_count, words)
    spaces: list[AnyArray] = []
    for model, word_ids in zip(models, ids, strict=True):
        rows = unit(model.word_matrix[word_ids]).astype(np.float64)
        space = centred(rows, rows.mean(axis=0)).astype(np.float64)
        spaces.append(space @ orthogonal_map(space, spaces[-1]) if spaces else space)
    return Chain(tuple(shared), np.stack(spaces), counts)


def _common(
    models: Sequence[Vectors], min_count: int, limit: int | None
) -> tuple[list[str], AnyArray, AnyArray]:
    """Return the shared words, their (models, words) ids, and the least count of each."""
    names = list(models[0].vocabulary)
    ids = np.stack([model.vocabulary.find(names) for model in models])
    usable = (ids >= 0).all(axis=0)
    counts = np.full(len(names), np.iinfo(np.int64).max)
    for model, found in zip(models, ids, strict=True):
        norms = model.norms[found]
        usable &= np.isfinite(norms) & (norms >= SHORTEST)
        counts = np.minimum(counts, model.vocabulary.counts[found])
    usable &= counts >= min_count
    places = np.flatnonzero(usable)
    places = np.sort(places[np.argsort(-counts[places], kind="stable")[:limit]])
    if not places.size:
        raise InputError(f"no word was seen {min_count} times in each period; lower min_count")
    return [names[place] for place in places], ids[:, places], counts[places]
