"""GloVe: from a corpus of ids to a table."""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np

from symvec.arrays import Float2, Ids64
from symvec.sparse.counting_limits import Limits
from symvec.sparse.window_weights import WindowWeights
from symvec.training import memory
from symvec.training.epoch_report import EpochReport, probed
from symvec.training.glove_epochs import BIASES, GloveCourse, OnPlace, empty_tables, train_glove
from symvec.training.glove_pairs import GlovePairFile, HeldOutPairs, PairShare, write_pairs
from symvec.training.glove_rounds import group_count
from symvec.training.place import Place
from symvec.training.rollback import RollbackState
from symvec.training.settings import GloveSettings, MonitoringSettings, PairSettings
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
    watching = task.settings.part(MonitoringSettings)
    rows.vocabulary.indices(watching.probe)  # an unknown word is to be told before, not after
    pairs, held_out = _counted(task, words, groups)
    task.reporter.compiling()
    tables = empty_tables(words, groups, settings.vector_size)
    course = GloveCourse(
        tables, pairs, groups, settings, held_out if watching.held_out else None,
        watching.early_stop,
    )  # fmt: skip
    state = RollbackState(task.folder)
    on_place = _on_place(task, course, rows)
    place = train_glove(course, task.threads, task.checkpoints, state, on_place)
    return LearnedVectors(rows, word_vectors(course, words), _told(place, pairs))


def _counted(task: Task, words: int, groups: int) -> tuple[GlovePairFile, HeldOutPairs]:
    settings = task.settings.part(GloveSettings)
    near, ids = task.settings.part(PairSettings), task.encoding.corpus.ids
    return write_pairs(
        ids,
        words,
        groups,
        WindowWeights.of(near.window_weighting, near.window),
        settings,
        Limits(task.folder, near.memory_budget, task.threads),
        lambda done: task.reporter.counting(done, len(ids)),
        PairShare(task.settings.part(MonitoringSettings).held_out, settings.seed),
    )


def _on_place(task: Task, course: GloveCourse, rows: WordRows) -> OnPlace:
    words, epochs = task.encoding.corpus.word_count, course.settings.epochs
    probe, pairs = task.settings.part(MonitoringSettings).probe, course.pairs
    told = 0

    def on_place(place: Place) -> None:
        nonlocal told
        if place.epoch > told:
            table = word_vectors(course, rows.row_count) if probe else None
            neighbours = {} if table is None else probed(probe, rows, table)
            loss, held_out = place.results[-1].loss, place.results[-1].held_out_loss
            task.reporter.epoch(EpochReport(place.epoch, epochs, loss, held_out, neighbours))
        told = place.epoch
        # An example is a pair in one direction. Words make the speed comparable to others'.
        done = place.epoch + place.examples / max(2 * pairs.count, 1)
        before = place.results[-1].loss if place.results else None
        mean_loss = place.loss / place.examples if place.examples else before
        epoch = min(place.epoch, epochs - 1)
        task.reporter.training(round(words * done), words * epochs, epoch, epochs, mean_loss)

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
    held_out = [result.held_out_loss for result in place.results]
    if held_out and held_out[0] is not None:
        told["held_out_losses"] = held_out
    if place.halvings:  # the epochs in which the rate was halved, for want of finite numbers
        told["halvings"] = [epoch + 1 for epoch, _ in place.halvings]
    return told
