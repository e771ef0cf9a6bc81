"""Skip-gram and CBOW: from a corpus of ids to a table."""

from __future__ import annotations

from functools import partial

import numpy as np

from symvec.kernels.blocks import Tables
from symvec.training import memory
from symvec.training.epochs import Course, OnRounds, Watchers, train_epochs
from symvec.training.place import Place
from symvec.training.plan import plan
from symvec.training.settings import SubwordSettings, Word2VecSettings
from symvec.training.task import Learned, Task


def learn(task: Task) -> Learned:
    """Train by rounds of blocks; see ``symvec.kernels.rounds``.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C.
        SymvecError: the numbers grew without bound.
    """
    settings = task.settings.part(Word2VecSettings)
    vocabulary, corpus = task.encoding.vocabulary, task.encoding.corpus
    rows = task.settings.part(SubwordSettings).rows(vocabulary)
    planned = plan(settings, vocabulary.counts, corpus)
    tables = memory.tables(rows.word_rows(), rows.row_count, settings)
    course = Course(tables, corpus, planned, settings, partial(_begin, tables, settings))
    watchers = Watchers(_on_rounds(task), checkpoints=task.checkpoints, folder=task.folder)
    place = train_epochs(course, task.threads, watchers)
    inputs = tables.inputs
    del course, tables  # the outputs go before the inputs are copied
    table = np.ascontiguousarray(inputs[:, : settings.vector_size])
    return Learned(rows, table, _told(place))


def _begin(tables: Tables, settings: Word2VecSettings) -> None:
    memory.fill_inputs(tables.inputs, settings)
    tables.outputs[:] = 0


def _on_rounds(task: Task) -> OnRounds:
    corpus, epochs = task.encoding.corpus, task.settings.part(Word2VecSettings).epochs
    share = corpus.word_count / len(corpus.ids)
    total = corpus.word_count * epochs

    def on_rounds(epoch: int, tokens: int, loss: float | None) -> None:
        words = round(tokens * share) + epoch * corpus.word_count
        task.reporter.training(words, total, epoch, epochs, loss)

    return on_rounds


def _told(place: Place) -> dict[str, object]:
    told: dict[str, object] = {
        "losses": [result.loss for result in place.results],
        "examples": [result.examples for result in place.results],
    }
    if place.halvings:  # the epochs in which the rate was halved, for want of finite numbers
        told["halvings"] = [epoch + 1 for epoch, _ in place.halvings]
    return told
