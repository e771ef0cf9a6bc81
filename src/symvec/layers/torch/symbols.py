"""Symbols that are several rows each, such as a word and its n-grams."""

from __future__ import annotations

import torch

from symvec.arrays import RaggedRows
from symvec.ids import check_ids
from symvec.layers.bags import bags_of_symbols
from symvec.layers.torch.bags import EmbeddingBag
from symvec.layers.torch.ids import as_id_tensor


class SymbolEmbedding(torch.nn.Module):
    """A lookup of symbols through the bags of their rows.

    Args:
        bag: the rows and how a symbol's rows become one vector.
        rows: the rows of every symbol.

    Raises:
        IdError: a row id that the bag's table does not have.

    Example:
        >>> import numpy as np
        >>> rows = RaggedRows(np.array([0, 1, 2]), np.array([0, 1, 3]))
        >>> layer = SymbolEmbedding(EmbeddingBag(3, 5, mode="sum"), rows)
        >>> tuple(layer(torch.tensor([[1, 0]])).shape)
        (1, 2, 5)
    """

    def __init__(self, bag: EmbeddingBag, rows: RaggedRows) -> None:
        super().__init__()
        check_ids(rows.row_ids, bag.num_embeddings)
        self.bag = bag
        self.rows = rows

    def forward(self, symbol_ids: object) -> torch.Tensor:
        """Return the vectors of symbols of any rank, (..., D).

        Raises:
            IdError: a symbol that has no rows listed.
        """
        tensor = as_id_tensor(symbol_ids)
        ids = check_ids(tensor.numpy(force=True), len(self.rows))
        bags = bags_of_symbols(self.rows, ids.ravel())
        vectors = self.bag(RaggedRows(bags.row_ids, bags.offsets))
        return vectors.view(*ids.shape, self.bag.embedding_dim)
