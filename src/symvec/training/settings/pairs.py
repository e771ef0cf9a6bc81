"""Which words count as standing near each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from symvec.training.settings.checks import check_choice, check_whole
from symvec.training.settings.part import Part, setting

WindowWeighting = Literal["harmonic", "linear", "flat"]

_MOST_WINDOW: Final = 1 << 11
_LEAST_BUDGET: Final = 1 << 22


@dataclass(frozen=True, kw_only=True)
class PairSettings(Part):
    """Which words count as standing near each other, and what counting them may take.

    Args:
        window: most words on each side.
        window_weighting: what a pair at a distance weighs: ``"harmonic"`` 1 / distance (GloVe),
            ``"linear"`` (window + 1 - distance) / window (word2vec in the mean), ``"flat"`` 1.
        memory_budget: bytes of memory that counting may take; what does not fit goes to the
            folder for working files. The numbers do not depend on it.

    Raises:
        InputError: a value that cannot work.
    """

    heading: ClassVar[str] = "Counting pairs of words"

    window: int = setting(5, "Most words on each side.", "N")
    window_weighting: WindowWeighting = setting("linear", "What pairs at a distance weigh.")
    memory_budget: int = setting(
        1 << 30, "Memory that counting pairs may take.", "BYTES", recorded=False
    )

    def __post_init__(self) -> None:
        """Check each value."""
        check_whole("window", self.window, 1, _MOST_WINDOW)
        check_choice("window_weighting", self.window_weighting, WindowWeighting)
        check_whole("memory_budget", self.memory_budget, _LEAST_BUDGET)


@dataclass(frozen=True, kw_only=True)
class GlovePairs(PairSettings):
    """Pairs as GloVe counts them by default.

    Args:
        window: see `PairSettings`; 10 in the article.
        window_weighting: see `PairSettings`.
        memory_budget: see `PairSettings`.
    """

    window: int = setting(10, "Most words on each side.", "N")
    window_weighting: WindowWeighting = setting("harmonic", "What pairs at a distance weigh.")
