"""Skip-gram and CBOW: from a corpus of ids to a table."""

from __future__ import annotations

import numpy as np

from symvec.training import memory
from symvec.training.epochs import train_epochs
from symvec.training.plan import plan
from symvec.training.settings import Word2VecSettings
from symvec.training.task import Learned, Task
from symvec.vocabulary import WordRows


def learn(task: Task) -> Learned:
    """Train by rounds of blocks; see ``symvec.kernels.rounds``.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C.
        SymvecError: the numbers grew without bound.
    """
    settings = task.settings.part(Word2VecSettings)
    rows, corpus = WordRows(task.encoding.vocabulary), task.encoding.corpus
    planned = plan(settings, task.encoding.vocabulary.counts, corpus)
    tables = memory.tables(rows.word_rows(), rows.row_count, settings)
    share = corpus.word_count / len(corpus.ids)
    total = corpus.word_count * settings.epochs

    def on_rounds(epoch: int, tokens: int, loss: float | None) -> None:
        words = round(tokens * share) + epoch * corpus.word_count
        task.reporter.training(words, total, epoch, settings.epochs, loss)

    results = train_epochs(tables, corpus, planned, settings, task.threads, on_rounds)
    inputs = tables.inputs
    del tables  # the outputs go before the inputs are copied
    table = np.ascontiguousarray(inputs[:, : settings.vector_size])
    told = {
        "losses": [result.loss for result in results],
        "examples": [result.examples for result in results],
    }
    return Learned(rows, table, told)
