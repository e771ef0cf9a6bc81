"""All similarities between two lists of words, and how well each word fits into its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2
from symvec.errors import InputError
from symvec.vectors.asking import query_vectors
from symvec.vectors.cosine import SHORTEST, cosines, unit

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors


def cosine_matrix(first: AnyArray, second: AnyArray) -> Double2:
    """Return the cosine of each row with each row, (rows, other rows) float64; 0 for zero rows.

    Example:
        >>> cosine_matrix(np.eye(2), np.array([[3.0, 0.0]])).tolist()
        [[1.0], [0.0]]
    """
    matrix: Double2 = np.clip(_directions(first) @ _directions(second).T, -1.0, 1.0)
    return matrix


def similarity_matrix(
    vectors: Vectors, words: Sequence[str], others: Sequence[str] | None = None
) -> Double2:
    """Return the cosine of each word with each other one.

    Args:
        vectors: where the words are.
        words: the lines of the matrix.
        others: its columns; the words themselves when left out.

    Returns:
        (words, others) float64.

    Raises:
        UnknownSymbolError: a word is not there.
    """
    rows = query_vectors(vectors, list(words))[0]
    columns = rows if others is None else query_vectors(vectors, list(others))[0]
    return cosine_matrix(rows, columns)


def fits(vectors: Vectors, words: Sequence[str]) -> Double1:
    """Return the cosine of each word with the mean of the words' unit vectors, (words,) float64.

    The lowest one is the odd one out: see ``Vectors.doesnt_match``.

    Raises:
        UnknownSymbolError: a word is not there.
        InputError: no word was given.
    """
    if not words:
        raise InputError("expected at least one word to choose from")
    directions = unit(query_vectors(vectors, list(words))[0])
    return cosines(directions, np.broadcast_to(directions.mean(axis=0), directions.shape))


def _directions(vectors: AnyArray) -> Double2:
    """Return rows of length 1, in float64 for an answer that does not depend on their number."""
    wide = np.asarray(vectors, dtype=np.float64)
    norms = np.sqrt(np.einsum("ij,ij->i", wide, wide))[:, None]
    directions: Double2 = np.divide(wide, norms, out=np.zeros_like(wide), where=norms >= SHORTEST)
    return directions
