"""The sizes of ELMo by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from symvec.contextual import Architecture
from symvec.training.settings.elmo import SizeName

_FILTERS: Final = ((1, 32), (2, 32), (3, 64), (4, 128))
_ALL_FILTERS: Final = (*_FILTERS, (5, 256), (6, 512), (7, 1024))


@dataclass(frozen=True, slots=True)
class Size:
    """A size of ELMo.

    Args:
        highways: layers between the filters and the projection.
        filters: width and number of each convolution.
        cell_size: numbers in the memory of a recurrent layer.
        projection_size: dimensions of a direction's output.
    """

    highways: int
    filters: tuple[tuple[int, int], ...]
    cell_size: int
    projection_size: int

    def architecture(self, characters: int) -> Architecture:
        """Return the architecture for a table of so many characters.

        Clipping is for running the published weights: nothing is clipped here, the gradient's
        norm is bounded instead.
        """
        return Architecture(
            characters=characters,
            character_size=16,
            filters=self.filters,
            highways=self.highways,
            cell_size=self.cell_size,
            projection_size=self.projection_size,
            cell_clip=None,
            projection_clip=None,
        )


# "original", "medium" and "small" are the three that Peters et al. published; "tiny" is of a size
# that learns something on two cores in ten minutes: with twice the cell it had learned less.
SIZES: Final[Mapping[SizeName, Size]] = {
    "tiny": Size(1, _FILTERS, 256, 128),
    "small": Size(1, _ALL_FILTERS, 1024, 128),
    "medium": Size(1, _ALL_FILTERS, 2048, 256),
    "original": Size(2, _ALL_FILTERS, 4096, 512),
}
