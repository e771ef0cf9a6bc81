"""How far the changes that several blocks of a round make to one row are taken.

Each block changes a row without seeing what the others change. Where that is little, the changes
add up; where each block alone takes the row most of the way to where it wants it, their sum
would go several times too far.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from symvec.arrays import Double1, Float1, Float2, RaggedRows
from symvec.kernels.paths import Tree

EXPONENT: Final = 0.25
# Measured; see docs/decisions/0008-hierarchical-softmax.md.
CONTRACTION_A_CENTRE: Final = 0.05
_CLASSES: Final = 200
# Measured; see docs/decisions/0010-subwords.md.
MOST_TOUCHES: Final = 16.0


class Damping(NamedTuple):
    """What the changes of an output row are multiplied by.

    Args:
        classes: (output rows,) uint8, which row of ``scales`` an output row goes by.
        scales: (classes, blocks + 1) float32, by the number of blocks that change it.
    """

    classes: npt.NDArray[np.uint8]
    scales: Float2


def input_scales(blocks: int) -> Double1:
    """Return what the changes of a row of inputs are multiplied by, (blocks + 1,) float64.

    Example:
        >>> input_scales(2).round(3).tolist()
        [1.0, 1.0, 0.841]
    """
    scales: Double1 = np.maximum(np.arange(blocks + 1.0), 1) ** -EXPONENT
    return scales


def row_scales(rows: RaggedRows, kept_counts: Double1, positions: float) -> Float1:
    """Return what the changes of each of ``rows.row_ids`` are multiplied by, (total,) float32.

    A row that t positions of a round are expected to touch takes their changes as far as
    MOST_TOUCHES of them would: words do not see what others do to a row that they share before
    the round ends. Where no word is more than one row nothing is settled before: (0,).

    Args:
        rows: which rows each word has.
        kept_counts: (words,) float64, occurrences that subsampling leaves.
        positions: of a round, expected.

    Example:
        >>> shared = RaggedRows(np.array([0, 2, 1, 2]), np.array([0, 2, 4]))
        >>> row_scales(shared, np.array([3.0, 1.0]), positions=0.5).tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    if len(rows.row_ids) == len(rows):
        return np.zeros(0, np.float32)
    shares = np.repeat(kept_counts / kept_counts.sum(), rows.lengths)
    touches = np.bincount(rows.row_ids, shares) * positions
    scales = np.minimum(1.0, MOST_TOUCHES / np.maximum(touches, MOST_TOUCHES))
    settled: Float1 = scales[rows.row_ids].astype(np.float32)
    return settled


def old_word_damping(words: int, blocks: int) -> Damping:
    """Return the damping of outputs that are words: c^-EXPONENT, as for inputs."""
    scales = input_scales(blocks).astype(np.float32)
    return Damping(np.zeros(words, np.uint8), scales[np.newaxis])


def node_damping(tree: Tree, kept_counts: Double1, positions: float, blocks: int) -> Damping:
    """Return the damping of the nodes of a tree.

    A block whose centres pass a node u times takes it the share r = 1 - (1 - a)^u of the way,
    with a = CONTRACTION_A_CENTRE. One after the other c blocks would take it 1 - (1 - r)^c of the
    way; their sum takes it c * r. The quotient is the scale: 1 far from the root, 1 / c at it.

    Args:
        tree: `Tree` over the words.
        kept_counts: (words,) float64, occurrences that subsampling leaves.
        positions: of a block, expected.
        blocks: of a round.
    """
    words = len(kept_counts)
    passes = np.repeat(kept_counts, np.diff(tree.offsets))
    uses = np.bincount(tree.nodes, passes, minlength=words) * positions / kept_counts.sum()
    return use_damping(uses, CONTRACTION_A_CENTRE, blocks)


def word_damping(
    kept_counts: Double1, noise: Double1, positions: int, tile_noise: float, alpha: float, blocks: int
):
    import os
    a_in, a_out = float(os.environ.get("AIN", 2)), float(os.environ.get("AOUT", 2))
    p = kept_counts / kept_counts.sum() * positions
    q = noise * tile_noise
    a1 = min(a_in * alpha, 1.0)
    a2 = min(a_out * alpha, 1.0)
    return use_damping(p, a1, blocks), use_damping(p + float(os.environ.get("NW", 10)) * q, a2, blocks)


def use_damping(uses: Double1, contraction: float, blocks: int) -> Damping:
    share = 1 - (1 - contraction) ** uses
    classes = np.rint(share * _CLASSES).astype(np.uint8)
    r, c = np.ogrid[0 : 1 : (_CLASSES + 1) * 1j, 0 : blocks + 1]
    scales = np.ones((_CLASSES + 1, blocks + 1), np.float32)
    scales[1:, 1:] = ((1 - (1 - r) ** c)[1:, 1:]) / (r * c)[1:, 1:]
    return Damping(classes, scales)
