"""Epochs: stretch by stretch from the first round to the last, through faults and interruptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import ceil, log
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import AnyArray
from symvec.errors import SymvecError
from symvec.kernels.blocks import AlgorithmSpace, BlockSpace, Tables, Text
from symvec.kernels.compiler_pages import release_compiler_pages
from symvec.kernels.rounds import Schedule
from symvec.training import memory
from symvec.training.advice import advise
from symvec.training.checkpoints import Checkpoints
from symvec.training.interrupts import Interrupts, noted_interrupts
from symvec.training.place import EpochResult, Place
from symvec.training.plan import Plan
from symvec.training.rollback import RollbackState, are_finite
from symvec.training.schedules import TURNS
from symvec.training.settings import Word2VecSettings
from symvec.training.team import Team
from symvec.vocabulary.corpus import EncodedCorpus
from symvec.vocabulary.mapped import release

# A state is kept at the start of each epoch, and so often in a long one: it costs a second.
TOKENS_BETWEEN_STATES: Final = 100_000_000
MOST_HALVINGS: Final = 6
MOST_RISE: Final = 1.5  # of the loss; what is learned lowers it, and chance moves it by less

OnRounds = Callable[[int, int, float | None], None]
"""Called with the epoch (from 0), its tokens done, and its mean loss so far."""
OnEpoch = Callable[[int, EpochResult], None]
"""Called with the epoch (from 0) that has ended, and what it came to."""


@dataclass(frozen=True, eq=False)
class Course:
    """What is trained, on what and how.

    Args:
        tables: trained in place; see ``memory.tables``.
        corpus: what is trained on.
        plan: how.
        settings: how.
        begin: puts the tables as they are at the start; None where that is not known.
        held_out: what is never trained on, but its loss told.
        patience: epochs in a row that may fail to lower that loss; None for all.
        frozen: (rows of the inputs,) bool, those that stay as they are; None: none does.
    """

    tables: Tables
    corpus: EncodedCorpus
    plan: Plan
    settings: Word2VecSettings
    begin: Callable[[], None] | None = None
    held_out: EncodedCorpus | None = None
    patience: int | None = None
    frozen: npt.NDArray[np.bool_] | None = None

    @property
    def arrays(self) -> dict[str, AnyArray]:
        """All that training changes, by name."""
        fields = self.tables._asdict()
        return {name: array for name, array in fields.items() if array.dtype == np.float32}

    def text(self, corpus: EncodedCorpus) -> Text:
        """Return a corpus as the kernels take it."""
        plan = self.plan
        return Text(corpus.ids, plan.keep_thresholds, plan.objective, plan.shares)


@dataclass(frozen=True, eq=False)
class Watchers:
    """Who is told, and where states are kept.

    Args:
        on_rounds: told of the progress from the calling thread.
        on_epoch: told of each epoch's end.
        checkpoints: of the run.
        folder: for states to roll back to.
    """

    on_rounds: OnRounds = lambda *_: None
    on_epoch: OnEpoch = lambda *_: None
    checkpoints: Checkpoints = field(default_factory=lambda: Checkpoints(None, 0, {}, False))
    folder: Path | None = None


def train_epochs(course: Course, threads: int, watchers: Watchers) -> Place:
    """Train the tables in place; return where that ended.

    Args:
        course: what, on what and how.
        threads: how many; the result does not depend on it.
        watchers: who is told, and where states are kept.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C; the threads have ended, and a checkpoint
            holds the state if there is a place for it.
        SymvecError: the numbers are not finite, at whatever rate.
    """
    checkpoints = watchers.checkpoints
    progress = checkpoints.restore(course.arrays)
    place = Place() if progress is None else Place.from_progress(progress)
    state = RollbackState(watchers.folder)
    with noted_interrupts() as interrupts, _team(course, threads) as team:
        _load(course, team)
        while place.epoch < course.settings.epochs and not place.has_stalled(course.patience):
            start = place
            place, interrupted = _stretch(course, team, start, watchers, interrupts)
            is_end = place.round * course.plan.round_tokens >= len(course.corpus.ids)
            has_risen = is_end and _has_risen(course, place)
            if is_end and not has_risen:
                place = _next_epoch(course, team, place, watchers)
            if has_risen or not _is_good(course, place):
                place = _rolled_back(course, start, place, state)
                team = _refreshed(team, course)
            elif place.lowest_loss is None:  # after the first round, which tells the loss of chance
                place = replace(place, lowest_loss=place.mean_loss)
            elif _is_point(course, place) and place.epoch < course.settings.epochs:
                place = _kept(course, place, state)
            if interrupted or interrupts.asked:
                raise checkpoints.interruption(course.arrays, place.to_progress())
            if checkpoints.due():
                checkpoints.save(course.arrays, place.to_progress())
    return place


def _load(course: Course, team: Team) -> None:
    """Have the kernel loaded while the tables take little memory; let go of what that takes."""
    text = course.text(course.corpus)
    release_compiler_pages()
    team.run(
        text._replace(ids=text.ids[:0]),
        _schedule(course, Place()),
        np.zeros((len(team.spaces), 2)),
        lambda _: False,
    )
    release_compiler_pages()


@contextmanager
def _team(course: Course, threads: int) -> Iterator[Team]:
    plan, tables, turns = course.plan, course.tables, TURNS[course.settings.schedule]
    touches = memory.touches(len(tables.inputs), plan, course.frozen, threads)
    with ThreadPoolExecutor(threads, thread_name_prefix="symvec") as pool:
        spaces = [_space(course) for _ in range(threads)]
        records = memory.changes(plan, turns.records(threads, plan.records))
        yield Team(pool, tables, spaces, plan.shape, records, touches, turns.train)


def _space(course: Course) -> tuple[BlockSpace, AlgorithmSpace]:
    return memory.block_space(course.plan), memory.tile_space(course.plan, course.settings)


def _refreshed(team: Team, course: Course) -> Team:
    """Return the team with space that is new: nothing times what is not finite is not nothing."""
    spaces = [_space(course) for _ in team.spaces]
    records = memory.changes(course.plan, len(team.changes.counts))
    return replace(team, spaces=spaces, changes=records)


def _rounds_between_states(course: Course) -> int:
    return ceil(TOKENS_BETWEEN_STATES / course.plan.round_tokens)


def _is_point(course: Course, place: Place) -> bool:
    """Return whether a place is one to roll back to: by the schedule, never by the clock."""
    return place.round % _rounds_between_states(course) == 0


def _schedule(course: Course, place: Place) -> Schedule:
    settings, between = course.settings, _rounds_between_states(course)
    factor = place.rate_factor
    is_first = (place.epoch, place.round) == (0, 0)
    stop_round = 1 if is_first else (place.round // between + 1) * between
    return Schedule(
        course.plan.bounds, place.round, settings.seed, place.epoch, settings.epochs,
        settings.learning_rate * factor, float(settings.min_alpha) * factor,
        stop_round,
    )  # fmt: skip


def _stretch(
    course: Course, team: Team, start: Place, watchers: Watchers, interrupts: Interrupts
) -> tuple[Place, bool]:
    """Train on from a place to the next one at which there is something to be done.

    Returns:
        That place, and whether the progress was told to somebody who wants no more of it.
    """
    totals = np.zeros((len(team.spaces), 2))
    totals[0] = start.loss, start.examples

    def on_wait(next_round: int) -> bool:
        tokens = min(next_round * course.plan.round_tokens, len(course.corpus.ids))
        release(course.corpus.ids, tokens)
        loss, examples = totals.sum(axis=0)
        mean = float(loss / examples) if examples else None
        watchers.on_rounds(start.epoch, tokens, mean)
        return interrupts.asked or watchers.checkpoints.due()

    schedule = _schedule(course, start)
    reached, interrupted = team.run(course.text(course.corpus), schedule, totals, on_wait)
    loss, examples = totals.sum(axis=0)
    return replace(start, round=reached, loss=float(loss), examples=int(examples)), interrupted


def _is_good(course: Course, place: Place) -> bool:
    """Return whether the numbers are finite; all are looked at where they would be kept."""
    if not np.isfinite(place.loss):
        return False
    return not _is_point(course, place) or are_finite(course.arrays)


def _has_risen(course: Course, place: Place) -> bool:
    """Return whether an epoch was worse than chance: vectors have grown, though they are finite."""
    loss, lowest = place.mean_loss, place.lowest_loss
    if loss is None or lowest is None:
        return False
    if course.settings.objective == "negative-sampling":  # where a model's outputs tell more
        lowest = max(lowest, (1 + course.settings.negative) * log(2))
    return loss > MOST_RISE * lowest


def _next_epoch(course: Course, team: Team, place: Place, watchers: Watchers) -> Place:
    """Close an epoch and tell of it; return the place at the start of the next one."""
    if not np.isfinite(place.loss):
        return place
    loss = place.loss / place.examples if place.examples else 0.0
    result = EpochResult(loss, place.examples, _held_out_loss(course, team))
    watchers.on_epoch(place.epoch, result)
    results = (*place.results, result)
    return replace(place, epoch=place.epoch + 1, round=0, loss=0.0, examples=0, results=results)


def _kept(course: Course, place: Place, state: RollbackState) -> Place:
    """Keep the state of a point, if it is one to go back to.

    Vectors that grow without bound are large long before they are infinite: where the loss has
    risen so far, to go back would not help.
    """
    loss, lowest = place.mean_loss, place.lowest_loss
    if loss is None or lowest is None or loss > MOST_RISE * lowest:
        return place
    lowest = min(loss, lowest)
    good = replace(place, good=(place.epoch, place.round), lowest_loss=lowest)
    state.keep(good, course.arrays)
    return good


def _held_out_loss(course: Course, team: Team) -> float | None:
    """Return the mean loss of what was held out: at a rate of nothing the tables stand still."""
    if course.held_out is None:
        return None
    settings, totals = course.settings, np.zeros((len(team.spaces), 2))
    schedule = Schedule(course.plan.bounds, 0, settings.seed, 0, 1, 0.0, 0.0)
    team.run(course.text(course.held_out), schedule, totals, lambda _: False)
    loss, examples = totals.sum(axis=0)
    return float(loss / examples) if examples else 0.0


def _rolled_back(course: Course, start: Place, fault: Place, state: RollbackState) -> Place:
    """Go back to the last good state, where the rate is halved from then on.

    Where the state is not at hand, as after a resume, training begins again from its start, at
    the rates that it had: it comes to that state once more.
    """
    halvings = (*start.halvings, start.good)
    if len(halvings) > MOST_HALVINGS:
        raise _without_bound(course, fault)
    kept = state.restore(start.good, course.arrays)
    if kept is None:
        if course.begin is None:
            raise _without_bound(course, fault)
        course.begin()
    rate = course.settings.learning_rate * 0.5 ** len(halvings)
    advise(
        f"{_rise(fault) or 'the numbers were not finite any more'} in epoch {start.epoch + 1}: "
        f"training goes back to the last good state and on at half the rate, alpha={rate:g}"
    )
    return replace(Place() if kept is None else kept, halvings=halvings)


def _rise(fault: Place) -> str | None:
    """Tell how far the loss has risen, or return None if that is not the fault."""
    loss, lowest = fault.mean_loss, fault.lowest_loss
    if not loss or not lowest or not np.isfinite(loss) or loss < MOST_RISE * lowest:
        return None
    return f"the loss rose from {lowest:.3g} to {loss:.3g}"


def _without_bound(course: Course, fault: Place) -> SymvecError:
    rate = course.settings.learning_rate
    finite = np.isfinite(fault.loss)
    what = _rise(fault) or "vectors are infinite" if finite else f"the loss is {fault.loss}"
    tried = f", and after {len(fault.halvings)} halvings of it" if fault.halvings else ""
    return SymvecError(
        f"{what} in epoch {fault.epoch + 1}: the vectors have grown without "
        f"bound at alpha={rate}{tried}; train with a smaller alpha"
    )
