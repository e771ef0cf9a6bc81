"""Bag of words: how often each symbol of the vocabulary occurs in a text."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray
from symvec.optional import require
from symvec.sparse.symbols import Matrix, Symbols, symbol_count, to_bags


def bag_of_words(
    bags: object,
    vocabulary: Symbols,
    dtype: npt.DTypeLike = np.float32,
    *,
    binary: bool = False,
) -> AnyArray:
    """Return the counts of each bag as a dense array, (bags, symbols).

    Args:
        bags: lists of ids or words, a (bags, length) array, or ragged rows.
        vocabulary: a vocabulary, or the number of symbols.
        dtype: of the answer.
        binary: 1 for each symbol that occurs, however often.

    Raises:
        IdError: an id that the vocabulary does not have.
        UnknownSymbolError: a word that the vocabulary does not have.

    Example:
        >>> bag_of_words([[0, 2, 2], [1]], 3).tolist()
        [[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]
    """
    found = to_bags(bags, vocabulary)
    counts = np.zeros((len(found), symbol_count(vocabulary)), dtype)
    bag_ids = np.repeat(np.arange(len(found)), found.lengths)
    if binary:
        counts[bag_ids, found.row_ids] = 1
    else:
        np.add.at(counts, (bag_ids, found.row_ids), 1)
    return counts


def bag_of_words_sparse(
    bags: object,
    vocabulary: Symbols,
    dtype: npt.DTypeLike = np.float32,
    *,
    binary: bool = False,
) -> Matrix:
    """Return the counts of each bag as a SciPy ``csr_array``, (bags, symbols).

    The arguments are those of :func:`bag_of_words`. Ids in a row are sorted, each once.

    Raises:
        IdError: an id that the vocabulary does not have.
        UnknownSymbolError: a word that the vocabulary does not have.
        MissingExtraError: SciPy is not installed.
    """
    scipy_sparse = require("scipy.sparse", extra="sparse")
    found = to_bags(bags, vocabulary)
    ones = np.ones(found.row_ids.size, dtype)
    shape = len(found), symbol_count(vocabulary)
    counts = scipy_sparse.csr_array((ones, found.row_ids, found.offsets), shape=shape, copy=True)
    counts.sum_duplicates()
    if binary:
        counts.data[:] = 1
    return counts
