"""What the recurrent layers multiply by: in float32, or in bfloat16 with sums of float32."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from symvec.arrays import AnyArray, Float1, Float2
from symvec.contextual.weights import Cell

PrecisionName = Literal["float32", "bfloat16"]


class Matrix(Protocol):
    """Weights that rows are multiplied by."""

    @property
    def shape(self) -> tuple[int, int]:
        """Of the weights: what a row has, and what its product has."""

    def times(self, rows: Float2, out: Float2) -> Float2:
        """Write the product of rows with the weights into ``out``, and return that."""


@dataclass(frozen=True, slots=True, eq=False)
class ExactMatrix:
    """Weights of float32, as NumPy multiplies them."""

    weights: Float2

    @property
    def shape(self) -> tuple[int, int]:
        """See `Matrix`."""
        rows, columns = self.weights.shape
        return rows, columns

    def times(self, rows: Float2, out: Float2) -> Float2:
        """See `Matrix`."""
        return np.matmul(rows, self.weights, out=out)


class PanelMatrix:
    """Weights of bfloat16, by the processor's instruction for it: see ``bfloat16_products``.

    Args:
        bits: (2 p, 32 q) uint16.
        threads: how many may share a product.
    """

    def __init__(self, bits: AnyArray, threads: int | None) -> None:
        from symvec.kernels.bfloat16_products import in_panels
        from symvec.kernels.row_threads import even_bounds

        self.shape: tuple[int, int] = bits.shape
        self._panels = in_panels(bits)
        self._ranges = even_bounds(len(self._panels), self._panels[0].size, threads)

    def times(self, rows: Float2, out: Float2) -> Float2:
        """See `Matrix`."""
        from symvec.kernels.bfloat16_products import multiply_panels
        from symvec.kernels.row_threads import run_ranges

        pairs = _bits(rows).view(np.uint32)
        run_ranges(multiply_panels, self._ranges, pairs, self._panels, out)
        return out


class RoundedMatrix:
    """The same numbers where there is no such instruction: rounded, and multiplied as float32.

    Args:
        bits: (rows, columns) uint16.
    """

    def __init__(self, bits: AnyArray) -> None:
        self.shape: tuple[int, int] = bits.shape
        self._weights = _numbers(bits)

    def times(self, rows: Float2, out: Float2) -> Float2:
        """See `Matrix`."""
        return np.matmul(_numbers(_bits(rows)), self._weights, out=out)


def bfloat16_matrix(weights: Float2, threads: int | None = None) -> Matrix:
    """Return weights rounded to bfloat16.

    Args:
        weights: float32.
        threads: how many may share a product, None for all processors.

    Example:
        >>> bfloat16_matrix(np.float32([[1.001]])).times(np.float32([[2.0]]), np.float32([[0.0]]))
        array([[2.]], dtype=float32)
    """
    from symvec.kernels.bfloat16_products import PANEL, multiplies_bfloat16

    bits, (rows, columns) = _bits(weights), weights.shape
    if multiplies_bfloat16() and rows and rows % 2 == 0 and columns and columns % PANEL == 0:
        return PanelMatrix(bits, threads)
    return RoundedMatrix(bits)


@dataclass(frozen=True, slots=True, eq=False)
class CellMatrices:
    """A recurrent layer of one direction, as it is read; see `symvec.contextual.weights.Cell`."""

    from_input: Matrix
    from_output: Matrix
    projection: Matrix
    bias: Float1

    @classmethod
    def of(cls, cell: Cell, made: Callable[[Float2], Matrix]) -> CellMatrices:
        """Return the matrices of a cell, each made of its float32 weights."""
        size = cell.projection.shape[1]
        from_input, from_output = made(cell.kernel[:size]), made(cell.kernel[size:])
        return cls(from_input, from_output, made(cell.projection), cell.bias)


def _bits(numbers: Float2) -> AnyArray:
    from symvec.kernels.bfloat16_products import round_numbers

    bits = np.empty(numbers.shape, np.uint16)
    round_numbers(np.ascontiguousarray(numbers).reshape(-1), bits.reshape(-1))
    return bits


def _numbers(bits: AnyArray) -> Float2:
    from symvec.kernels.bfloat16_products import round_numbers

    numbers = np.empty(bits.shape, np.float32)
    round_numbers(bits.reshape(-1), numbers.reshape(-1))
    return numbers
