"""Layers over the rows of words and their n-grams."""

import numpy as np
import pytest

from symvec.layers import numpy as numpy_layers
from symvec.text.ngrams import Characters
from symvec.vocabulary.hashed_rows import HashedRows
from symvec.vocabulary.subword_rows import SubwordRows
from symvec.vocabulary.vocabulary import Vocabulary

WORDS = ["tea", "teas", "coffee"]


def rows_and_table(maker):
    rows = maker(Vocabulary.from_words(WORDS))
    table = np.random.default_rng(0).normal(size=(rows.row_count, 5)).astype(np.float32)
    return rows, table


def hashed(vocabulary):
    return HashedRows(vocabulary, Characters(3, 4), bucket=40)


def with_buckets(vocabulary):
    return SubwordRows(vocabulary, Characters(3, 4), bucket=40)


@pytest.mark.parametrize("maker", [with_buckets, hashed])
def test_the_mean_of_a_words_rows_is_its_vector(maker):
    rows, table = rows_and_table(maker)
    bag = numpy_layers.EmbeddingBag(table, mode="mean")
    found = numpy_layers.SymbolEmbedding(bag, rows.word_rows())(np.arange(len(WORDS)))
    np.testing.assert_allclose(found, rows.word_matrix(table), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("maker", [with_buckets, hashed])
def test_the_torch_layer_reads_and_trains_shared_rows(maker):
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    from symvec.layers.torch import EmbeddingBag, RowAdamW, SymbolEmbedding

    rows, table = rows_and_table(maker)
    bag = EmbeddingBag.from_vectors(table, freeze=False, mode="mean")
    layer = SymbolEmbedding(bag, rows.word_rows())
    ids = torch.tensor([[0, 2], [1, 0]])
    expected = rows.word_matrix(table)[ids.numpy()]
    np.testing.assert_allclose(layer(ids).detach().numpy(), expected, rtol=1e-5, atol=1e-6)
    optimiser = RowAdamW(layer.parameters(), lr=0.1, weight_decay=0.0)
    layer(torch.tensor([0])).sum().backward()
    touched = np.unique(rows.word_rows()[0])
    assert bag.weight.grad._indices()[0].tolist() == touched.tolist()
    optimiser.step()
    moved = np.flatnonzero((bag.weight.detach().numpy() != table).any(1))
    assert moved.tolist() == touched.tolist()
    # "teas" shares n-grams with "tea" and moves with it, without having been read
    before, after = expected[1, 0], layer(torch.tensor([1])).detach().numpy()[0]
    assert (after < before).all()
