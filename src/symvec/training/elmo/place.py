"""How far the training of ELMo is, and what it has come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the training came to; losses are of a prediction, in nats.

    Args:
        words: trained so far.
        loss: mean loss of training since the look before, of both directions together.
        forward: mean loss of the held-out text, predicted from the left; None where none is.
        backward: the same, predicted from the right.
    """

    words: int
    loss: float
    forward: float | None = None
    backward: float | None = None

    @property
    def held_out_loss(self) -> float | None:
        """The mean of the two directions."""
        if self.forward is None or self.backward is None:
            return None
        return (self.forward + self.backward) / 2


@dataclass(frozen=True, slots=True)
class ElmoPlace:
    """Where training is, always between two batches.

    Args:
        epoch: counted from 0.
        batch: the next one of the epoch, counted from 0.
        step: batches trained in all epochs.
        words: trained in all epochs.
        seconds: that training has taken.
        loss: summed since the last look.
        predictions: since the last look.
        looks: so far.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    words: int = 0
    seconds: float = 0.0
    loss: float = 0.0
    predictions: int = 0
    looks: tuple[Look, ...] = ()

    @property
    def mean_loss(self) -> float | None:
        """The mean loss of a prediction since the last look; before it, what the look found."""
        if self.predictions:
            return self.loss / self.predictions
        return self.looks[-1].loss if self.looks else None

    @property
    def best(self) -> int | None:
        """The number of the look that found the lowest loss of what is held out; the first one."""
        losses = [look.held_out_loss for look in self.looks]
        found = [(loss, number) for number, loss in enumerate(losses) if loss is not None]
        return min(found)[1] if found else None

    def after(self, words: int, loss: float, predictions: int, seconds: float) -> ElmoPlace:
        """Return the place behind a batch."""
        return replace(
            self,
            batch=self.batch + 1,
            step=self.step + 1,
            words=self.words + words,
            seconds=self.seconds + seconds,
            loss=self.loss + loss,
            predictions=self.predictions + predictions,
        )

    def with_look(self, look: Look) -> ElmoPlace:
        """Return the place behind a look."""
        return replace(self, looks=(*self.looks, look), loss=0.0, predictions=0)

    def to_progress(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_progress(cls, progress: Mapping[str, Any]) -> ElmoPlace:
        """Return the place that ``to_progress`` described.

        Example:
            >>> place = ElmoPlace(1, 7, 9, 100, 2.5, 3.0, 4, (Look(50, 6.5, 6.0, 7.0),))
            >>> ElmoPlace.from_progress(place.to_progress()) == place
            True
        """
        looks = tuple(Look(**look) for look in progress["looks"])
        return cls(**{**progress, "looks": looks})
