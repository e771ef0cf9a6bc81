"""Two models compared word by word: where each word lies, and who its neighbours are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symvec.arrays import AnyArray, Double1, Float2, Ids64
from symvec.errors import InputError
from symvec.vectors import SearchSpace, Vectors, cosines, nearest, row_norms
from symvec.vectors.alignment.procrustes import orthogonal_map
from symvec.vectors.cosine import SHORTEST, unit

_WORDS = 10_000


@dataclass(frozen=True, slots=True)
class MovedWord:
    """A word in two models.

    Args:
        word: as both write it.
        similarity: the cosine of its two vectors after the models were laid on each other.
        overlap: which part of its nearest neighbours the two models share, 0 to 1.
        first_neighbours: nearest first, in the first model.
        second_neighbours: the same in the second.
    """

    word: str
    similarity: float
    overlap: float
    first_neighbours: tuple[str, ...]
    second_neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelsDifference:
    """Two models compared.

    Args:
        common_words: how many words both have; these are compared, or the most frequent of them.
        compared_words: how many were.
        mean_similarity: of the words' vectors, after Procrustes.
        mean_overlap: of the words' neighbours.
        moved: the words that moved most, farthest first.
    """

    common_words: int
    compared_words: int
    mean_similarity: float
    mean_overlap: float
    moved: tuple[MovedWord, ...]


def compare_models(
    first: Vectors,
    second: Vectors,
    *,
    topn: int = 20,
    neighbours: int = 10,
    restrict_vocabulary: int | None = _WORDS,
    words: Sequence[str] | None = None,
) -> ModelsDifference:
    """Compare two models on the words that both have, those that moved most first.

    The second space is turned onto the first by orthogonal Procrustes over the compared words
    (Hamilton et al. 2016); a word has moved as far as the cosine of its two vectors is low.
    Neighbours, which need no turning, are looked for among the compared words.

    Args:
        first: a model.
        second: another; it may have another number of dimensions.
        topn: how many of the most moved words to return.
        neighbours: how many neighbours to compare.
        restrict_vocabulary: compare so many of the common words, by their place in ``first``.
        words: show these words and not the most moved ones.

    Raises:
        InputError: the models have no word in common, or a number is below 0.
    """
    if topn < 0 or neighbours < 1 or (restrict_vocabulary or 0) < 0:
        raise InputError("topn and the vocabulary must be 0 or more, neighbours 1 or more")
    shared, ids, common = _common(first, second, restrict_vocabulary)
    spaces = [vectors.word_matrix[part] for vectors, part in zip((first, second), ids, strict=True)]
    a, b = (unit(space) for space in spaces)
    similarity = cosines(a, b @ orthogonal_map(b, a))
    found = [nearest_others(space, neighbours) for space in (a, b)]
    overlap = _overlaps(*found)
    if words is None:
        order = np.lexsort((np.arange(len(shared)), similarity))[:topn]
    else:
        places = {word: place for place, word in enumerate(shared)}
        order = np.array([places[word] for word in words if word in places], dtype=np.int64)
    moved = tuple(_moved(shared, i, similarity, overlap, found) for i in order.tolist())
    return ModelsDifference(
        common, len(shared), float(similarity.mean()), float(overlap.mean()), moved
    )


def nearest_others(matrix: Float2, k: int) -> Ids64:
    """Return the ``k`` rows nearest to each row, itself left out, (rows, up to k) int64."""
    rows = np.arange(len(matrix))
    found, _ = nearest(SearchSpace(matrix, row_norms(matrix)), matrix, k + 1)
    kept = found != rows[:, None]
    kept[kept.all(axis=1), -1] = False
    others: Ids64 = found[kept].reshape(len(matrix), -1)
    return others


def _common(
    first: Vectors, second: Vectors, limit: int | None
) -> tuple[list[str], tuple[Ids64, Ids64], int]:
    words = list(first.vocabulary)
    found = second.vocabulary.find(words)
    known: AnyArray = found >= 0
    for vectors, ids in ((first, np.arange(len(words))), (second, found)):
        norms = vectors.norms[ids]
        known &= np.isfinite(norms) & (norms >= SHORTEST)
    places = np.flatnonzero(known)
    kept = places[:limit]
    if not kept.size:
        raise InputError("the models have no word in common that could be compared")
    return [words[place] for place in kept], (kept, found[kept]), len(places)


def _overlaps(first: Ids64, second: Ids64) -> Double1:
    if not first.shape[1]:
        return np.ones(len(first))
    same: Double1 = (first[:, :, None] == second[:, None, :]).any(axis=2).mean(axis=1)
    return same


def _moved(
    words: Sequence[str], place: int, similarity: Double1, overlap: Double1, found: Sequence[Ids64]
) -> MovedWord:
    near = [tuple(words[i] for i in part[place].tolist()) for part in found]
    return MovedWord(words[place], float(similarity[place]), float(overlap[place]), *near)
