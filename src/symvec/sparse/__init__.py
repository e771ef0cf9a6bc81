"""Sparse representations of symbols: one-hot and bags of words, dense or as SciPy matrices.

A one-hot row holds one 1 at the symbol's id; a bag of words holds how often each symbol occurs.
Both grow with the vocabulary and are nearly all zeros, which is why ``one_hot @ weight`` is
computed as what it is, a lookup of rows.
"""

from symvec.sparse.bag_of_words import bag_of_words, bag_of_words_sparse
from symvec.sparse.lookup import as_ids_of_one_hot, multiply
from symvec.sparse.one_hot import OneHot, one_hot, one_hot_sparse
from symvec.sparse.symbols import Symbols

__all__ = [
    "OneHot",
    "Symbols",
    "as_ids_of_one_hot",
    "bag_of_words",
    "bag_of_words_sparse",
    "multiply",
    "one_hot",
    "one_hot_sparse",
]
