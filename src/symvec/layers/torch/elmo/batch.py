"""Sentences side by side, as the network takes them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from symvec.arrays import Ids2, Ids64

IGNORED: Final = -1
"""The class of a place that is not predicted."""


class BatchArrays(NamedTuple):
    """Sentences side by side; a place is a word or a mark of a sentence's begin or end.

    Attributes:
        characters: (distinct words, most_characters) int32, each distinct word once.
        places: (steps, sentences) int64, which of them stands where; any beyond a sentence's end.
        lengths: (sentences,) int64, places of a sentence.
        classes: (steps, sentences) int64, what the softmax knows the place as, or ``IGNORED``.
    """

    characters: Ids2
    places: Ids64
    lengths: Ids64
    classes: Ids64

    @property
    def predictions(self) -> tuple[int, int]:
        """How many places are predicted from the left, and from the right."""
        known = self.classes != IGNORED
        last = known[self.lengths - 1, np.arange(len(self.lengths))]
        return int(known[1:].sum()), int(known.sum() - last.sum())


class Batch(NamedTuple):
    """The same on a device; see `BatchArrays`."""

    characters: Tensor
    places: Tensor
    lengths: Tensor
    classes: Tensor

    @classmethod
    def of(cls, arrays: BatchArrays, device: torch.device) -> Batch:
        """Copy arrays to a device."""
        return cls(*(torch.from_numpy(array).to(device) for array in arrays))

    def read(self, values: Tensor, directions: int | slice) -> Tensor:
        """Return values of places in the order in which they are read.

        Args:
            values: (steps, sentences).
            directions: 0 reads from the left, 1 from the right; a slice of both gives (2, ...).
        """
        flipped = flipped_steps(self.lengths, len(values))
        return torch.stack([values, torch.gather(values, 0, flipped)])[directions]

    def part(self, number: int, parts: int) -> Batch:
        """Return every so many-th sentence, with the words that it has."""
        chosen = slice(number, None, parts)
        words, places = torch.unique(self.places[:, chosen], return_inverse=True)
        return Batch(self.characters[words], places, self.lengths[chosen], self.classes[:, chosen])


def flipped_steps(lengths: Tensor, steps: int) -> Tensor:
    """Return where each step of the reversed sentences stands, (steps, sentences) int64.

    Example:
        >>> flipped_steps(torch.tensor([2, 3]), 3).tolist()
        [[1, 2], [0, 1], [2, 0]]
    """
    forward = torch.arange(steps, device=lengths.device)[:, None].expand(steps, len(lengths))
    backward = lengths - 1 - forward
    return torch.where(backward >= 0, backward, forward)
