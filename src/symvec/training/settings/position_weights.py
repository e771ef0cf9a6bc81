"""Whether the place of a context counts: vectors of places, for CBOW."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symvec.errors import InputError
from symvec.training.settings.checks import check_whole
from symvec.training.settings.part import Part, setting


@dataclass(frozen=True, kw_only=True)
class PositionWeights(Part):
    """Vectors of places, multiplied into the contexts number by number, and learned.

    The papers (arXiv:1712.09405, arXiv:2104.09691) take a window of 15.

    Args:
        position_weights: whether there are any.
        position_dimensions: how many of a vector's numbers they weigh, from the first on; None
            weighs all. The second paper takes a fifth of them.

    Raises:
        InputError: a value that cannot work.

    Example:
        >>> PositionWeights(position_weights=True, position_dimensions=60).weighted(300)
        60
    """

    heading: ClassVar[str] = "Position weights"

    position_weights: bool = setting(False, "Weigh contexts by their place, learned as well.")
    position_dimensions: int | None = setting(
        None, "Numbers of a vector that are weighted.", "N", shown_default="all"
    )

    def __post_init__(self) -> None:
        """Check each value."""
        if not isinstance(self.position_weights, bool):
            raise InputError(
                f"position_weights must be True or False, got {self.position_weights!r}"
            )
        if self.position_dimensions is not None:
            check_whole("position_dimensions", self.position_dimensions, 1)

    def unused(self) -> Mapping[str, str]:
        """Return what is meaningless without weights."""
        return {} if self.position_weights else {"position_dimensions": "no position_weights"}

    def weighted(self, vector_size: int) -> int:
        """Return how many numbers of a vector are weighted, 0 for none.

        Raises:
            InputError: there are not so many.
        """
        if not self.position_weights:
            return 0
        numbers = self.position_dimensions or vector_size
        if numbers > vector_size:
            raise InputError(
                f"position_dimensions must be at most vector_size={vector_size}, got {numbers}"
            )
        return numbers
