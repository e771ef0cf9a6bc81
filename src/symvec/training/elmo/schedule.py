"""When training ends, and what the learning rate is until then."""

from __future__ import annotations

from typing import Final

from symvec.training.elmo.place import ElmoPlace
from symvec.training.settings.elmo import ElmoSettings

# Adam's estimates are poor at first. The last steps are small ones, which settle what was learned.
WARM_UP_STEPS: Final = 50
LEAST_SHARE: Final = 0.01
_SECONDS: Final = 60


def share_done(settings: ElmoSettings, place: ElmoPlace, batches: int) -> float:
    """Return how much of the training is done, by its epochs or by the clock, 1 at the end.

    Args:
        settings: of the run.
        place: where it is.
        batches: of the place's epoch.

    Example:
        >>> share_done(ElmoSettings(epochs=2), ElmoPlace(epoch=1, batch=5), 10)
        0.75
        >>> share_done(ElmoSettings(minutes=1), ElmoPlace(seconds=30.0), 10)
        0.5
    """
    by_epochs = (place.epoch + place.batch / max(batches, 1)) / settings.epochs
    by_clock = place.seconds / (settings.minutes * _SECONDS) if settings.minutes else 0.0
    return min(max(by_epochs, by_clock), 1.0)


def rate(settings: ElmoSettings, step: int, done: float) -> float:
    """Return the learning rate of a step: it rises for some steps, then falls evenly.

    Args:
        settings: of the run.
        step: counted from 0.
        done: the share of the training that is done.

    Example:
        >>> rate(ElmoSettings(alpha=0.1), 100, 0.5)
        0.05
    """
    return settings.learning_rate * min(1, (step + 1) / WARM_UP_STEPS) * max(1 - done, LEAST_SHARE)


def has_stalled(patience: int | None, place: ElmoPlace) -> bool:
    """Return whether so many looks in a row have not lowered the loss of what is held out."""
    best = place.best
    return patience is not None and best is not None and len(place.looks) - 1 - best >= patience
