"""Questions to vectors: neighbours, analogies, the odd word out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from symvec.arrays import AnyArray, Double1, Float1, Float2, Ids64
from symvec.errors import InputError
from symvec.vectors.best import BestSoFar
from symvec.vectors.cosine import cosines, unit
from symvec.vectors.neighbours import SPARE, SearchSpace, nearest, score_blocks

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

Answer: TypeAlias = list[tuple[str, float]]
Method: TypeAlias = Literal["3cosadd", "3cosmul"]

# The epsilon of Levy and Goldberg 2014 (Linguistic Regularities in Sparse and Explicit Word
# Representations, equation 4), which keeps the division from failing.
COSMUL_EPSILON = 0.001


@dataclass(frozen=True, eq=False)
class Question:
    """The words of an analogy, looked up.

    Args:
        word_ids: (words,) int64, -1 for a word that has a vector but no id.
        directions: (words, D) float32 unit vectors, the positive ones first.
        positive: how many are positive.
    """

    word_ids: Ids64
    directions: Float2
    positive: int

    @classmethod
    def of(
        cls, vectors: Vectors, positive: str | Sequence[str], negative: str | Sequence[str]
    ) -> Question:
        """Look up the words of a question."""
        added = [positive] if isinstance(positive, str) else list(positive)
        taken = [negative] if isinstance(negative, str) else list(negative)
        if not added:
            raise InputError("an analogy needs at least one positive word")
        found, word_ids = _word_vectors(vectors, [*added, *taken])
        return cls(word_ids, unit(found), len(added))


def query_vectors(
    vectors: Vectors, query: str | Sequence[str] | AnyArray
) -> tuple[AnyArray, Ids64 | None, bool]:
    """Return what is asked for as vectors.

    Returns:
        (queries, D) floats; (queries,) int64 word ids that are no answers, or None; and whether
        it is a single question.

    Raises:
        UnknownSymbolError: a word is not there.
        InputError: a vector has another size than the words', or is not finite.
    """
    if isinstance(query, str):
        return *_word_vectors(vectors, [query]), True
    if not isinstance(query, Sequence | np.ndarray):
        raise InputError(
            f"expected a word, a list of words, or vectors, got {query!r} of type "
            f"{type(query).__name__}"
        )
    array = np.asarray(query)
    if array.dtype.kind not in "fiu":
        return *_word_vectors(vectors, list(query)), False
    if array.ndim not in (1, 2) or array.shape[-1] != vectors.vector_size:
        # An empty list is a list of no words.
        if array.size == 0 and array.ndim == 1:
            return np.zeros((0, vectors.vector_size), dtype=np.float32), None, False
        raise InputError(
            f"expected vectors of {vectors.vector_size} numbers, got an array of shape "
            f"{array.shape}"
        )
    rows = np.atleast_2d(array)
    if not np.isfinite(rows).all():
        raise InputError("the vector that was asked for holds NaN or infinity")
    return rows, None, array.ndim == 1


def most_similar(
    vectors: Vectors, query: str | Sequence[str] | AnyArray, topn: int, space: SearchSpace
) -> Answer | list[Answer]:
    """Answer ``Vectors.most_similar``."""
    queries, word_ids, single = query_vectors(vectors, query)
    excluded = np.zeros((len(queries), 0)) if word_ids is None else word_ids[:, None]
    k = _checked_topn(topn) + excluded.shape[1]
    found, scores = nearest(space, queries, k)
    kept = ~(found[:, :, None] == excluded[:, None, :]).any(axis=2)
    answers = [
        _answer(vectors, found[i][kept[i]], scores[i][kept[i]], topn) for i in range(len(queries))
    ]
    return answers[0] if single else answers


def analogy(
    vectors: Vectors, question: Question, topn: int, method: Method, space: SearchSpace
) -> Answer:
    """Answer ``Vectors.analogy``."""
    if method not in get_args(Method):
        raise InputError(f"the method must be one of {get_args(Method)}, got {method!r}")
    k = _checked_topn(topn) + len(question.word_ids)
    if method == "3cosadd":
        signs = np.ones(len(question.word_ids), dtype=np.float32)
        signs[question.positive :] = -1
        # Sums of unit vectors, as in word2vec's compute-accuracy and in gensim.
        found, scores = nearest(space, (signs @ question.directions)[None], k)
        word_ids, values = found[0], scores[0]
    else:
        word_ids, values = _most_similar_by_product(space, question, k)
    kept = ~np.isin(word_ids, question.word_ids)
    return _answer(vectors, word_ids[kept], values[kept], topn)


def doesnt_match(vectors: Vectors, words: Sequence[str]) -> str:
    """Answer ``Vectors.doesnt_match``."""
    if not words:
        raise InputError("expected at least one word to choose from")
    directions = unit(_word_vectors(vectors, words)[0])
    centre = np.broadcast_to(directions.mean(axis=0), directions.shape)
    return words[int(np.argmin(cosines(directions, centre)))]


def product_of_cosines(scores: AnyArray, positive: int) -> AnyArray:
    """Return the 3CosMul value of cosines, one line a word and one column a question's word.

    The cosines are shifted to 0 to 1 first, as the paper says for vectors with negative ones.
    """
    shifted = np.clip((1 + scores) / 2, 0, None)
    gains: AnyArray = shifted[:, :positive].prod(axis=1)
    losses = shifted[:, positive:].prod(axis=1) + COSMUL_EPSILON
    values: AnyArray = gains / losses
    return values


def _most_similar_by_product(
    space: SearchSpace, question: Question, k: int
) -> tuple[Ids64, Double1]:
    best = BestSoFar(1, k + SPARE)
    for start, scores in score_blocks(space, question.directions):
        values = product_of_cosines(scores, question.positive)
        values[np.isneginf(scores[:, 0])] = -np.inf
        best.add(start, values[:, None])
    _, rows = best.candidates()
    exact = np.stack(
        [
            cosines(space.matrix[rows], np.broadcast_to(term, (len(rows), len(term))))
            for term in question.directions
        ],
        axis=1,
    )
    values = product_of_cosines(exact, question.positive)
    order = np.lexsort((rows, -values))[:k]
    return space.words(rows[order]), values[order]


def _word_vectors(vectors: Vectors, words: Sequence[str]) -> tuple[AnyArray, Ids64]:
    """Return the (words, D) vectors of words and their (words,) ids, -1 for words without one."""
    resolved = [vectors.resolve(word) for word in words]
    word_ids = vectors.vocabulary.find(resolved)
    found = np.empty((len(words), vectors.vector_size), dtype=np.float32)
    known = word_ids >= 0
    found[known] = vectors.word_matrix[word_ids[known]]
    for place in np.flatnonzero(~known):
        found[place] = vectors[resolved[place]]
    broken = np.flatnonzero(~np.isfinite(found).all(axis=1))
    if broken.size:
        raise InputError(
            f"the vector of {words[broken[0]]!r} holds NaN or infinity and cannot be compared"
        )
    return found, word_ids


def _checked_topn(topn: int) -> int:
    if topn < 0:
        raise InputError(f"topn must be 0 or more, got {topn}")
    return topn


def _answer(vectors: Vectors, word_ids: Ids64, scores: Float1 | Double1, topn: int) -> Answer:
    words = vectors.vocabulary
    pairs = zip(word_ids[:topn].tolist(), scores[:topn].tolist(), strict=True)
    return [(words.word(word_id), score) for word_id, score in pairs]
