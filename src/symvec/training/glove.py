"""GloVe: from a corpus of ids to a table."""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np

from symvec.arrays import Float2, Ids64
from symvec.sparse.counting_limits import Limits
from symvec.sparse.window_weights import WindowWeights
from symvec.training import memory
from symvec.training.epoch_report import EpochReport
from symvec.training.glove_epochs import BIASES, GloveCourse, OnPlace, empty_tables, train_glove
from symvec.training.glove_pairs import GlovePairFile, write_pairs
from symvec.training.glove_rounds import group_count
from symvec.training.place import Place
from symvec.training.rollback import RollbackState
from symvec.training.settings import GloveSettings, PairSettings
from symvec.training.task import LearnedVectors, Task
from symvec.vocabulary import WordRows

_FLOATS_A_COLUMN: Final = 4  # two tables, a word's vector and its context vector in each
_BYTES_A_FLOAT: Final = 4


def learn(task: Task) -> LearnedVectors:
    """Count which words occur together, then fit their vectors to the logarithms of the counts.

    Raises:
        InputError: too many words for the window.
        OutputError: the folder for working files has no room.
        InterruptedTraining: the user pressed Ctrl-C.
        SymvecError: the numbers grew without bound.
    """
    settings, rows = task.settings.part(GloveSettings), WordRows(task.encoding.vocabulary)
    words, columns = rows.row_count, memory.columns(settings.vector_size + BIASES)
    groups = group_count(words, columns * _FLOATS_A_COLUMN * _BYTES_A_FLOAT)
    pairs = _counted(task, words, groups)
    task.reporter.compiling()
    course = GloveCourse(empty_tables(words, groups, settings.vector_size), pairs, groups, settings)
    state = RollbackState(task.folder)
    place = train_glove(course, task.threads, task.checkpoints, state, _on_place(task, pairs))
    return LearnedVectors(rows, word_vectors(course, words), _told(place, pairs))


def _counted(task: Task, words: int, groups: int) -> GlovePairFile:
    near, ids = task.settings.part(PairSettings), task.encoding.corpus.ids
    return write_pairs(
        ids,
        words,
        groups,
        WindowWeights.of(near.window_weighting, near.window),
        task.settings.part(GloveSettings),
        Limits(task.folder, near.memory_budget, task.threads),
        lambda done: task.reporter.counting(done, len(ids)),
    )


def _on_place(task: Task, pairs: GlovePairFile) -> OnPlace:
    words, epochs = task.encoding.corpus.word_count, task.settings.part(GloveSettings).epochs
    told = 0

    def on_place(place: Place) -> None:
        nonlocal told
        if place.epoch > told:
            report = EpochReport(place.epoch, epochs, place.results[-1].loss, None, {})
            task.reporter.epoch(report)
        told = place.epoch
        # An example is a pair in one direction. Words make the speed comparable to others'.
        done = place.epoch + place.examples / max(2 * pairs.count, 1)
        before = place.results[-1].loss if place.results else None
        loss = place.loss / place.examples if place.examples else before
        epoch = min(place.epoch, epochs - 1)
        task.reporter.training(round(words * done), words * epochs, epoch, epochs, loss)

    return on_place


def word_vectors(course: GloveCourse, words: int) -> Float2:
    """Return the vectors by word id, (words, vector_size)."""
    groups, settings = course.groups, course.settings
    word_ids = np.arange(words)
    rows: Ids64 = 2 * (word_ids % groups * ceil(words / groups) + word_ids // groups)
    vectors: Float2 = course.tables.values[rows, : settings.vector_size]
    if settings.glove_vectors == "sum":
        vectors += course.tables.values[rows + 1, : settings.vector_size]
    return vectors


def _told(place: Place, pairs: GlovePairFile) -> dict[str, object]:
    told: dict[str, object] = {
        "losses": [result.loss for result in place.results],
        "examples": [result.examples for result in place.results],
        "pairs": pairs.count,
    }
    if place.halvings:  # the epochs in which the rate was halved, for want of finite numbers
        told["halvings"] = [epoch + 1 for epoch, _ in place.halvings]
    return told
