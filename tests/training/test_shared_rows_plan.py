"""How blocks shrink and changes are scaled where words share rows."""

import numpy as np

from symvec.arrays import RaggedRows
from symvec.training.damping import MOST_TOUCHES, row_scales
from symvec.training.plan import (
    LEAST_SHARED_POSITIONS_A_ROUND,
    plan,
    shared_positions_a_block,
)
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus


def one_common_row(words):
    """Return rows of which each word has its own, and all have another."""
    row_ids = np.column_stack([np.arange(words), np.full(words, words)]).ravel()
    return RaggedRows(row_ids, np.arange(0, 2 * words + 1, 2))


def test_rows_that_few_positions_touch_get_their_whole_changes():
    scales = row_scales(one_common_row(1000), np.ones(1000), positions=4 * MOST_TOUCHES)
    assert scales[0::2].tolist() == [1.0] * 1000
    np.testing.assert_allclose(scales[1::2], 0.25)


def test_rows_of_a_word_each_are_not_scaled_before():
    assert row_scales(RaggedRows.single(np.arange(9)), np.ones(9), 100.0).size == 0


def test_blocks_shrink_with_what_words_share():
    kept = np.ones(1000)
    apart = RaggedRows(np.arange(2000), np.arange(0, 2001, 2))
    assert shared_positions_a_block(apart, kept) == 500
    assert shared_positions_a_block(apart, kept, rate=0.1) == 125
    assert shared_positions_a_block(apart, kept, rate=0.01) == 500
    assert shared_positions_a_block(apart, kept, rate=0.0) == 500  # tables stand still
    # A half of each word's rows is all words': half a position alike each.
    assert (
        shared_positions_a_block(one_common_row(1000), kept, 4)
        == LEAST_SHARED_POSITIONS_A_ROUND // 4
    )


def test_a_tree_is_trained_in_few_blocks_too():
    ids = np.append(np.tile(np.arange(1000), 50), -1).astype(np.int32)
    corpus = EncodedCorpus(ids, len(ids) - 1, 1)
    counts = np.full(1000, 50)
    for objective, blocks in (("negative-sampling", 8), ("hierarchical-softmax", 4)):
        settings = Word2VecSettings(sample=0, objective=objective)
        assert plan(settings, counts, corpus).blocks == blocks
        alone = Word2VecSettings(sample=0, objective=objective, schedule="hogwild")
        assert plan(alone, counts, corpus).blocks == 1


def test_blocks_of_a_tree_are_longer_where_they_wait_for_each_other():
    ids = np.append(np.arange(50_000), -1).astype(np.int32)
    corpus, counts = EncodedCorpus(ids, len(ids) - 1, 1), np.ones(50_000, np.int64)
    for schedule, tokens in (("rounds", 257), ("hogwild", 65)):  # the end of the sentence counts
        settings = Word2VecSettings(sample=0, objective="hierarchical-softmax", schedule=schedule)
        assert plan(settings, counts, corpus).block_tokens == tokens


def test_a_plan_for_shared_rows_has_smaller_blocks_and_less_noise():
    ids = np.append(np.tile(np.arange(1000), 50), -1).astype(np.int32)
    corpus = EncodedCorpus(ids, len(ids) - 1, 1)
    counts = np.full(1000, 50)
    settings = Word2VecSettings(sample=0)
    alone = plan(settings, counts, corpus, rows=RaggedRows.single(np.arange(1000)))
    shared = plan(settings, counts, corpus, rows=one_common_row(1000))
    assert (alone.blocks, shared.blocks) == (8, 4)
    assert alone.row_scales.size == 0
    assert shared.row_scales.size == 2000
    assert shared.block_tokens < alone.block_tokens
    assert shared.shape.noise == alone.shape.noise <= shared.shape.pool < alone.shape.pool
