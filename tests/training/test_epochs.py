import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "kernels"))

from epoch_case import (
    copied,
    plan_blocks,
    random_corpus,
    small_settings,
    start_tables,
    train_in_threads,
    train_twin,
)

from symvec.errors import SymvecError
from symvec.training import TrainingWarning, epochs
from symvec.training.epochs import Course, Watchers, train_epochs


@pytest.mark.parametrize("algorithm", ["skipgram", "cbow"])
def test_the_loss_is_the_true_mean_of_an_example(algorithm):
    """At a rate of nothing the tables stand still, so that it can be computed afterwards."""
    settings = small_settings(algorithm=algorithm, alpha=0.0, min_alpha=0.0)
    corpus, counts = random_corpus(3, sentences=20)
    planned = plan_blocks(settings, counts, corpus)
    tables = start_tables(counts, settings)
    before = copied(tables)
    expected, _ = train_twin(corpus, planned, settings, tables)
    found = train_in_threads(corpus, planned, settings, tables, threads=2)
    np.testing.assert_array_equal(tables.inputs, before.inputs)
    np.testing.assert_array_equal(tables.outputs, before.outputs)
    for result, (loss, examples) in zip(found, expected, strict=True):
        assert result.examples == examples
        assert result.loss == pytest.approx(loss / examples, rel=1e-5)


def test_reports_rise_to_the_whole_text_in_each_epoch():
    settings = small_settings(epochs=3)
    corpus, counts = random_corpus(4)
    told = []
    tables = start_tables(counts, settings)
    planned = plan_blocks(settings, counts, corpus, block_tokens=20)
    train_in_threads(corpus, planned, settings, tables, 2, lambda *report: told.append(report))
    assert [epoch for epoch, tokens, _ in told if tokens == len(corpus.ids)] == [0, 1, 2]
    assert told == sorted(told, key=lambda report: report[:2])


def test_numbers_that_are_not_finite_name_the_epoch_and_the_rate():
    settings = small_settings(alpha=0.5)
    corpus, counts = random_corpus(5)
    tables = start_tables(counts, settings)
    tables.inputs[0, 0] = np.nan
    with pytest.raises(SymvecError, match=r"the loss is nan in epoch 1: .* at alpha=0.5; train"):
        train_in_threads(corpus, plan_blocks(settings, counts, corpus), settings, tables)


def test_a_loss_that_has_risen_is_not_called_infinite(monkeypatch):
    monkeypatch.setattr(epochs, "MOST_RISE", 0.1)  # of chance: what is learned is above it, too
    settings = small_settings()
    corpus, counts = random_corpus(5, sentences=300)
    tables, planned = start_tables(counts, settings), plan_blocks(settings, counts, corpus)
    with pytest.raises(SymvecError, match=r"the loss rose from .* in epoch 1: .* at alpha=0.025"):
        train_in_threads(corpus, planned, settings, tables)


@pytest.mark.parametrize("kept", [True, False])
def test_a_fault_in_a_later_epoch_costs_that_epoch_only(tmp_path, kept):
    """Whether the state at its start is read again, or come to again from the beginning."""
    settings = small_settings(epochs=3)
    corpus, counts = random_corpus(6, sentences=2000)
    planned = plan_blocks(settings, counts, corpus)
    tables = start_tables(counts, settings)
    start = copied(tables)
    faults = []

    def begin():
        tables.inputs[:], tables.outputs[:] = start.inputs, start.outputs

    def break_once(epoch, tokens, loss):
        if epoch == 1 and not faults:
            faults.append(tokens)
            tables.outputs[:] = np.nan

    course = Course(tables, corpus, planned, settings, begin)
    watchers = Watchers(break_once, folder=tmp_path if kept else None)
    with pytest.warns(TrainingWarning, match="not finite any more in epoch 2: .* alpha=0.0125"):
        place = train_epochs(course, 2, watchers)
    assert place.halvings == ((1, 0),)
    assert len(place.results) == 3

    undisturbed = copied(start)
    calm = train_epochs(Course(undisturbed, corpus, planned, settings), 1, Watchers())
    assert place.results[0] == calm.results[0]
    assert place.results[1] != calm.results[1]
    assert np.isfinite(tables.inputs).all()
