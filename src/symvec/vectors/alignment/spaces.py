"""One space laid on another, so that words of two languages can be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2, Float2, Ids64
from symvec.errors import InputError
from symvec.vectors.alignment.csls import csls_nearest, mean_similarity
from symvec.vectors.alignment.procrustes import orthogonal_map
from symvec.vectors.cosine import row_norms, unit
from symvec.vectors.neighbours import SearchSpace
from symvec.vocabulary import WordRows

if TYPE_CHECKING:
    from symvec.vectors.asking import Answer
    from symvec.vectors.vectors import Vectors

Fit: TypeAlias = Callable[[AnyArray, AnyArray], Double2]

# Words that new pairs are looked for among: frequent ones have the best vectors.
_REFINED_WORDS: Final = 5_000
_WORDS: Final = 20_000


@dataclass(frozen=True, eq=False)
class SpaceMap:
    """A way from one space to another.

    A vector is brought to length 1, the mean of the source is taken off, what remains is brought
    to length 1 and mapped: lengths and a common direction say nothing about a word (Artetxe et
    al. 2018).

    Args:
        source_mean: (D,) float64, of the source's unit vectors.
        target_mean: (E,) float64.
        matrix: (D, E) float64.
    """

    source_mean: Double1
    target_mean: Double1
    matrix: Double2

    def from_source(self, vectors: AnyArray) -> Float2:
        """Return source vectors in the common space, (rows, E) float32 of length 1."""
        mapped: Float2 = unit(centred(vectors, self.source_mean) @ self.matrix)
        return mapped

    def from_target(self, vectors: AnyArray) -> Float2:
        """Return target vectors in the common space, (rows, E) float32 of length 1."""
        return centred(vectors, self.target_mean)


@dataclass(frozen=True, eq=False)
class AlignedSpaces:
    """Two models in one space.

    Args:
        source: its words are translated.
        target: to its words.
        space_map: from the one to the other.
        pairs: (pairs, 2) int64, the word ids that the map was fitted to at last.
        words: so many of the most frequent words of each side are looked at.
    """

    source: Vectors
    target: Vectors
    space_map: SpaceMap
    pairs: Ids64
    words: int

    def translate(self, word_ids: Ids64, topn: int) -> tuple[Ids64, Double2]:
        """Return the best translations by CSLS, best first.

        Args:
            word_ids: (words,) int64 of the source.
            topn: how many for each.

        Returns:
            word_ids of the target (words, topn) int64 and scores (words, topn) float64.
        """
        queries = self.space_map.from_source(self.source.word_matrix[word_ids])
        return csls_nearest(queries, self.target_space, self.hubness, topn)

    def translations(self, word: str, topn: int = 10) -> Answer:
        """Return the best translations of a word with their scores, best first.

        Raises:
            UnknownSymbolError: the word is not there.
        """
        found, scores = self.translate(self.source.indices([word]), topn)
        words = self.target.vocabulary
        pairs = zip(found[0].tolist(), scores[0].tolist(), strict=True)
        return [(words.word(word_id), score) for word_id, score in pairs]

    @cached_property
    def target_space(self) -> SearchSpace:
        """The target's words in the common space."""
        return _space(self.space_map.from_target(_finite(self.target, self.words)))

    @cached_property
    def hubness(self) -> Double1:
        """How near each target word is to the source words nearest to it, (words,) float64."""
        source = _space(self.space_map.from_source(_finite(self.source, self.words)))
        return mean_similarity(self.target_space.matrix, source)

    def mapped(self) -> tuple[Vectors, Vectors]:
        """Return source and target with vectors in the common space, one row a word."""
        source = self.space_map.from_source(_finite(self.source, None))
        target = self.space_map.from_target(_finite(self.target, None))
        return _replaced(self.source, source), _replaced(self.target, target)


