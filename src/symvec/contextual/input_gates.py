"""What the inputs of a recurrent layer add to its gates, for each row of a step.

Of words it is found once for each distinct one, wherever it stands; a layer's inputs are another
at each place, and their product is one for a few steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from symvec.arrays import Float2, Float3, Ids64
from symvec.contextual.matrices import Matrix
from symvec.contextual.tokens import blocks, filled

STEPS_AT_ONCE: Final = 4
"""A layer's inputs are multiplied for so many steps at once, always: see ``row_counts``."""
_MOST_NUMBERS: Final = 100_000_000  # of the gates of all distinct words: 400 MB


class InputGates(Protocol):
    """What inputs add to gates."""

    def at(self, step: int) -> tuple[Float2, Ids64]:
        """Return what is added in a step; steps are asked for in their order.

        Returns:
            (any, 4 * cell) float32, and which row of it each row of the step takes, (rows,) int64.
        """


class GatesByStep:
    """Inputs that are another at each place.

    Args:
        inputs: (steps, rows, projection) float32; steps are a multiple of ``STEPS_AT_ONCE``.
        weights: (projection, 4 * cell).
    """

    def __init__(self, inputs: Float3, weights: Matrix) -> None:
        rows = inputs.shape[1]
        self._inputs, self._weights = inputs, weights
        self._gates = np.empty((STEPS_AT_ONCE * rows, weights.shape[1]), np.float32)
        self._reads = np.arange(STEPS_AT_ONCE * rows).reshape(STEPS_AT_ONCE, rows)

    def at(self, step: int) -> tuple[Float2, Ids64]:
        """See `InputGates`."""
        within = step % STEPS_AT_ONCE
        if within == 0:
            some = self._inputs[step : step + STEPS_AT_ONCE]
            self._weights.times(some.reshape(-1, some.shape[2]), self._gates)
        return self._gates, self._reads[within]


@dataclass(frozen=True, eq=False)
class GatesByWord:
    """Inputs that are words.

    Args:
        gates: (words, 4 * cell) float32.
        reads: (steps, rows) int64, which word each row reads.
    """

    gates: Float2
    reads: Ids64

    def at(self, step: int) -> tuple[Float2, Ids64]:
        """See `InputGates`."""
        return self.gates, self.reads[step]


@dataclass(frozen=True, eq=False)
class WordInputs:
    """Distinct words, and which of them each row reads at each step.

    Args:
        vectors: (words, projection) float32.
        reads: (steps, rows) int64; any word beyond a row's length.
        words_at_once: ``FEW_WORDS``, or ``MANY_WORDS`` where products of either are the same to
            the bit; 0 where they are not those of several steps, so that words go as layers do.
    """

    vectors: Float2
    reads: Ids64
    words_at_once: int

    def gates(self, weights: Matrix) -> InputGates:
        """Return what the words add to gates.

        Args:
            weights: (projection, 4 * cell).
        """
        if not self.words_at_once or len(self.vectors) * weights.shape[1] > _MOST_NUMBERS:
            filled = -len(self.reads) % STEPS_AT_ONCE
            return GatesByStep(self.vectors[np.pad(self.reads, ((0, filled), (0, 0)))], weights)
        return GatesByWord(self._multiplied(weights), self.reads)

    def _multiplied(self, weights: Matrix) -> Float2:
        gates = np.empty((len(self.vectors), weights.shape[1]), np.float32)
        for some, at_once in blocks(len(gates), self.words_at_once):
            vectors, found = filled(self.vectors[some], at_once), gates[some]
            if len(found) == at_once:
                weights.times(vectors, found)
            else:
                whole = np.empty((at_once, gates.shape[1]), np.float32)
                found[:] = weights.times(vectors, whole)[: len(found)]
        return gates
