"""Words placed between two opposites that are given by seed words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import AnyArray, Double1, Double2
from symvec.errors import InputError
from symvec.vectors.asking import query_vectors
from symvec.vectors.cosine import unit

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_RESAMPLES: Final = 1000
_FREQUENT: Final = 10_000


@dataclass(frozen=True, slots=True)
class AxisPlace:
    """Where a word lies on an axis.

    Args:
        position: the cosine with the axis: below 0 is nearer to the first side.
        low: the lower end of the 95 % interval over seed words; None for one word a side.
        high: its upper end.
        percentile: which part of the frequent words lies lower, 0 to 100.
    """

    position: float
    low: float | None
    high: float | None
    percentile: float


@dataclass(frozen=True, eq=False)
class Axis:
    """A direction from one kind of word to its opposite.

    The direction is the mean of the second words' unit vectors less that of the first ones'
    (Grand et al. 2022).

    Args:
        vectors: the model.
        first: seed words of the one side.
        second: seed words of the other.
    """

    vectors: Vectors
    first: tuple[str, ...]
    second: tuple[str, ...]

    @property
    def direction(self) -> Double1:
        """The axis, (D,) float64."""
        a, b = self._seeds()
        direction: Double1 = b.mean(axis=0) - a.mean(axis=0)
        return direction

    def places(self, words: Sequence[str], *, seed: int = 1) -> list[AxisPlace]:
        """Return where words lie, with intervals over resampled seed words.

        Raises:
            UnknownSymbolError: a word is not there.
        """
        rows = unit(query_vectors(self.vectors, list(words))[0]).astype(np.float64)
        positions = _cosines(rows, self.direction[None])[:, 0]
        drawn = None
        if len(self.first) > 1 and len(self.second) > 1:
            drawn = np.quantile(_cosines(rows, self._resampled(seed)), [0.025, 0.975], axis=1)
        frequent = np.sort(self._frequent_positions())
        shares = np.searchsorted(frequent, positions) / max(1, len(frequent)) * 100
        return [
            AxisPlace(
                float(positions[i]),
                None if drawn is None else float(drawn[0, i]),
                None if drawn is None else float(drawn[1, i]),
                float(shares[i]),
            )
            for i in range(len(words))
        ]

    def _seeds(self) -> tuple[Double2, Double2]:
        a, b = (
            unit(query_vectors(self.vectors, list(side))[0]).astype(np.float64)
            for side in (self.first, self.second)
        )
        return a, b

    def _resampled(self, seed: int) -> Double2:
        """Return the axes of resampled seed words, (resamples, D)."""
        random = np.random.default_rng(seed)
        means = []
        for side in self._seeds():
            drawn = random.integers(0, len(side), (_RESAMPLES, len(side)))
            means.append(side[drawn].mean(axis=1))
        axes: Double2 = means[1] - means[0]
        return axes

    def _frequent_positions(self) -> Double1:
        norms = self.vectors.norms[:_FREQUENT]
        known = np.flatnonzero(np.isfinite(norms))
        rows = unit(self.vectors.word_matrix[known]).astype(np.float64)
        positions: Double1 = _cosines(rows, self.direction[None])[:, 0]
        return positions


def axis_of(vectors: Vectors, first: Sequence[str], second: Sequence[str]) -> Axis:
    """Return the axis between two sides.

    Raises:
        UnknownSymbolError: a seed word is not there.
        InputError: a side without a word, or two sides that are the same.
    """
    if not first or not second:
        raise InputError("an axis needs at least one seed word on each side")
    axis = Axis(vectors, tuple(first), tuple(second))
    if np.linalg.norm(axis.direction) < 1e-12:
        raise InputError(f"the two sides of an axis must differ, got {first!r} and {second!r}")
    return axis


def parse_axis(vectors: Vectors, text: str) -> Axis:
    """Return the axis that ``small-big`` or ``small,tiny-big,large`` names.

    Where words hold hyphens themselves, a colon may stand between the sides.

    Raises:
        UnknownSymbolError: a seed word is not there.
        InputError: the text has not two sides.
    """
    sides = [
        (text[:place].split(","), text[place + 1 :].split(","))
        for place, character in enumerate(text)
        if character == (":" if ":" in text else "-")
    ]
    fitting = [s for s in sides if all(word in vectors for side in s for word in side)]
    if not sides or not all(all(side) for side in sides[0]):
        raise InputError(f"an axis is written as small-big or small,tiny-big,large, got {text!r}")
    return axis_of(vectors, *(fitting or sides)[0])


def _cosines(rows: Double2, axes: AnyArray) -> Double2:
    """Return the cosine of unit rows with axes, (rows, axes)."""
    lengths = np.linalg.norm(axes, axis=1)
    cosines: Double2 = np.divide(
        rows @ axes.T, lengths, out=np.zeros((len(rows), len(axes))), where=lengths > 0
    )
    return np.clip(cosines, -1, 1)
