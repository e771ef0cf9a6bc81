"""The sizes of an ELMo: characters, filters, highway layers, recurrent layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Literal, get_args

from symvec.errors import InputError

Activation = Literal["relu", "tanh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """What an ELMo is built of (Peters et al. 2018, "Deep contextualized word representations").

    Args:
        characters: rows of the table of characters; published models have 261, one a byte and
            five marks.
        character_size: dimensions of a character's vector.
        most_characters: characters of a word that are read, marks of its begin and end included.
        filters: (width in characters, number) of each convolution.
        activation: what follows the convolutions' maximum.
        highways: layers between the filters and the projection.
        layers: recurrent layers in each direction.
        cell_size: numbers in the memory of a recurrent layer.
        projection_size: dimensions of a token, and of a direction's output.
        skip_connections: whether a layer's input is added to its output, from the second on.
        cell_clip: bound of the memory's numbers, None for none.
        projection_clip: bound of the output's numbers, None for none.

    Raises:
        InputError: a size that cannot be.
    """

    characters: int
    character_size: int
    most_characters: int = 50
    filters: tuple[tuple[int, int], ...]
    activation: Activation = "relu"
    highways: int = 2
    layers: int = 2
    cell_size: int
    projection_size: int
    skip_connections: bool = True
    cell_clip: float | None = 3.0
    projection_clip: float | None = 3.0

    def __post_init__(self) -> None:
        """Check each size."""
        for name in ("characters", "character_size", "layers", "cell_size", "projection_size"):
            _check_whole(name, getattr(self, name), 1)
        _check_whole("most_characters", self.most_characters, 3)
        _check_whole("highways", self.highways, 0)
        if self.activation not in get_args(Activation):
            raise InputError(f"activation must be 'relu' or 'tanh', got {self.activation!r}")
        if not self.filters:
            raise InputError("an ELMo needs at least one filter over its characters")
        for width, count in self.filters:
            _check_whole("a filter's width", width, 1, self.most_characters)
            _check_whole("the number of filters of a width", count, 1)
        for name in ("cell_clip", "projection_clip"):
            bound = getattr(self, name)
            if bound is not None and not (isfinite(bound) and bound > 0):
                raise InputError(f"{name} must be positive or None, got {bound!r}")

    @property
    def filter_count(self) -> int:
        """Filters of all widths together: the size of a word before the projection."""
        return sum(count for _, count in self.filters)

    @property
    def vector_size(self) -> int:
        """Dimensions of a word's vector in a layer: both directions."""
        return 2 * self.projection_size

    def to_metadata(self) -> dict[str, object]:
        """Return the sizes as JSON can hold them."""
        return asdict(self) | {"filters": [list(pair) for pair in self.filters]}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, object]) -> Architecture:
        """Return the architecture that ``to_metadata`` described.

        Raises:
            InputError: the description lacks something, or has what is not known.
        """
        known = {field.name for field in fields(cls)}
        if set(metadata) != known:
            wrong = ", ".join(sorted(known ^ set(metadata)))
            raise InputError(f"the description of an ELMo lacks or does not know: {wrong}")
        return cls(**{**metadata, "filters": filter_pairs(metadata["filters"])})  # type: ignore[arg-type]


def filter_pairs(value: object) -> tuple[tuple[int, int], ...]:
    """Return pairs of a filter's width and number from JSON.

    Raises:
        InputError: they are no list of pairs.
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise InputError(f"filters must be a list of [width, number], got {value!r}")
    for pair in value:
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise InputError(f"a filter must be [width, number], got {pair!r}")
    return tuple((width, number) for width, number in value)


def _check_whole(name: str, value: object, least: int, most: int = 1 << 24) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} must be a whole number from {least} to {most}, got {value!r}")
