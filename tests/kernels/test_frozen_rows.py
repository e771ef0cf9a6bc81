"""Rows that stay as they are while the others learn."""

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
from test_shared_rounds import shared_case

from symvec.kernels.compiling import UNCOMPILED

ALGORITHMS = [
    {"algorithm": "skipgram"},
    {"algorithm": "cbow"},
    {"algorithm": "skipgram", "objective": "hierarchical-softmax"},
]
compiled = pytest.mark.skipif(UNCOMPILED, reason="uncompiled code runs on one thread")


def every_other(tables):
    """Return the frozen rows; one of them holds a negative zero, which adding nothing loses."""
    frozen = np.arange(len(tables.inputs)) % 2 == 0
    tables.inputs[0, 1] = -0.0
    return frozen


def words_case(algorithm, seed, **more):
    settings = small_settings(**algorithm)
    corpus, counts = random_corpus(seed, **more)
    planned = plan_blocks(settings, counts, corpus, block_tokens=11)
    return corpus, planned, settings, start_tables(counts, settings)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("shared", [False, True])
def test_epochs_are_what_the_formulas_say_and_frozen_rows_what_they_were(algorithm, shared):
    if shared and len(algorithm) > 1:
        pytest.skip("rows of words are shared alike whatever the objective")
    size = {"sentences": 12, "longest": 20}
    case = shared_case(algorithm["algorithm"], 7, **size) if shared else None
    corpus, planned, settings, tables = case or words_case(algorithm, 7, **size)
    frozen = every_other(tables)
    before = tables.inputs.copy()
    _, wanted = train_twin(corpus, planned, settings, tables, frozen)
    train_in_threads(corpus, planned, settings, tables, frozen=frozen)
    np.testing.assert_allclose(tables.inputs, wanted.inputs, rtol=1e-3, atol=2e-5)
    np.testing.assert_allclose(tables.outputs, wanted.outputs, rtol=1e-3, atol=2e-5)
    assert tables.inputs[frozen].tobytes() == before[frozen].tobytes()
    assert (tables.inputs[~frozen] != before[~frozen]).any(axis=1).mean() > 0.5


@compiled
@pytest.mark.parametrize("shared", [False, True])
def test_the_same_bytes_at_any_number_of_threads(shared):
    case = shared_case("skipgram", 8, sentences=200) if shared else None
    corpus, planned, settings, start = case or words_case(ALGORITHMS[0], 8, sentences=200)
    frozen = every_other(start)
    outcomes = set()
    for threads in (1, 2, 3):
        tables = copied(start)
        train_in_threads(corpus, planned, settings, tables, threads, frozen=frozen)
        outcomes.add((tables.inputs.tobytes(), tables.outputs.tobytes()))
        assert tables.inputs[frozen].tobytes() == start.inputs[frozen].tobytes()
    assert len(outcomes) == 1
