"""The words of two sentences laid beside each other by the cosines of their vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from symvec.arrays import AnyArray, Double2
from symvec.errors import InputError
from symvec.vectors.matrix import cosine_matrix
from symvec.vectors.texts.transport import transport
from symvec.vectors.texts.word_bag import tokens_of

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

Choice: TypeAlias = Callable[[Double2], AnyArray]


@dataclass(frozen=True, eq=False)
class WordAlignment:
    """Which words of two sentences belong together.

    Args:
        first: the words of the one.
        second: the words of the other.
        similarities: (first, second) float64 cosines, NaN where a word has no vector.
        links: (links, 2) int64 positions in the two sentences, in order.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    similarities: Double2
    links: AnyArray


def best_of_each(cosines: Double2) -> AnyArray:
    """Return for each line its highest column, as a (lines, columns) mask."""
    mask = np.zeros(cosines.shape, dtype=np.bool_)
    if cosines.size:
        mask[np.arange(len(cosines)), cosines.argmax(axis=1)] = True
    return mask


def mutual_best(cosines: Double2) -> AnyArray:
    """Return where a line's highest column has its highest line there (Jalili Sabet et al. 2020)."""  # noqa: E501
    mask: AnyArray = best_of_each(cosines) & best_of_each(cosines.T).T
    return mask


def optimal_transport(cosines: Double2) -> AnyArray:
    """Return where the cheapest transport carries more than half of a word's mass.

    Each side's words share a mass of 1, and carrying it costs 1 less the cosine. The transport
    is exact; a word may be split among several, and the greater part of it is a link.
    """
    lines, columns = cosines.shape
    if not cosines.size:
        return np.zeros(cosines.shape, dtype=np.bool_)
    flow = transport(np.full(lines, columns), np.full(columns, lines), 1 - cosines)
    mask: AnyArray = flow > min(lines, columns) / 2
    return mask


CHOICES: Final[Mapping[str, Choice]] = {
    "argmax": best_of_each,
    "mutual": mutual_best,
    "transport": optimal_transport,
}


def align_words(
    first_vectors: Vectors,
    second_vectors: Vectors,
    first: str | Sequence[str],
    second: str | Sequence[str],
    *,
    method: str = "mutual",
) -> WordAlignment:
    """Link the words of two sentences whose vectors lie in one space.

    Args:
        first_vectors: of the first sentence's words.
        second_vectors: of the second one's; the same model for one language.
        first: a sentence, or its words.
        second: another.
        method: ``"argmax"`` links each word of the first sentence with its nearest,
            ``"mutual"`` words that are each other's nearest, ``"transport"`` by the cheapest
            way to carry one sentence to the other.

    Raises:
        InputError: another method, or spaces of different sizes.

    Example:
        >>> from symvec.vectors import Vectors
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["tea", "hot", "cold"]))
        >>> table = np.array([[1, 0], [0, 1], [0.2, 1]], dtype=np.float32)
        >>> vectors = Vectors(words, table)
        >>> align_words(vectors, vectors, "hot tea", "tea cold").links.tolist()
        [[0, 1], [1, 0]]
    """
    if method not in CHOICES:
        raise InputError(f"the method must be one of {tuple(CHOICES)}, got {method!r}")
    if first_vectors.vector_size != second_vectors.vector_size:
        raise InputError(
            f"the models have {first_vectors.vector_size} and {second_vectors.vector_size} "
            "dimensions; align them first with: symvec align"
        )
    words, others = tokens_of(first_vectors, first), tokens_of(second_vectors, second)
    rows = [i for i, word in enumerate(words) if word in first_vectors]
    columns = [i for i, word in enumerate(others) if word in second_vectors]
    known = cosine_matrix(
        first_vectors[[words[i] for i in rows]], second_vectors[[others[i] for i in columns]]
    )
    similarities = np.full((len(words), len(others)), np.nan)
    similarities[np.ix_(rows, columns)] = known
    chosen = np.argwhere(CHOICES[method](known))
    places = (
        np.array(rows, dtype=np.int64)[chosen[:, 0]],
        np.array(columns, dtype=np.int64)[chosen[:, 1]],
    )
    return WordAlignment(tuple(words), tuple(others), similarities, np.stack(places, axis=1))
