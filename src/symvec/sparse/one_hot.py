"""One-hot: one 1 at the symbol's id, zeros everywhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray, Ids64, RaggedRows
from symvec.errors import InputError
from symvec.ids import check_ids
from symvec.optional import require
from symvec.sparse.symbols import Matrix, Symbols, is_ragged, symbol_count, to_bags, to_ids


@dataclass(frozen=True, slots=True, eq=False)
class OneHot:
    """One-hot rows kept as what they are: the places of their ones.

    ``OneHot @ weight`` reads rows of the weight and ``OneHot.T @ gradient`` sums rows by id: what
    the matrix products would give, without the matrix.

    Args:
        ids: checked int64 ids of any shape.
        symbol_count: the length of a one-hot row.

    Example:
        >>> rows = OneHot.of([[2, 0]], 3)
        >>> rows.shape
        (1, 2, 3)
        >>> (rows @ np.array([[1.0], [2.0], [4.0]])).tolist()
        [[[4.0], [1.0]]]
    """

    ids: Ids64
    symbol_count: int

    @classmethod
    def of(cls, symbols: object, vocabulary: Symbols) -> OneHot:
        """Return the one-hot rows of ids or words of any rank.

        Raises:
            IdError: an id that the vocabulary does not have.
            UnknownSymbolError: a word that the vocabulary does not have.
        """
        count = symbol_count(vocabulary)
        return cls(check_ids(to_ids(symbols, vocabulary), count), count)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the dense array, (..., symbol_count)."""
        return (*self.ids.shape, self.symbol_count)

    @property
    def T(self) -> TransposedOneHot:  # noqa: N802 - NumPy's name
        """The rows turned into columns; for flat ids."""
        if self.ids.ndim != 1:
            raise InputError(f"only flat ids have a transpose, got shape {self.ids.shape}")
        return TransposedOneHot(self)

    def __matmul__(self, weight: AnyArray) -> AnyArray:
        """Return ``one_hot @ weight``, (..., D), as a lookup of rows.

        Raises:
            InputError: a weight with another number of rows.
        """
        array = np.asarray(weight)
        if array.ndim != 2 or len(array) != self.symbol_count:
            raise InputError(
                f"the weight must have the shape ({self.symbol_count}, D), got {array.shape}"
            )
        return np.asarray(array[self.ids])

    def to_dense(self, dtype: npt.DTypeLike = np.float32) -> AnyArray:
        """Return the dense array, (..., symbol_count)."""
        dense = np.zeros((self.ids.size, self.symbol_count), dtype)
        dense[np.arange(self.ids.size), self.ids.ravel()] = 1
        return dense.reshape(self.shape)

    def to_scipy(self, dtype: npt.DTypeLike = np.float32) -> Matrix:
        """Return a SciPy ``csr_array`` with one row for each id, in the order of ``ids.ravel()``.

        Raises:
            MissingExtraError: SciPy is not installed.
        """
        scipy_sparse = require("scipy.sparse", extra="sparse")
        parts = np.ones(self.ids.size, dtype), self.ids.ravel(), np.arange(self.ids.size + 1)
        return scipy_sparse.csr_array(parts, shape=(self.ids.size, self.symbol_count))


@dataclass(frozen=True, slots=True, eq=False)
class TransposedOneHot:
    """The transpose of one-hot rows: what turns a gradient of vectors into one of a weight.

    Args:
        rows: one-hot rows of flat ids.
    """

    rows: OneHot

    def __matmul__(self, gradient: AnyArray) -> AnyArray:
        """Return ``one_hot.T @ gradient``, (symbol_count, D): rows summed by id.

        Raises:
            InputError: a gradient with another number of rows than ids.
        """
        array = np.asarray(gradient)
        if array.ndim != 2 or len(array) != self.rows.ids.size:
            raise InputError(
                f"the gradient must have the shape ({self.rows.ids.size}, D), got {array.shape}"
            )
        total = np.zeros((self.rows.symbol_count, array.shape[1]), array.dtype)
        np.add.at(total, self.rows.ids, array)
        return total


def one_hot(symbols: object, vocabulary: Symbols, dtype: npt.DTypeLike = np.float32) -> AnyArray:
    """Return one-hot rows as a dense array.

    Args:
        symbols: ids or words of any rank; lists of different lengths or ragged rows are filled up
            with rows of zeros.
        vocabulary: a vocabulary, or the number of symbols.
        dtype: of the answer.

    Returns:
        (..., symbols), or (bags, longest, symbols) for lists of different lengths.

    Raises:
        IdError: an id that the vocabulary does not have.
        UnknownSymbolError: a word that the vocabulary does not have.

    Example:
        >>> one_hot([0, 2], 3).tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if isinstance(symbols, RaggedRows) or is_ragged(symbols):
        bags = to_bags(symbols, vocabulary)
        count, longest = symbol_count(vocabulary), int(bags.lengths.max(initial=0))
        dense = np.zeros((len(bags), longest, count), dtype)
        bag_ids = np.repeat(np.arange(len(bags)), bags.lengths)
        places = np.arange(bags.row_ids.size) - np.repeat(bags.offsets[:-1], bags.lengths)
        dense[bag_ids, places, bags.row_ids] = 1
        return dense
    return OneHot.of(symbols, vocabulary).to_dense(dtype)


def one_hot_sparse(
    symbols: object, vocabulary: Symbols, dtype: npt.DTypeLike = np.float32
) -> Matrix:
    """Return one-hot rows as a SciPy ``csr_array``, one row for each symbol in order.

    Args:
        symbols: ids or words of any rank, lists of different lengths, or ragged rows; a matrix has
            two axes, so batches are laid end to end.
        vocabulary: a vocabulary, or the number of symbols.
        dtype: of the answer.

    Raises:
        IdError: an id that the vocabulary does not have.
        UnknownSymbolError: a word that the vocabulary does not have.
        MissingExtraError: SciPy is not installed.
    """
    if isinstance(symbols, RaggedRows) or is_ragged(symbols):
        symbols = to_bags(symbols, vocabulary).row_ids
    return OneHot.of(symbols, vocabulary).to_scipy(dtype)
