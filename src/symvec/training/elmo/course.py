"""Training batch by batch, with looks at what was held out, checkpoints and interruptions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import AnyArray, Ids64
from symvec.contextual.weights import DIRECTIONS
from symvec.errors import SymvecError
from symvec.training.checkpoints import Checkpoints
from symvec.training.elmo.ahead import Ahead
from symvec.training.elmo.batches import BatchMaker
from symvec.training.elmo.place import ElmoPlace, Look
from symvec.training.elmo.schedule import has_stalled, rate, share_done
from symvec.training.elmo.sentences import Sentences
from symvec.training.interrupts import Interrupts, noted_interrupts
from symvec.training.settings.elmo import ElmoMonitoring, ElmoSettings

if TYPE_CHECKING:
    from symvec.layers.torch.elmo import BatchArrays, Learner

_BEST: Final = "best."

OnStep = Callable[[ElmoPlace, float], None]
"""Called with where training is and the share of it that is done, at its begin and after each
batch; KeyboardInterrupt ends it."""
OnLook = Callable[[ElmoPlace], None]
"""Called when the last look of a place was just made."""


@dataclass(frozen=True, eq=False)
class Course:
    """What is trained, on what and how.

    Args:
        learner: the network.
        maker: makes batches.
        sentences: what is trained on.
        held_out: what is looked at, and never trained on; None for nothing.
        settings: how.
        watching: how it is watched.
        batch_words: places of a batch.
    """

    learner: Learner
    maker: BatchMaker
    sentences: Sentences
    held_out: Sentences | None
    settings: ElmoSettings
    watching: ElmoMonitoring
    batch_words: int


@dataclass(frozen=True, eq=False)
class Watchers:
    """Who is told, and where states are kept.

    Args:
        on_step: told after each batch.
        on_look: told after each look.
        checkpoints: of the run.
    """

    on_step: OnStep = lambda *_: None
    on_look: OnLook = lambda _: None
    checkpoints: Checkpoints = field(default_factory=lambda: Checkpoints(None, 0, {}, False))


def train_elmo(course: Course, watchers: Watchers) -> tuple[ElmoPlace, Mapping[str, AnyArray]]:
    """Train the network; return where that ended, and the numbers of the ELMo at the best look.

    Raises:
        InterruptedTraining: the user pressed Ctrl-C; a checkpoint holds the state if there is a
            place for it.
        SymvecError: the loss is not finite.
    """
    run = _Run(course, watchers, course.learner.tensors())
    place = run.begun()
    watchers.on_step(place, 0.0)
    with noted_interrupts() as interrupts, Ahead(run.batch) as ahead:
        while not run.has_ended(place):
            place = run.after_batch(place, ahead)
            if run.is_time_to_look(place):
                place = run.looked(place)
            run.keep(place, interrupts)
    return place, run.best


@dataclass(frozen=True, eq=False)
class _Run:
    course: Course
    watchers: Watchers
    best: dict[str, AnyArray]
    _orders: dict[int, list[Ids64]] = field(default_factory=dict)

    def begun(self) -> ElmoPlace:
        """Return where training goes on, or begins."""
        arrays = self._arrays()
        progress = self.watchers.checkpoints.restore(arrays)
        if progress is None:
            return ElmoPlace()
        place = ElmoPlace.from_progress(progress)
        self.course.learner.restore(arrays, place.step)
        return place

    def has_ended(self, place: ElmoPlace) -> bool:
        return self._is_done(place) and bool(place.looks) and not place.predictions

    def batch(self, number: tuple[int, int]) -> BatchArrays:
        """Return the batch of an epoch and a number within it."""
        epoch, batch = number
        return self.course.maker.batch(self.course.sentences, self._order(epoch)[batch])

    def after_batch(
        self, place: ElmoPlace, ahead: Ahead[tuple[int, int], BatchArrays]
    ) -> ElmoPlace:
        course, started = self.course, time.perf_counter()
        order = self._order(place.epoch)
        pieces = order[place.batch]
        is_last = place.batch == len(order) - 1
        following = None if is_last else (place.epoch, place.batch + 1)
        batch = ahead.get((place.epoch, place.batch), following)
        own_rate = rate(course.settings, place.step, share_done(course.settings, place, len(order)))
        loss = sum(course.learner.step(batch, own_rate, place.step))
        if not isfinite(loss):
            raise SymvecError(
                f"the loss is {loss} after {place.words:,} words, at alpha="
                f"{course.settings.learning_rate}; train with a smaller alpha"
            )
        words = int(course.sentences.lengths[pieces].sum())
        place = place.after(words, loss, sum(batch.predictions), time.perf_counter() - started)
        return (
            replace(place, epoch=place.epoch + 1, batch=0) if place.batch == len(order) else place
        )

    def is_time_to_look(self, place: ElmoPlace) -> bool:
        last = place.looks[-1].words if place.looks else 0
        return place.words - last >= self.course.watching.look_every or self._is_done(place)

    def looked(self, place: ElmoPlace) -> ElmoPlace:
        course, started = self.course, time.perf_counter()
        look = Look(place.words, place.loss / max(place.predictions, 1))
        if course.held_out is not None:
            forward, backward = held_out_losses(course, course.held_out)
            look = replace(look, forward=forward, backward=backward)
        place = place.with_look(look)
        if place.best in (None, len(place.looks) - 1):
            for name, tensor in course.learner.tensors().items():
                self.best[name][...] = tensor
        place = replace(place, seconds=place.seconds + time.perf_counter() - started)
        self.watchers.on_look(place)
        return place

    def keep(self, place: ElmoPlace, interrupts: Interrupts) -> None:
        """Tell where training is; keep a state where one is due, or the user wants no more."""
        checkpoints, is_stopped = self.watchers.checkpoints, interrupts.asked
        try:
            self.watchers.on_step(place, self._share_done(place))
        except KeyboardInterrupt:
            is_stopped = True
        if is_stopped or interrupts.asked:
            raise checkpoints.interruption(self._arrays(), place.to_progress())
        if checkpoints.due():
            checkpoints.save(self._arrays(), place.to_progress())

    def _is_done(self, place: ElmoPlace) -> bool:
        stalled = has_stalled(self.course.watching.early_stop, place)
        return stalled or self._share_done(place) >= 1

    def _share_done(self, place: ElmoPlace) -> float:
        epochs = self.course.settings.epochs
        batches = len(self._order(place.epoch)) if place.epoch < epochs else 1
        return share_done(self.course.settings, place, batches)

    def _order(self, epoch: int) -> list[Ids64]:
        """Return the pieces of each batch of an epoch."""
        if epoch not in self._orders:
            self._orders.clear()
            seed = self.course.settings.seed, epoch
            self._orders[epoch] = self.course.sentences.batches(self.course.batch_words, seed)
        return self._orders[epoch]

    def _arrays(self) -> dict[str, AnyArray]:
        best = {f"{_BEST}{name}": array for name, array in self.best.items()}
        return self.course.learner.state() | best


def held_out_losses(course: Course, held_out: Sentences) -> tuple[float, float]:
    """Return the mean loss of a prediction by direction, over all classes of the softmax."""
    totals = np.zeros((2, len(DIRECTIONS)))
    for pieces in held_out.batches(course.batch_words, [course.settings.seed]):
        batch = course.maker.batch(held_out, pieces)
        totals += [course.learner.losses(batch), batch.predictions]
    forward, backward = (totals[0] / np.maximum(totals[1], 1)).tolist()
    return forward, backward
