from dataclasses import replace

import numpy as np
import pytest
from epoch_case import copied, plan_blocks, random_corpus, small_settings, start_tables, train_twin
from rounds_case import run_epoch

from symvec.arrays import RaggedRows
from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.hogwild import train_hogwild
from symvec.kernels.threads import CONTROL_SIZE, ROUND, STOP_ASKED
from symvec.training.damping import row_scales
from symvec.training.epochs import Course, Watchers, train_epochs

compiled = pytest.mark.skipif(UNCOMPILED, reason="uncompiled code runs on one thread")


def trained(corpus, planned, settings, tables, threads=1):
    return list(
        train_epochs(Course(tables, corpus, planned, settings), threads, Watchers()).results
    )


@pytest.mark.parametrize("algorithm", ["skipgram", "cbow"])
@pytest.mark.parametrize(
    ("objective", "recorded"),
    [("negative-sampling", 0), *(("hierarchical-softmax", nodes) for nodes in (0, 7, 50))],
)
def test_one_thread_is_rounds_of_one_block(algorithm, objective, recorded):
    settings = small_settings(algorithm=algorithm, objective=objective, schedule="hogwild")
    corpus, counts = random_corpus(1, sentences=12, longest=20)
    planned = plan_blocks(settings, counts, corpus, block_tokens=11)
    assert planned.blocks == 1
    planned = replace(planned, recorded=recorded)
    tables = start_tables(counts, settings)
    wanted_results, wanted = train_twin(corpus, planned, settings, tables)
    results = trained(corpus, planned, settings, tables)
    np.testing.assert_allclose(tables.inputs, wanted.inputs, rtol=1e-3, atol=2e-5)
    np.testing.assert_allclose(tables.outputs, wanted.outputs, rtol=1e-3, atol=2e-5)
    for result, (loss, examples) in zip(results, wanted_results, strict=True):
        assert result.examples == examples
        assert result.loss * examples == pytest.approx(loss, rel=1e-4)


def test_rows_that_words_share_take_their_scales():
    settings = small_settings(schedule="hogwild")
    corpus, counts = random_corpus(2, sentences=12, longest=20)
    planned = plan_blocks(settings, counts, corpus, block_tokens=11)
    random = np.random.default_rng(3)
    lengths = random.integers(1, 4, len(counts))
    row_ids = random.integers(0, len(counts) // 2, lengths.sum())
    rows = RaggedRows(row_ids, np.concatenate([[0], np.cumsum(lengths)]))
    scales = row_scales(rows, counts.astype(np.float64), positions=200.0)
    assert scales.min() < 0.9  # or it would tell nothing
    planned = planned.__class__(**vars(planned) | {"row_scales": scales})
    tables = start_tables(counts, settings, rows, len(counts) // 2)
    _, wanted = train_twin(corpus, planned, settings, tables)
    trained(corpus, planned, settings, tables)
    np.testing.assert_allclose(tables.inputs, wanted.inputs, rtol=1e-3, atol=2e-5)


@compiled
@pytest.mark.parametrize("threads", [2, 5])
def test_threads_go_through_each_block_once(threads):
    settings = small_settings(schedule="hogwild")
    corpus, counts = random_corpus(4, sentences=400)
    planned = plan_blocks(settings, counts, corpus)
    start = start_tables(counts, settings)
    alone = trained(corpus, planned, settings, copied(start))
    together = trained(corpus, planned, settings, copied(start), threads)
    assert [result.examples for result in together] == [result.examples for result in alone]
    for one, many in zip(alone, together, strict=True):
        assert many.loss == pytest.approx(one.loss, rel=0.05)


@compiled
@pytest.mark.parametrize("threads", [1, 3])
def test_a_stop_that_is_asked_for_leaves_no_gap(threads):
    settings = small_settings(schedule="hogwild")
    corpus, counts = random_corpus(6)
    planned = plan_blocks(settings, counts, corpus, block_tokens=20)
    control = np.zeros(CONTROL_SIZE, np.int64)
    control[STOP_ASKED] = 1
    tables = start_tables(counts, settings)
    run_epoch(train_hogwild, corpus, planned, settings, tables, threads, control)
    assert 1 <= control[ROUND] <= threads


@compiled
def test_an_epoch_in_pieces_is_the_epoch_as_a_whole():
    settings = small_settings(schedule="hogwild")
    corpus, counts = random_corpus(9, sentences=300)
    planned = plan_blocks(settings, counts, corpus, block_tokens=40)
    whole = start_tables(counts, settings)
    pieces = copied(whole)

    def run(tables, first, stop):
        control = np.zeros(CONTROL_SIZE, np.int64)
        control[ROUND] = first
        rounds = first, stop
        run_epoch(train_hogwild, corpus, planned, settings, tables, 1, control, rounds=rounds)
        return int(control[ROUND])

    blocks = run(whole, 0, 1 << 40)
    assert blocks == -(-len(corpus.ids) // 40)
    assert [run(pieces, 0, 3), run(pieces, 3, 4), run(pieces, 4, 1 << 40)] == [3, 4, blocks]
    np.testing.assert_array_equal(pieces.inputs, whole.inputs)
    np.testing.assert_array_equal(pieces.outputs, whole.outputs)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # NumPy's, uncompiled
@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_block_that_is_not_finite_is_the_last_and_is_not_added(side):
    settings = small_settings(schedule="hogwild")
    corpus, counts = random_corpus(10, sentences=40)
    planned = plan_blocks(settings, counts, corpus, block_tokens=4)
    tables = start_tables(counts, settings)
    getattr(tables, side)[3] = np.nan
    control = np.zeros(CONTROL_SIZE, np.int64)
    totals = run_epoch(train_hogwild, corpus, planned, settings, tables, 1, control)
    assert not np.isfinite(totals[0])
    assert control[ROUND] < 10 < len(corpus.ids) // 4
    broken = [~np.isfinite(table).all(axis=1) for table in (tables.inputs, tables.outputs)]
    assert sum(map(np.count_nonzero, broken)) == 1
