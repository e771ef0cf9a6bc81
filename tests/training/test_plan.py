import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symvec.kernels.logistic import MAX_ROWS
from symvec.kernels.tile_space import GROUP
from symvec.training.plan import (
    LEAST_POSITIONS_A_BLOCK,
    POSITIONS_A_BLOCK,
    alias_table,
    keep_probabilities,
    plan,
    positions_a_block,
    tile_shape,
)
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus


def test_subsampling_is_word2vecs():
    counts = np.array([70_000, 29_000, 900, 100])
    t, total = 1e-3, 100_000
    expected = [min((np.sqrt(n / (t * total)) + 1) * (t * total) / n, 1) for n in counts]
    assert keep_probabilities(counts, t) == pytest.approx(expected)
    assert (keep_probabilities(counts, 0) == 1).all()


def test_a_word_that_is_always_kept_has_the_highest_threshold():
    corpus = EncodedCorpus(np.array([0, 1, -1], np.int32), 2, 1)
    planned = plan(Word2VecSettings(sample=0), np.array([1, 1]), corpus)
    assert (planned.keep_thresholds == 2**32 - 1).all()


def test_blocks_are_larger_where_more_is_thinned_out():
    ids = np.arange(100_000, dtype=np.int32) % 1000
    ids[99::100] = -1
    corpus = EncodedCorpus(ids, 99_000, 1000)
    counts = np.bincount(ids[ids >= 0], minlength=1000) + 1
    # So often that rounds need not be short.
    all_kept = plan(Word2VecSettings(sample=0, epochs=3000), counts, corpus)
    few_kept = plan(Word2VecSettings(sample=1e-5, epochs=3000), counts, corpus)
    assert all_kept.block_tokens == pytest.approx(
        POSITIONS_A_BLOCK["negative-sampling", "skipgram"] / 0.99, rel=0.02
    )
    assert few_kept.block_tokens > 5 * all_kept.block_tokens


def test_blocks_of_hogwild_are_whole():
    corpus = EncodedCorpus(np.array([*range(5000), -1], np.int32), 5000, 1)
    rounds, hogwild = (
        plan(Word2VecSettings(sample=0, schedule=name, epochs=3000), np.ones(5000, int), corpus)
        for name in ("rounds", "hogwild")
    )
    assert np.diff(rounds.bounds).tolist() == [513] * 7 + [128, 128, 128, 129]
    assert hogwild.bounds.tolist() == [0, 513]
    assert rounds.input_damping.scales.shape[1] == rounds.records + 1 == 12


def test_nodes_have_a_record_where_others_must_not_see_or_wait_for_them():
    counts = np.array([32, 16, 8, 4, 2, 1, 1]) * 1000  # the tree is a list
    ids = np.append(np.repeat(np.arange(7, dtype=np.int32), counts), np.int32(-1))
    corpus = EncodedCorpus(ids, len(ids) - 1, 1)

    def planned(**settings):
        return plan(Word2VecSettings(sample=0, **settings), counts, corpus)

    assert planned(objective="hierarchical-softmax").recorded == len(counts)
    hogwild = planned(objective="hierarchical-softmax", schedule="hogwild")
    # Of a block's 4 positions all pass the root, half of them the next node, one that behind it.
    assert LEAST_POSITIONS_A_BLOCK == 4
    assert hogwild.recorded == 3
    assert planned(schedule="hogwild").recorded == 0


def test_blocks_are_small_where_words_come_again_and_again():
    even = [positions_a_block(np.ones(words), 256) for words in (1, 2, 20, 100, 10_000)]
    assert even == sorted(even)
    assert even[0] == LEAST_POSITIONS_A_BLOCK
    assert even[-1] == 256
    uneven = np.ones(10_000)
    uneven[0] = 2500  # a fifth of the text
    assert positions_a_block(uneven, 256) < 30


@given(
    st.sampled_from(["skipgram", "cbow"]),
    st.integers(1, 4096),
    st.integers(1, 100),
    st.integers(1, 2000),
)
def test_tiles_fit_the_kernels(algorithm, window, negative, vector_size):
    settings = Word2VecSettings(
        algorithm=algorithm, window=window, negative=negative, vector_size=vector_size
    )
    shape = tile_shape(settings)
    assert shape.centres % GROUP == 0
    assert shape.centres <= MAX_ROWS
    assert shape.noise <= min(MAX_ROWS, shape.pool)
    assert shape.noise % 8 == shape.reach % 8 == shape.positions % 8 == shape.dimensions % 8 == 0
    assert shape.reach >= GROUP + 2 * window
    assert shape.positions >= shape.centres + 2 * window
    assert shape.dimensions >= vector_size


def test_an_exponent_of_zero_draws_all_words_alike():
    table = alias_table(np.array([7.0, 1.0]) ** 0)
    assert (table.thresholds == 2**32 - 1).all()


@pytest.mark.parametrize(
    ("words", "epochs", "schedule", "tokens"),
    [
        (3_000_000, 1, "rounds", 126),  # 3000 rounds of eight blocks of 125; the sentence's end
        (3_000_000, 2, "rounds", 251),
        (3_000_000, 9, "rounds", 513),
        (40_000, 1, "rounds", 73),
        (40_000, 1, "hogwild", 513),
    ],
)
def test_little_text_is_trained_in_short_rounds(words, epochs, schedule, tokens):
    vocabulary = 20_000
    repeats = words // vocabulary
    ids = np.tile(np.append(np.arange(vocabulary), -1).astype(np.int32), repeats)
    corpus = EncodedCorpus(ids, repeats * vocabulary, repeats)
    settings = Word2VecSettings(sample=0, epochs=epochs, schedule=schedule)
    assert plan(settings, np.full(vocabulary, repeats), corpus).block_tokens == tokens
