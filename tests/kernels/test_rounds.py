import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

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
from rounds_case import run_epoch

from symvec.arrays import RaggedRows
from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.rounds import train_rounds
from symvec.kernels.threads import CONTROL_SIZE, ROUND, STOP_ASKED

ALGORITHMS = [
    {"algorithm": "skipgram"},
    {"algorithm": "cbow", "cbow_update": "word2vec"},
    {"algorithm": "cbow", "cbow_update": "exact"},
    {"algorithm": "skipgram", "objective": "hierarchical-softmax"},
    {"algorithm": "cbow", "cbow_update": "word2vec", "objective": "hierarchical-softmax"},
    {"algorithm": "cbow", "cbow_update": "exact", "objective": "hierarchical-softmax"},
]
compiled = pytest.mark.skipif(UNCOMPILED, reason="uncompiled code runs on one thread")


def shared_rows(words):
    """Return rows of which each word has one to three, most of them shared with others."""
    random = np.random.default_rng(9)
    lengths = random.integers(1, 4, words)
    own = [random.choice(words // 2, length, replace=False) for length in lengths]
    return RaggedRows(np.concatenate(own), np.concatenate([[0], np.cumsum(lengths)]))


def assert_like_the_twin(corpus, planned, settings, tables):
    expected, wanted = train_twin(corpus, planned, settings, tables)
    found = train_in_threads(corpus, planned, settings, tables)
    for result, (loss, examples) in zip(found, expected, strict=True):
        assert result.examples == examples
        assert result.loss == pytest.approx(loss / max(examples, 1), rel=2e-5)
    np.testing.assert_allclose(tables.inputs, wanted.inputs, rtol=1e-3, atol=2e-5)
    np.testing.assert_allclose(tables.outputs, wanted.outputs, rtol=1e-3, atol=2e-5)
    np.testing.assert_allclose(tables.places, wanted.places, rtol=1e-3, atol=2e-5)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_epochs_are_what_the_formulas_say(algorithm):
    settings = small_settings(**algorithm)
    corpus, counts = random_corpus(1, sentences=12, longest=20)
    planned = plan_blocks(settings, counts, corpus, block_tokens=11)
    assert_like_the_twin(corpus, planned, settings, start_tables(counts, settings))


def test_the_last_block_of_a_round_comes_in_pieces():
    settings = small_settings(epochs=1)
    corpus, counts = random_corpus(1, sentences=24, longest=20, words=3000)
    often = replace(settings, epochs=10**6)  # so that blocks are long enough to be cut
    planned = plan_blocks(often, counts, corpus, block_tokens=14)
    assert np.diff(planned.bounds).tolist() == [14] * 7 + [3, 4, 3, 4]
    assert len(corpus.ids) % planned.round_tokens  # a round that is not full, too
    tables = start_tables(counts, settings)
    in_threads = copied(tables)
    assert_like_the_twin(corpus, planned, settings, tables)
    train_in_threads(corpus, planned, settings, in_threads, threads=1 if UNCOMPILED else 3)
    np.testing.assert_array_equal(in_threads.inputs, tables.inputs)
    np.testing.assert_array_equal(in_threads.outputs, tables.outputs)


@pytest.mark.parametrize("algorithm", [a for a in ALGORITHMS if a["algorithm"] == "cbow"])
def test_places_are_learned_with_words_of_several_rows(algorithm):
    settings = small_settings(**algorithm)
    corpus, counts = random_corpus(1, sentences=12, longest=20)
    rows = shared_rows(len(counts))
    planned = plan_blocks(settings, counts, corpus, 11, 5, rows)
    tables = start_tables(counts, settings, rows, len(counts) // 2, planned.places)
    before = tables.places.copy()
    assert_like_the_twin(corpus, planned, settings, tables)
    assert (tables.places[:, :5] != before[:, :5]).all()
    np.testing.assert_array_equal(tables.places[:, 5:], before[:, 5:])


def test_with_one_row_each_the_way_through_several_rows_gives_the_same():
    # Without other blocks there is nothing to damp, which is done otherwise for several rows.
    settings = small_settings(epochs=1, schedule="hogwild")
    corpus, counts = random_corpus(3)
    planned = plan_blocks(settings, counts, corpus, block_tokens=40)
    words = len(counts)
    alone = start_tables(counts, settings)
    # One word more, never seen, with two rows: now words may have several.
    rows = RaggedRows(np.arange(words + 2), np.append(np.arange(words + 1), words + 2))
    beside = start_tables(np.append(counts, 1), settings, rows, words + 2)
    beside.inputs[:words], beside.outputs[:words] = alone.inputs, alone.outputs
    train_in_threads(corpus, planned, settings, alone)
    train_in_threads(corpus, planned, settings, beside)
    np.testing.assert_array_equal(beside.inputs[:words], alone.inputs)
    np.testing.assert_array_equal(beside.outputs[:words], alone.outputs)


@compiled
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("ragged", [False, True])
def test_the_same_bytes_at_any_number_of_threads(algorithm, ragged):
    weighted = 12 if ragged and algorithm["algorithm"] == "cbow" else 0
    # So few words share so few rows that the usual rates go too far.
    rate = {"alpha": 0.01} if ragged else {}
    settings = small_settings(vector_size=20, **algorithm, **rate)
    corpus, counts = random_corpus(4, sentences=300)
    rows = shared_rows(len(counts)) if ragged else None
    planned = plan_blocks(settings, counts, corpus, 64, weighted, rows)
    start = start_tables(counts, settings, rows, places=planned.places)
    outcomes = set()
    for threads in (1, 2, 3, 8, 1):
        tables = copied(start)
        results = train_in_threads(corpus, planned, settings, tables, threads)
        outcomes.add(tuple(table.tobytes() for table in tables[:3]) + tuple(results))
    assert len(outcomes) == 1


@pytest.mark.parametrize("setting", [{"seed": 2}, {"alpha": 0.03}, {"window": 4}, {"epochs": 3}])
def test_other_settings_give_other_bytes(setting):
    corpus, counts = random_corpus(5)
    outcomes = set()
    for more in ({}, setting):
        settings = small_settings(**more)
        tables = start_tables(counts, settings)
        train_in_threads(corpus, plan_blocks(settings, counts, corpus), settings, tables)
        outcomes.add(tables.inputs.tobytes())
    assert len(outcomes) == 2


def _run(corpus, planned, settings, tables, threads, control, **how):
    return run_epoch(train_rounds, corpus, planned, settings, tables, threads, control, **how)


@compiled
@pytest.mark.parametrize("threads", [1, 3])
def test_a_stop_that_is_asked_for_beforehand_comes_after_one_round(threads):
    settings = small_settings()
    corpus, counts = random_corpus(6)
    planned = plan_blocks(settings, counts, corpus, block_tokens=20)
    control = np.zeros(CONTROL_SIZE, np.int64)
    control[STOP_ASKED] = 1
    tables = start_tables(counts, settings)
    _run(corpus, planned, settings, tables, threads, control)
    assert control[ROUND] == 1


@compiled
def test_threads_that_are_stopped_on_the_way_leave_after_the_same_round():
    settings = small_settings()
    corpus, counts = random_corpus(7, sentences=20_000, words=2000)
    planned = plan_blocks(settings, counts, corpus)
    control = np.zeros(CONTROL_SIZE, np.int64)
    stopped = start_tables(counts, settings)
    whole = copied(stopped)

    def stop_soon():
        while control[ROUND] < 3:
            pass
        control[STOP_ASKED] = 1

    totals = _run(corpus, planned, settings, stopped, 3, control, after=stop_soon)
    rounds = int(control[ROUND])
    all_rounds = -(-len(corpus.ids) // planned.round_tokens)
    assert 3 <= rounds < all_rounds
    # One thread that is given only those rounds' text comes to the same: but for the rate.
    control = np.zeros(CONTROL_SIZE, np.int64)
    again = _run(corpus, planned, settings, whole, 1, control)
    assert control[ROUND] == all_rounds
    assert 0 < totals[1] < again[1]


@compiled
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_epoch_in_pieces_is_the_epoch_as_a_whole(algorithm):
    settings = small_settings(**algorithm)
    corpus, counts = random_corpus(9, sentences=300)
    planned = plan_blocks(settings, counts, corpus)
    whole = start_tables(counts, settings)
    pieces = copied(whole)
    totals = _run(corpus, planned, settings, whole, 2, np.zeros(CONTROL_SIZE, np.int64))
    added = np.zeros(2)
    for first, stop, threads in ((0, 3, 1), (3, 4, 3), (4, 1 << 40, 2)):
        control = np.zeros(CONTROL_SIZE, np.int64)
        added += _run(corpus, planned, settings, pieces, threads, control, rounds=(first, stop))
        assert control[ROUND] == min(stop, -(-len(corpus.ids) // planned.round_tokens))
    np.testing.assert_array_equal(pieces.inputs, whole.inputs)
    np.testing.assert_array_equal(pieces.outputs, whole.outputs)
    assert added == pytest.approx(totals)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # NumPy's, uncompiled
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_the_round_in_which_a_number_is_not_finite_is_the_last(algorithm, broken, side):
    settings = small_settings(**algorithm)
    corpus, counts = random_corpus(10, sentences=40)
    planned = plan_blocks(settings, counts, corpus, block_tokens=4)
    tables = start_tables(counts, settings)
    getattr(tables, side)[3] = broken
    control = np.zeros(CONTROL_SIZE, np.int64)
    totals = _run(corpus, planned, settings, tables, 1, control)
    assert not np.isfinite(totals[0])
    # It ends with the first round that meets the word: here there are more than ten.
    assert control[ROUND] < 10 < len(corpus.ids) // planned.round_tokens


def test_nothing_to_train():
    settings = small_settings(epochs=1)
    corpus, counts = random_corpus(8, sentences=5, longest=1)  # no word has a context
    tables = start_tables(counts, settings)
    before = copied(tables)
    [result] = train_in_threads(corpus, plan_blocks(settings, counts, corpus), settings, tables)
    assert (result.loss, result.examples) == (0.0, 0)
    np.testing.assert_array_equal(tables.inputs, before.inputs)
    np.testing.assert_array_equal(tables.outputs, before.outputs)


@compiled
def test_the_same_without_a_compiler():
    tests = Path(__file__).parent
    chosen = [
        f"{tests / 'test_rounds.py'}::test_epochs_are_what_the_formulas_say",
        f"{tests / 'test_rounds.py'}::test_places_are_learned_with_words_of_several_rows",
        f"{tests / 'test_rounds.py'}::test_nothing_to_train",
        f"{tests / 'test_hierarchical.py'}::test_paths_longer_than_a_piece",
        f"{tests / 'test_skipgram.py'}::test_a_single_pair_by_hand",
        str(tests / "test_positions.py"),
        str(tests / "test_noise.py"),
        str(tests / "test_slots.py"),
        str(tests / "test_logistic.py"),
        str(tests / "test_tiles.py"),
    ]
    small = "not as_often and not evenly and not follow"  # tens of thousands of draws
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            *chosen,
            "-k",
            small,
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=tests.parents[1],
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "[100%]" in run.stdout
