"""Epochs of GloVe: round by round, through faults and interruptions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids
from symvec.errors import SymvecError
from symvec.kernels.glove import FIRST, SECOND, GloveTables, entries_loss, train_entries
from symvec.kernels.random import draw
from symvec.training import memory
from symvec.training.advice import advise
from symvec.training.checkpoints import Checkpoints
from symvec.training.glove_pairs import GlovePairFile, HeldOutPairs
from symvec.training.glove_rounds import Couple, rounds
from symvec.training.interrupts import noted_interrupts
from symvec.training.place import EpochResult, Place
from symvec.training.rollback import RollbackState, are_finite
from symvec.training.settings import GloveSettings

MOST_HALVINGS: Final = 6
BIASES: Final = 2  # numbers behind a vector: its bias, and a 1 for the other's
_DIRECTIONS: Final = 2
_ROWS_DRAWN_AT_ONCE: Final = 4096

OnPlace = Callable[[Place], None]
"""Called with where training is, after each round."""


@dataclass(frozen=True, eq=False)
class GloveCourse:
    """What is trained, on what and how.

    Args:
        tables: trained in place.
        pairs: what they are trained on.
        groups: how many groups the words were dealt to.
        settings: how.
        held_out: what is never trained on, but its loss told; None: nothing is.
        patience: epochs in a row that may fail to lower that loss; None for all.
    """

    tables: GloveTables
    pairs: GlovePairFile
    groups: int
    settings: GloveSettings
    held_out: HeldOutPairs | None = None
    patience: int | None = None

    @property
    def arrays(self) -> dict[str, AnyArray]:
        """All that training changes, by name."""
        return self.tables._asdict()


def empty_tables(words: int, groups: int, vector_size: int) -> GloveTables:
    """Return tables of zeros for words that are dealt to groups."""
    rows = 2 * groups * ceil(words / groups)
    return GloveTables(
        memory.matrix(rows, vector_size + BIASES), memory.matrix(rows, vector_size + BIASES)
    )


def begin(course: GloveCourse) -> None:
    """Put the tables as they are at the start: uniform in +-0.5 / vector_size, biases too.

    Source: the published program.
    """
    size, values = course.settings.vector_size, course.tables.values
    values[:], course.tables.sums[:] = 0, 0
    random = np.random.Generator(np.random.Philox(course.settings.seed))
    for start in range(0, len(values), _ROWS_DRAWN_AT_ONCE):
        rows = values[start : start + _ROWS_DRAWN_AT_ONCE]
        drawn = (random.random((len(rows), size + 1), np.float32) - np.float32(0.5)) / size
        rows[:, :size] = drawn[:, :size]
        rows[0::2, size], rows[0::2, size + 1] = drawn[0::2, size], 1
        rows[1::2, size], rows[1::2, size + 1] = 1, drawn[1::2, size]


def train_glove(
    course: GloveCourse,
    threads: int,
    checkpoints: Checkpoints,
    state: RollbackState,
    on_place: OnPlace,
) -> Place:
    """Train the tables; return where that ended.

    Args:
        course: what, on what and how.
        threads: how many; the result does not depend on it.
        checkpoints: of the run.
        state: what to roll back to.
        on_place: told of the progress from the calling thread.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C; a checkpoint holds the state if there is a
            place for it.
        SymvecError: the numbers are not finite, at whatever rate.
    """
    progress = checkpoints.restore(course.arrays)
    place = Place() if progress is None else Place.from_progress(progress)
    if progress is None:
        begin(course)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="glove")
    with noted_interrupts() as interrupts, pool:
        while place.epoch < course.settings.epochs and not place.has_stalled(course.patience):
            place = _trained_round(course, pool, place)
            if not _is_good(course, place):
                place = _rolled_back(course, place, state)
            elif place.round > course.groups - 1:
                place = _next_epoch(course, pool, place)
                state.keep(place, course.arrays)
            is_stopped = _tell(on_place, place)
            if is_stopped or interrupts.asked:
                raise checkpoints.interruption(course.arrays, place.to_progress())
            if checkpoints.due():
                checkpoints.save(course.arrays, place.to_progress())
    return place


def _trained_round(course: GloveCourse, pool: ThreadPoolExecutor, place: Place) -> Place:
    settings, groups = course.settings, course.groups
    key = np.uint64(draw(np.uint64(settings.seed), place.epoch))
    rate = settings.learning_rate * place.rate_factor

    def train(couple: Couple) -> tuple[int, float]:
        entries, targets = course.pairs.read(couple)
        own_key = np.uint64(draw(key, couple[0] * groups + couple[1]))
        loss = train_entries(course.tables, entries, targets, own_key, settings.vector_size, rate)
        return _examples(entries), loss

    examples, loss = place.examples, place.loss
    couples = rounds(groups, settings.seed, place.epoch)[place.round]
    for own_examples, own_loss in pool.map(train, couples):  # in the order of the couples
        examples, loss = examples + own_examples, loss + own_loss
    return replace(place, round=place.round + 1, loss=loss, examples=examples)


def _is_good(course: GloveCourse, place: Place) -> bool:
    """Return whether the numbers are finite; all are looked at where they would be kept."""
    if not np.isfinite(place.loss):
        return False
    return place.round < course.groups or are_finite(course.arrays)


def _next_epoch(course: GloveCourse, pool: ThreadPoolExecutor, place: Place) -> Place:
    loss = place.loss / place.examples if place.examples else 0.0
    result = EpochResult(loss, place.examples, _held_out_loss(course, pool))
    results = (*place.results, result)
    return Place(place.epoch + 1, results=results, halvings=place.halvings)


def _held_out_loss(course: GloveCourse, pool: ThreadPoolExecutor) -> float | None:
    """Return the mean loss of the pairs that are held out."""
    if course.held_out is None:
        return None

    def loss_of(part: tuple[Ids, Float2]) -> tuple[int, float]:
        return _examples(part[0]), entries_loss(course.tables, *part)

    examples, loss = 0, 0.0
    for own_examples, own_loss in pool.map(loss_of, course.held_out.parts()):  # in their order
        examples, loss = examples + own_examples, loss + own_loss
    return loss / examples


def _examples(entries: Ids) -> int:
    """Return how many directions entries have: a word with itself has one."""
    alone = int(np.count_nonzero(entries[:, FIRST] == entries[:, SECOND]))
    return _DIRECTIONS * len(entries) - alone


def _tell(on_place: OnPlace, place: Place) -> bool:
    """Tell where training is; return whether somebody wants no more of it."""
    try:
        on_place(place)
    except KeyboardInterrupt:
        return True
    return False


def _rolled_back(course: GloveCourse, fault: Place, state: RollbackState) -> Place:
    """Go back to the start of the epoch, or of training, where the rate is halved from then on."""
    settings, point = course.settings, (fault.epoch, 0)
    halvings = (*fault.halvings, point)
    if len(halvings) > MOST_HALVINGS:
        raise SymvecError(
            f"the numbers are not finite in epoch {fault.epoch + 1}: the vectors have grown "
            f"without bound at alpha={settings.learning_rate}, and after {len(fault.halvings)} "
            "halvings of it; train with a smaller alpha"
        )
    kept = state.restore(point, course.arrays)
    if kept is None:
        begin(course)
    advise(
        f"the numbers were not finite any more in epoch {fault.epoch + 1}: training goes back to "
        "the last good state and on at half the rate, "
        f"alpha={settings.learning_rate * 0.5 ** len(halvings):g}"
    )
    return replace(Place() if kept is None else kept, halvings=halvings)
