"""Skip-gram and CBOW: from a corpus of ids to a table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from symvec.arrays import RaggedRows
from symvec.kernels.blocks import Tables
from symvec.training import memory
from symvec.training.epoch_report import EpochReport, probed
from symvec.training.epochs import Course, OnEpoch, OnRounds, Watchers, train_epochs
from symvec.training.holding_out import hold_out
from symvec.training.inherited_rows import InheritedRows
from symvec.training.place import EpochResult, Place
from symvec.training.plan import Plan, plan
from symvec.training.position_vectors import KEY, to_metadata
from symvec.training.settings import (
    MonitoringSettings,
    PositionWeights,
    SubwordSettings,
    Word2VecSettings,
)
from symvec.training.start import INHERITED, Start
from symvec.training.task import LearnedVectors, Task
from symvec.vocabulary import Rows


def learn(task: Task) -> LearnedVectors:
    """Train by rounds of blocks; see ``symvec.kernels.rounds``.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C.
        SymvecError: the numbers grew without bound.
    """
    settings = task.settings.part(Word2VecSettings)
    vocabulary, corpus = task.encoding.vocabulary, task.encoding.corpus
    rows = task.settings.part(SubwordSettings).rows(vocabulary)
    word_rows = rows.word_rows()
    planned = plan(
        settings, task.encoding.occurrences, corpus, _weighted(task), word_rows, vocabulary.counts
    )
    tables = memory.tables(word_rows, rows.row_count, settings, planned.places, task.threads)
    course = _course(task, tables, planned)
    inherited = None if task.start is None else task.start.rows(rows)
    if inherited is not None and task.start is not None:
        course = _inheriting(course, task.start, inherited)
    watchers = Watchers(
        _on_rounds(task, course), _on_epoch(task, rows, tables), task.checkpoints, task.folder
    )
    place = train_epochs(course, task.threads, watchers)
    inputs, told = tables.inputs, _told(place)
    if inherited is not None:
        told[INHERITED] = dict(inherited.told)
    if planned.weighted:
        told[KEY] = to_metadata(tables.places[:, : planned.weighted])
    outputs = None
    if settings.keep_outputs:
        outputs = memory.narrowed(tables.outputs, settings.vector_size)
    del course, watchers, tables, inherited
    table = memory.narrowed(inputs, settings.vector_size)
    return LearnedVectors(rows, table, told, outputs)


def _inheriting(course: Course, start: Start, inherited: InheritedRows) -> Course:
    """Return the course that begins with what a model has learned, and put the tables so."""
    tables = course.tables

    def begin() -> None:
        _begin(tables, course.settings)
        inherited.fill(tables.inputs, RaggedRows(tables.row_ids, tables.row_offsets))
        start.fill_outputs(inherited.rows, tables.outputs)
        start.fill_places(tables.places)

    start.advise()
    begin()
    return replace(course, begin=begin, frozen=inherited.frozen() if start.freeze else None)


def _begin(tables: Tables, settings: Word2VecSettings) -> None:
    memory.fill_inputs(tables.inputs, settings)
    tables.outputs[:] = 0
    memory.fill_places(tables.places, settings)


def _weighted(task: Task) -> int:
    """Return how many numbers of a vector are weighted by the place of a context."""
    if not task.settings.has(PositionWeights):
        return 0
    size = task.settings.part(Word2VecSettings).vector_size
    return task.settings.part(PositionWeights).weighted(size)


def _course(task: Task, tables: Tables, planned: Plan) -> Course:
    settings = task.settings.part(Word2VecSettings)
    watching = task.settings.part(MonitoringSettings)
    course = Course(
        tables, task.encoding.corpus, planned, settings, partial(_begin, tables, settings)
    )
    if not watching.held_out:
        return course
    parts = hold_out(course.corpus, watching.held_out, settings.seed, task.folder)
    return replace(course, corpus=parts[0], held_out=parts[1], patience=watching.early_stop)


def _on_rounds(task: Task, course: Course) -> OnRounds:
    corpus, epochs = course.corpus, course.settings.epochs
    share = corpus.word_count / len(corpus.ids)
    total = corpus.word_count * epochs

    def on_rounds(epoch: int, tokens: int, loss: float | None) -> None:
        words = round(tokens * share) + epoch * corpus.word_count
        task.reporter.training(words, total, epoch, epochs, loss)

    return on_rounds


def _on_epoch(task: Task, rows: Rows, tables: Tables) -> OnEpoch:
    settings = task.settings.part(Word2VecSettings)
    probe = task.settings.part(MonitoringSettings).probe
    rows.vocabulary.indices(probe)  # an unknown word is to be told before, not after an epoch

    def on_epoch(epoch: int, result: EpochResult) -> None:
        neighbours = probed(probe, rows, tables.inputs[:, : settings.vector_size])
        report = EpochReport(
            epoch + 1, settings.epochs, result.loss, result.held_out_loss, neighbours
        )
        task.reporter.epoch(report)

    return on_epoch


def _told(place: Place) -> dict[str, object]:
    told: dict[str, object] = {
        "losses": [result.loss for result in place.results],
        "examples": [result.examples for result in place.results],
    }
    held_out = [result.held_out_loss for result in place.results]
    if held_out and held_out[0] is not None:
        told["held_out_losses"] = held_out
    if place.halvings:  # the epochs in which the rate was halved, for want of finite numbers
        told["halvings"] = [epoch + 1 for epoch, _ in place.halvings]
    return told
