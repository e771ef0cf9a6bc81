"""The numbers of an ELMo, by their places in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from symvec.arrays import AnyArray, Float1, Float2, Float3
from symvec.contextual.architecture import Architecture
from symvec.errors import InputError

DIRECTIONS = ("forward", "backward")


@dataclass(frozen=True, slots=True, eq=False)
class Highway:
    """A highway layer: x -> g * relu(x T + t) + (1 - g) * x with g = sigmoid(x C + c)."""

    carry: Float2
    carry_bias: Float1
    transform: Float2
    transform_bias: Float1


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A recurrent layer of one direction.

    Args:
        kernel: (input + projection, 4 * cell) float32; columns: input gate, new memory, forget
            gate, output gate, in this order (TensorFlow's i, j, f, o).
        bias: (4 * cell,) float32; 1 is added to the forget gate's part when it runs.
        projection: (cell, projection) float32.
    """

    kernel: Float2
    bias: Float1
    projection: Float2


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """All numbers of an ELMo.

    Args:
        characters: (characters, character_size) float32.
        filters: for each width, (width, character_size, number) float32.
        filter_biases: for each width, (number,) float32.
        highways: the highway layers.
        projection: (filters, projection_size) float32.
        projection_bias: (projection_size,) float32.
        cells: the recurrent layers, by direction: forward, backward.
    """

    characters: Float2
    filters: tuple[Float3, ...]
    filter_biases: tuple[Float1, ...]
    highways: tuple[Highway, ...]
    projection: Float2
    projection_bias: Float1
    cells: tuple[tuple[Cell, ...], tuple[Cell, ...]]

    def to_tensors(self) -> dict[str, AnyArray]:
        """Return the numbers by name; ``shapes`` has the same names."""
        tensors: dict[str, AnyArray] = {"characters": self.characters}
        for n, (filters, bias) in enumerate(zip(self.filters, self.filter_biases, strict=True)):
            tensors |= {f"filters.{n}": filters, f"filters.{n}.bias": bias}
        for n, highway in enumerate(self.highways):
            for name in Highway.__slots__:
                tensors[f"highways.{n}.{name}"] = getattr(highway, name)
        tensors |= {"projection": self.projection, "projection.bias": self.projection_bias}
        for direction, cells in zip(DIRECTIONS, self.cells, strict=True):
            for n, cell in enumerate(cells):
                for name in Cell.__slots__:
                    tensors[f"{direction}.{n}.{name}"] = getattr(cell, name)
        return tensors

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, AnyArray], architecture: Architecture) -> Weights:
        """Return the weights that lie in ``tensors``, after a look at each shape.

        Raises:
            InputError: a tensor is missing, has another shape than the architecture says, or
                holds what is not a float.
        """
        found: dict[str, AnyArray] = {}
        for name, shape in shapes(architecture):
            if name not in tensors:
                raise InputError(f"the weights {name!r} are missing, expected shape {shape}")
            array = tensors[name]
            if array.shape != shape or array.dtype.kind != "f":
                raise InputError(
                    f"the weights {name!r} must be floats of shape {shape}, by the options, got "
                    f"shape {array.shape} of {array.dtype}"
                )
            found[name] = np.asarray(array, dtype=np.float32)
        widths = range(len(architecture.filters))
        forward, backward = (
            tuple(
                Cell(*(found[f"{direction}.{n}.{name}"] for name in Cell.__slots__))
                for n in range(architecture.layers)
            )
            for direction in DIRECTIONS
        )
        return cls(
            found["characters"],
            tuple(found[f"filters.{n}"] for n in widths),
            tuple(found[f"filters.{n}.bias"] for n in widths),
            tuple(
                Highway(*(found[f"highways.{n}.{name}"] for name in Highway.__slots__))
                for n in range(architecture.highways)
            ),
            found["projection"],
            found["projection.bias"],
            (forward, backward),
        )


def shapes(architecture: Architecture) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Go through the names and shapes of the weights."""
    size, filters = architecture.projection_size, architecture.filter_count
    yield "characters", (architecture.characters, architecture.character_size)
    for n, (width, number) in enumerate(architecture.filters):
        yield f"filters.{n}", (width, architecture.character_size, number)
        yield f"filters.{n}.bias", (number,)
    for n in range(architecture.highways):
        for name in ("carry", "transform"):
            yield f"highways.{n}.{name}", (filters, filters)
            yield f"highways.{n}.{name}_bias", (filters,)
    yield "projection", (filters, size)
    yield "projection.bias", (size,)
    for direction in DIRECTIONS:
        for n in range(architecture.layers):
            yield f"{direction}.{n}.kernel", (2 * size, 4 * architecture.cell_size)
            yield f"{direction}.{n}.bias", (4 * architecture.cell_size,)
            yield f"{direction}.{n}.projection", (architecture.cell_size, size)
