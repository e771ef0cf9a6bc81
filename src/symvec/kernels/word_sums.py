"""Rows added up by the word that each belongs to."""

from __future__ import annotations

from symvec.arrays import AnyArray, Float1, Ids64
from symvec.kernels.bfloat16 import element_of, number_of
from symvec.kernels.compiling import numeric_kernel


@numeric_kernel
def add_up_words(
    rows: AnyArray, order: Ids64, starts: Ids64, space: Float1, sums: AnyArray
) -> None:
    """Set ``sums[w]`` to the sum of ``rows[order[starts[w]:starts[w + 1]]]``.

    Args:
        rows: (places, size) float32, float64, or bfloat16 as uint16.
        order: (places,) int64.
        starts: (words + 1,) int64.
        space: (size,) float32 or float64, in which a row is added up; changed.
        sums: (words, size) as rows, written.
    """
    for word in range(sums.shape[0]):
        target = sums[word]
        space[:] = 0
        for place in range(starts[word], starts[word + 1]):
            row = rows[order[place]]
            for k in range(row.shape[0]):
                space[k] += number_of(row[k])
        for k in range(space.shape[0]):
            target[k] = element_of(space[k], target)
