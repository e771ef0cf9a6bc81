"""How many rows of sentences are read side by side, without a bit depending on it.

A sentence's bits must not depend on how many others there are. The order in which a library sums up
a product is a function of its shape, and most have the same order whatever the number of rows: then
few sentences need few rows, and many are read in many. Whether it is so is asked of the library, by
the very products that are needed; where it is not, there are always ``ROWS``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from symvec.arrays import Float2
from symvec.contextual.input_gates import STEPS_AT_ONCE
from symvec.contextual.matrices import CellMatrices, ExactMatrix, Matrix
from symvec.contextual.tokens import FEW_WORDS, MANY_WORDS

ROWS: Final = 64
FEW_ROWS: Final = (8, 16, 32)
MANY_ROWS: Final = (256, 128)
# Rows are full only where each has several sentences, long and short.
_SENTENCES_A_ROW: Final = 2


class RowCounts:
    """What a library's products are known to do with the cells of a model.

    Args:
        cell: one of the model's; the others have its sizes.
    """

    def __init__(self, cell: CellMatrices) -> None:
        # The inputs' product is of several steps at once.
        self._products = (
            (STEPS_AT_ONCE, cell.from_input),
            (1, cell.from_output),
            (1, cell.projection),
        )
        self._from_inputs = cell.from_input
        self._are_alike: dict[int, bool] = {ROWS: True}
        self._words_at_once: int | None = None

    def chosen(self, sentence_count: int) -> int:
        """Return how many rows so many sentences are read in."""
        wanted = next((rows for rows in FEW_ROWS if sentence_count <= rows), ROWS)
        many = (rows for rows in MANY_ROWS if sentence_count >= _SENTENCES_A_ROW * rows)
        wanted = next(many, wanted)
        if wanted not in self._are_alike:
            self._are_alike[wanted] = all(
                _is_summed_alike(wanted * steps, ROWS * steps, weights)
                for steps, weights in self._products
            )
        return wanted if self._are_alike[wanted] else ROWS

    @property
    def words_at_once(self) -> int:
        """How many distinct words are multiplied at once: see `WordInputs`."""
        if self._words_at_once is None:
            alike = [
                many
                for many in (STEPS_AT_ONCE * ROWS, MANY_WORDS)
                if _is_summed_alike(FEW_WORDS, many, self._from_inputs)
            ]
            as_layers = STEPS_AT_ONCE * ROWS in alike
            self._words_at_once = (
                0 if not as_layers else MANY_WORDS if MANY_WORDS in alike else FEW_WORDS
            )
        return self._words_at_once


def words_at_once(matrices: Iterable[Float2]) -> int:
    """Return how many words may be multiplied at once, the bits of each being its own.

    Args:
        matrices: what they are multiplied by.
    """
    alike = all(_is_summed_alike(FEW_WORDS, MANY_WORDS, ExactMatrix(each)) for each in matrices)
    return MANY_WORDS if alike else FEW_WORDS


def _is_summed_alike(one: int, other: int, weights: Matrix) -> bool:
    """Return whether rows times the weights are the same, to the bit, in products of either size.

    Random numbers that are summed in another order differ somewhere.
    """
    few, many = sorted((one, other))
    size, width = weights.shape
    inputs = np.random.default_rng(0).standard_normal((many, size), np.float32)

    def product(part: slice) -> Float2:
        rows = inputs[part]
        return weights.times(rows, np.empty((len(rows), width), np.float32))

    whole = product(slice(many))
    parts = (slice(0, few), slice(many - few, many))
    return all(np.array_equal(product(part), whole[part]) for part in parts)
