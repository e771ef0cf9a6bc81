"""GloVe: from a corpus of ids to a table."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import Final

import numpy as np

from symvec.arrays import Float2, Ids64
from symvec.errors import InterruptedTraining, SymvecError
from symvec.kernels.glove import GloveTables, train_entries
from symvec.kernels.random import draw
from symvec.sparse.pair_counting import Limits
from symvec.sparse.window_weights import WindowWeights
from symvec.training import memory
from symvec.training.glove_pairs import GlovePairFile, write_pairs
from symvec.training.glove_rounds import Couple, group_count, rounds
from symvec.training.settings import GloveSettings, PairSettings
from symvec.training.task import Learned, Task
from symvec.vocabulary import WordRows

_BIASES: Final = 2  # numbers behind a vector: its bias, and a 1 for the other's
_BYTES_A_FLOAT: Final = 4

OnPairs = Callable[[int, float], None]
"""Called with the pairs done in an epoch and the sum of their losses."""


def learn(task: Task) -> Learned:
    """Count which words occur together, then fit their vectors to the logarithms of the counts.

    Raises:
        InputError: too many words for the window.
        OutputError: the folder for working files has no room.
        InterruptedTraining: the user pressed Ctrl-C.
        SymvecError: the numbers grew without bound.
    """
    settings, near = task.settings.part(GloveSettings), task.settings.part(PairSettings)
    corpus, rows = task.encoding.corpus, WordRows(task.encoding.vocabulary)
    words, columns = rows.row_count, memory.columns(settings.vector_size + _BIASES)
    groups = group_count(words, 4 * columns * _BYTES_A_FLOAT)
    pairs = write_pairs(
        corpus.ids,
        words,
        groups,
        WindowWeights.of(near.window_weighting, near.window),
        settings,
        Limits(task.folder, near.memory_budget, task.threads),
        lambda ids: task.reporter.counting(ids, len(corpus.ids)),
    )
    tables = start_tables(words, groups, settings)
    task.reporter.compiling()
    losses = []
    total = corpus.word_count * settings.epochs
    for epoch in range(settings.epochs):

        def on_pairs(done: int, loss: float, epoch: int = epoch) -> None:
            trained = corpus.word_count * (epoch + done / max(pairs.count, 1))
            task.reporter.training(
                round(trained), total, epoch, settings.epochs, loss / max(done, 1)
            )

        losses.append(train_epoch(tables, pairs, groups, settings, epoch, task.threads, on_pairs))
    table = word_vectors(tables, words, groups, settings)
    return Learned(rows, table, {"losses": losses, "pairs": pairs.count})


def start_tables(words: int, groups: int, settings: GloveSettings) -> GloveTables:
    """Return the tables as training starts: uniform in +-0.5 / vector_size, biases too.

    Source: the published program.
    """
    size = settings.vector_size
    values = memory.matrix(2 * groups * ceil(words / groups), size + _BIASES)
    random = np.random.Generator(np.random.Philox(settings.seed))
    for row in range(0, len(values), 2):
        drawn = random.random((2, size + 1), np.float32)
        drawn = (drawn - np.float32(0.5)) / np.float32(size)
        values[row : row + 2, :size] = drawn[:, :size]
        values[row, size:][:_BIASES] = drawn[0, size], 1
        values[row + 1, size:][:_BIASES] = 1, drawn[1, size]
    return GloveTables(values, memory.matrix(len(values), size + _BIASES))


def train_epoch(
    tables: GloveTables,
    pairs: GlovePairFile,
    groups: int,
    settings: GloveSettings,
    epoch: int,
    threads: int,
    on_pairs: OnPairs,
) -> float:
    """Train the tables in place on all pairs, and return the mean loss of a pair.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C; the threads have ended.
        SymvecError: the numbers are not finite any more.
    """
    key = np.uint64(draw(np.uint64(settings.seed), epoch))

    def train(couple: Couple) -> tuple[int, float]:
        entries, targets = pairs.read(couple)
        own_key = np.uint64(draw(key, couple[0] * groups + couple[1]))
        loss = train_entries(
            tables, entries, targets, own_key, settings.vector_size, settings.learning_rate
        )
        return len(entries), loss

    done, loss = 0, 0.0
    try:
        with ThreadPoolExecutor(threads, thread_name_prefix="glove") as pool:
            for couples in rounds(groups, settings.seed, epoch):
                for count, own_loss in pool.map(train, couples):
                    done, loss = done + count, loss + own_loss
                on_pairs(done, loss)
    except KeyboardInterrupt:
        raise InterruptedTraining("training was interrupted; nothing was saved") from None
    if not np.isfinite(loss):
        raise SymvecError(
            f"the loss is {loss} in epoch {epoch + 1}: the vectors have grown without bound at "
            f"alpha={settings.learning_rate}; train with a smaller alpha"
        )
    return loss / max(done, 1)


def word_vectors(tables: GloveTables, words: int, groups: int, settings: GloveSettings) -> Float2:
    """Return the vectors by word id, (words, vector_size)."""
    word_ids = np.arange(words)
    rows: Ids64 = 2 * (word_ids % groups * ceil(words / groups) + word_ids // groups)
    vectors: Float2 = tables.values[rows, : settings.vector_size]
    if settings.glove_vectors == "sum":
        vectors += tables.values[rows + 1, : settings.vector_size]
    return vectors
