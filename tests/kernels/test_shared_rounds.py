"""Rounds of words that share rows, whose changes are scaled as was settled before."""

import numpy as np
import pytest
from epoch_case import (
    copied,
    plan_blocks,
    random_corpus,
    small_settings,
    start_tables,
    train_in_threads,
    train_twin,
)

from symvec.arrays import RaggedRows
from symvec.kernels.compiling import UNCOMPILED
from symvec.training.damping import row_scales


def shared_case(algorithm, seed, **corpus):
    """Return a corpus, a plan and tables of words with one to four rows, most of them shared."""
    settings = small_settings(algorithm=algorithm)
    corpus, counts = random_corpus(seed, **corpus)
    random = np.random.default_rng(9)
    lengths = random.integers(1, 5, len(counts))
    row_ids = random.integers(0, len(counts) // 2, lengths.sum())
    rows = RaggedRows(row_ids, np.concatenate([[0], np.cumsum(lengths)]))
    planned = plan_blocks(settings, counts, corpus, block_tokens=11)
    scales = row_scales(rows, counts.astype(np.float64), positions=200.0)
    planned = planned.__class__(**vars(planned) | {"row_scales": scales})
    return corpus, planned, settings, start_tables(counts, settings, rows, len(counts) // 2)


@pytest.mark.parametrize("algorithm", ["skipgram", "cbow"])
def test_epochs_are_what_the_formulas_say(algorithm):
    corpus, planned, settings, tables = shared_case(algorithm, 7, sentences=12, longest=20)
    assert planned.row_scales.min() < 0.9  # or it would tell nothing
    _, wanted = train_twin(corpus, planned, settings, tables)
    train_in_threads(corpus, planned, settings, tables)
    np.testing.assert_allclose(tables.inputs, wanted.inputs, rtol=1e-3, atol=2e-5)
    np.testing.assert_allclose(tables.outputs, wanted.outputs, rtol=1e-3, atol=2e-5)


@pytest.mark.skipif(UNCOMPILED, reason="uncompiled code runs on one thread")
@pytest.mark.parametrize("algorithm", ["skipgram", "cbow"])
def test_the_same_bytes_at_any_number_of_threads(algorithm):
    corpus, planned, settings, start = shared_case(algorithm, 8, sentences=200)
    outcomes = set()
    for threads in (1, 2, 3, 8, 1):
        tables = copied(start)
        train_in_threads(corpus, planned, settings, tables, threads)
        outcomes.add((tables.inputs.tobytes(), tables.outputs.tobytes()))
    assert len(outcomes) == 1
