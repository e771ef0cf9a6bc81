"""The Embedding layer in NumPy: a lookup with an explicit backward pass, and row optimisers."""

from symvec.layers.numpy.bags import EmbeddingBag, SymbolEmbedding
from symvec.layers.numpy.embedding import Embedding
from symvec.layers.numpy.optimisers import (
    RowAdagrad,
    RowAdam,
    RowAdamW,
    RowSGD,
    RowWiseAdagrad,
)

__all__ = [
    "Embedding",
    "EmbeddingBag",
    "RowAdagrad",
    "RowAdam",
    "RowAdamW",
    "RowSGD",
    "RowWiseAdagrad",
    "SymbolEmbedding",
]
