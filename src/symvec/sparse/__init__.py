"""Sparse representations of symbols, dense or as SciPy matrices, and the way to dense ones.

A one-hot row holds one 1 at the symbol's id; a bag of words holds how often each symbol occurs;
a row of co-occurrences holds how often a symbol stands near each other one. All grow with the
vocabulary and are nearly all zeros, which is why ``one_hot @ weight`` is computed as what it is,
a lookup of rows.

From sparse to dense goes one linear map: where M is the PPMI of co-occurrences, ``one_hot @ M``
is the sparse row of a word, and ``one_hot @ M @ truncated_svd(M, D).linear_map()`` its D numbers.
"""

from symvec.sparse.bag_of_words import bag_of_words, bag_of_words_sparse
from symvec.sparse.cooccurrence import cooccurrence
from symvec.sparse.lookup import as_ids_of_one_hot, multiply
from symvec.sparse.one_hot import OneHot, one_hot, one_hot_sparse
from symvec.sparse.ppmi import ppmi
from symvec.sparse.symbols import Symbols
from symvec.sparse.truncated_svd import TruncatedSvd, truncated_svd

__all__ = [
    "OneHot",
    "Symbols",
    "TruncatedSvd",
    "as_ids_of_one_hot",
    "bag_of_words",
    "bag_of_words_sparse",
    "cooccurrence",
    "multiply",
    "one_hot",
    "one_hot_sparse",
    "ppmi",
    "truncated_svd",
]
