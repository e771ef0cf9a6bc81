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