def align_spaces(
    source: Vectors,
    target: Vectors,
    pairs: Ids64,
    *,
    refinements: int = 5,
    fit: Fit = orthogonal_map,
    words: int = _WORDS,
) -> AlignedSpaces:
    """Lay one space on another by pairs of words that mean the same.

    After the first map, words of the two languages that are each other's best translation by
    CSLS join the pairs, and the map is fitted again (Conneau et al. 2018), as long as their
    mean score rises.

    Args:
        source: a model.
        target: another; it may have another number of dimensions.
        pairs: (pairs, 2) int64 word ids of source and target.
        refinements: how often to look for new pairs at most.
        fit: makes the map from (pairs, D) and (pairs, E).
        words: so many of the most frequent words of each are looked at.

    Raises:
        InputError: no pair, or the numbers are no word ids.
    """
    given = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    if not len(given):
        raise InputError("the dictionary has no pair of which both words are in the models")
    sizes = (len(source), len(target))
    if (given < 0).any() or (given >= sizes).any():
        raise InputError(
            f"pairs must be word ids below {sizes}, got {given.min()} to {given.max()}"
        )
    aligned = AlignedSpaces(source, target, _fitted(source, target, given, fit), given, words)
    score = -np.inf
    for _ in range(refinements):
        found, mean = mutual_translations(aligned, _REFINED_WORDS)
        if mean <= score:
            break
        score = mean
        joined = np.unique(np.concatenate([given, found]), axis=0)
        aligned = AlignedSpaces(source, target, _fitted(source, target, joined, fit), joined, words)
    return aligned


def mutual_translations(aligned: AlignedSpaces, words: int) -> tuple[Ids64, float]:
    """Return frequent words that are each other's best translation, and their mean score.

    Returns:
        (pairs, 2) int64 word ids, and a number.
    """
    space_map = aligned.space_map
    source = _space(space_map.from_source(_finite(aligned.source, words)))
    target = _space(space_map.from_target(_finite(aligned.target, words)))
    onto = mean_similarity(source.matrix, target)
    from_it = mean_similarity(target.matrix, source)
    there, scores = csls_nearest(source.matrix, target, from_it, 1, own=onto)
    back, _ = csls_nearest(target.matrix, source, onto, 1, own=from_it)
    ids = np.arange(len(there))
    kept = np.flatnonzero(back[there[:, 0], 0] == ids)
    mean = float(scores[kept, 0].mean()) if kept.size else -np.inf
    return np.stack([kept, there[kept, 0]], axis=1), mean


def centred(vectors: AnyArray, mean: Double1) -> Float2:
    """Return vectors at length 1, less the mean, at length 1 again, (rows, D) float32."""
    rows: Float2 = unit(unit(vectors).astype(np.float64) - mean)
    return rows


def _fitted(source: Vectors, target: Vectors, pairs: Ids64, fit: Fit) -> SpaceMap:
    means = [
        unit(_finite(vectors, None)).mean(axis=0, dtype=np.float64) for vectors in (source, target)
    ]
    a = centred(_finite(source, None)[pairs[:, 0]], means[0])
    b = centred(_finite(target, None)[pairs[:, 1]], means[1])
    return SpaceMap(means[0], means[1], fit(a, b))


def _finite(vectors: Vectors, words: int | None) -> Float2:
    """Return the vectors of the most frequent words, zero for those that are not finite."""
    matrix = vectors.word_matrix[:words]
    broken = ~np.isfinite(vectors.norms[:words])
    return np.where(broken[:, None], np.float32(0), matrix) if broken.any() else matrix


def _space(matrix: Float2) -> SearchSpace:
    return SearchSpace(matrix, row_norms(matrix))


def _replaced(vectors: Vectors, table: Float2) -> Vectors:
    return replace(
        vectors,
        rows=WordRows(vectors.vocabulary),
        table=table,
        stored_norms=None,
        outputs=None,
        provenance={"aligned": True, "made_from": dict(vectors.provenance)},
    )
