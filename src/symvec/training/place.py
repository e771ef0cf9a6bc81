"""How far training by rounds is, and what it has come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

Point: TypeAlias = tuple[int, int]  # epoch and round, both counted from 0


@dataclass(frozen=True, slots=True)
class EpochResult:
    """What an epoch came to.

    Args:
        loss: mean loss of an example.
        examples: how many there were.
        held_out_loss: mean loss of an example that was not trained on, if some were held out.
    """

    loss: float
    examples: int
    held_out_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where training is, always between two rounds.

    Args:
        epoch: counted from 0.
        round: the next one of the epoch, counted from 0.
        loss: summed in the epoch so far.
        examples: of the epoch so far.
        results: of the epochs that are done.
        halvings: points from which on the learning rate is half of what it was.
        good: the last point whose state is one to go back to.
        lowest_loss: the lowest mean loss at such a point or of the first round; None before it.
    """

    epoch: int = 0
    round: int = 0
    loss: float = 0.0
    examples: int = 0
    results: tuple[EpochResult, ...] = ()
    halvings: tuple[Point, ...] = ()
    good: Point = (0, 0)
    lowest_loss: float | None = None

    @property
    def mean_loss(self) -> float | None:
        """The mean loss of an example in the epoch so far, at its start of the one before."""
        if self.round == 0:
            return self.results[-1].loss if self.results else None
        return self.loss / self.examples if self.examples else None

    @property
    def rate_factor(self) -> float:
        """What the learning rate of the schedule is multiplied by here."""
        here = self.epoch, self.round
        return float(0.5 ** sum(point <= here for point in self.halvings))

    def has_stalled(self, patience: int | None) -> bool:
        """Return whether so many epochs in a row have not lowered the held-out loss.

        Args:
            patience: how many; None for never.
        """
        losses = [result.held_out_loss for result in self.results]
        told = [loss for loss in losses if loss is not None]
        if patience is None or not told or len(told) < len(losses):
            return False
        best = min(range(len(told)), key=lambda epoch: (told[epoch], epoch))
        return len(told) - 1 - best >= patience

    def to_progress(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_progress(cls, progress: Mapping[str, Any]) -> Place:
        """Return the place that ``to_progress`` described.

        Example:
            >>> place = Place(1, 7, 2.5, 3, (EpochResult(0.5, 10),), ((0, 0),), (1, 0), 0.5)
            >>> Place.from_progress(place.to_progress()) == place
            True
        """
        return cls(
            int(progress["epoch"]),
            int(progress["round"]),
            float(progress["loss"]),
            int(progress["examples"]),
            tuple(EpochResult(**result) for result in progress["results"]),
            tuple((int(epoch), int(at)) for epoch, at in progress["halvings"]),
            (int(progress["good"][0]), int(progress["good"][1])),
            progress["lowest_loss"],
        )
