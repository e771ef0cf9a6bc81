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

    def predicted(self, directions: int | slice) -> tuple[Ids64, Ids64]:
        """Return which places predict, and the class that each has to.

        Args:
            directions: see `Batch.read`.

        Returns:
            (predictions,) int64 each; the place is that of an output, flat in (steps, sentences),
            or in (2, steps, sentences) of both directions.
        """
        classes = self._read_both()[directions]
        predicts = np.zeros(classes.shape, np.bool_)
        predicts[..., :-1, :] = classes[..., 1:, :] != IGNORED
        places = np.flatnonzero(predicts)
        return places, classes.reshape(-1)[places + len(self.lengths)]

    def filled(self, multiple: int) -> BatchArrays:
        """Return the same with words that stand nowhere, so that their number is a multiple."""
        more = -len(self.characters) % multiple
        return self._replace(characters=np.pad(self.characters, ((0, more), (0, 0)), mode="edge"))

    def part(self, number: int, parts: int) -> BatchArrays:
        """Return every so many-th sentence, with the words that it has."""
        chosen = slice(number, None, parts)
        words, places = np.unique(self.places[:, chosen], return_inverse=True)
        shape = self.places[:, chosen].shape
        return BatchArrays(
            self.characters[words],
            places.reshape(shape),
            self.lengths[chosen],
            self.classes[:, chosen],
        )

    def _read_both(self) -> Ids64:
        """Return classes in the order in which each direction reads them."""
        flipped = flipped_steps(torch.from_numpy(self.lengths), len(self.classes)).numpy()
        return np.stack([self.classes, np.take_along_axis(self.classes, flipped, 0)])


class Batch(NamedTuple):
    """The same on a device; see `BatchArrays`, which it keeps."""

    arrays: BatchArrays
    characters: Tensor
    places: Tensor
    lengths: Tensor

    @classmethod
    def of(cls, arrays: BatchArrays, device: torch.device) -> Batch:
        """Copy arrays to a device."""
        needed = arrays.characters, arrays.places, arrays.lengths
        return cls(arrays, *(torch.from_numpy(array).to(device) for array in needed))

    def read(self, values: Tensor, directions: int | slice) -> Tensor:
        """Return values of places in the order in which they are read.

        Args:
            values: (steps, sentences).
            directions: 0 reads from the left, 1 from the right; a slice of both gives (2, ...).
        """
        flipped = flipped_steps(self.lengths, len(values))
        return torch.stack([values, torch.gather(values, 0, flipped)])[directions]


def flipped_steps(lengths: Tensor, steps: int) -> Tensor:
    """Return where each step of the reversed sentences stands, (steps, sentences) int64.

    Example:
        >>> flipped_steps(torch.tensor([2, 3]), 3).tolist()
        [[1, 2], [0, 1], [2, 0]]
    """
    forward = torch.arange(steps, device=lengths.device)[:, None].expand(steps, len(lengths))
    backward = lengths - 1 - forward
    return torch.where(backward >= 0, backward, forward)
