"""What a pair of words weighs by the distance between them, in whole units."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import Final, Literal, get_args

import numpy as np

from symvec.arrays import Ids64
from symvec.errors import InputError

Weighting = Literal["harmonic", "linear", "flat"]

# The least common multiple of 1 to 16: 1/d is a whole number of units up to a window of 16, and
# is right to 1 part in 350 beyond, up to the largest window; sums of 10^13 pairs fit 64 bits.
_MOST_UNITS: Final = 720_720
MOST_WINDOW: Final = 1 << 11


@dataclass(frozen=True, slots=True, eq=False)
class WindowWeights:
    """Weights of pairs as whole numbers, so that their sums do not depend on an order.

    Args:
        units: (window,) int64, the weight at distance 1, 2, ...
        unit: how many units weigh 1.

    Example:
        >>> weights = WindowWeights.of("harmonic", 4)
        >>> weights.units.tolist(), weights.unit
        ([12, 6, 4, 3], 12)
    """

    units: Ids64
    unit: int

    @classmethod
    def of(cls, weighting: Weighting, window: int) -> WindowWeights:
        """Return the weights of a window.

        Args:
            weighting: ``"harmonic"`` weighs 1 / distance, as GloVe does; ``"linear"``
                (window + 1 - distance) / window, which is what word2vec's random windows come to
                in the mean; ``"flat"`` 1.
            window: the largest distance.

        Raises:
            InputError: another weighting, or a window that cannot be.
        """
        if weighting not in get_args(Weighting):
            names = ", ".join(map(repr, get_args(Weighting)))
            raise InputError(f"weighting must be one of {names}, got {weighting!r}")
        if isinstance(window, bool) or not isinstance(window, int | np.integer):
            raise InputError(f"window must be a whole number, got {window!r}")
        if not 1 <= window <= MOST_WINDOW:
            raise InputError(f"window must be from 1 to {MOST_WINDOW}, got {window}")
        distances = np.arange(1, window + 1, dtype=np.int64)
        if weighting == "flat":
            return cls(np.ones(window, np.int64), 1)
        if weighting == "linear":
            return cls(window + 1 - distances, int(window))
        unit = min(lcm(*range(1, min(window, 16) + 1)), _MOST_UNITS)
        return cls((2 * unit + distances) // (2 * distances), unit)
