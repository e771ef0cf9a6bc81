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
# Measured; see docs/decisions/0005-rounds-of-blocks.md.
PULL_OF_A_POSITION: Final = 16.0  # times the learning rate
# Contexts of a position at the window of that measurement, five that shrink.
USUAL_CONTEXTS: Final = 6.0
POSITIONS_A_NOISE_WORD: Final = 4.0  # that pull as much as a noise word of a tile
# Measured; see docs/decisions/0010-subwords.md.
MOST_TOUCHES: Final = 16.0


class Round(NamedTuple):
    """The blocks of a round.

    Args:
        blocks: as many as would be equally long.
        pieces: into which the last of them is cut.
    """

    blocks: int
    pieces: int = 1

    @property
    def records(self) -> int:
        """Blocks, the last one counted by its pieces."""
        return self.blocks - 1 + self.pieces


class Damping(NamedTuple):
    """What the changes of a row are multiplied by.

    Args:
        classes: (rows,) uint8, which row of ``scales`` a row goes by.
        scales: (classes, records + 1) float32, by the number of blocks and pieces that change it.
    """

    classes: npt.NDArray[np.uint8]
    scales: Float2


def even_scales(round_: Round) -> Double1:
    """Return what changes are multiplied by, whatever they pull at, (records + 1,) float64.

    Example:
        >>> even_scales(Round(2)).round(3).tolist()
        [1.0, 1.0, 0.841]
    """
    blocks = np.arange(round_.records + 1) * (round_.blocks / round_.records)
    scales: Double1 = np.maximum(blocks, 1) ** -EXPONENT
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


def even_damping(rows: int, round_: Round) -> Damping:
    """Return the damping of rows that are all alike: c^-EXPONENT for c blocks."""
    scales = even_scales(round_).astype(np.float32)
    return Damping(np.zeros(rows, np.uint8), scales[np.newaxis])


def input_damping(
    kept_counts: Double1,
    positions: float,
    alpha: float,
    round_: Round,
    contexts: float = USUAL_CONTEXTS,
) -> Damping:
    """Return the damping of words that are inputs of negative sampling.

    Args:
        kept_counts: (words,) float64, occurrences that subsampling leaves.
        positions: of a block, expected.
        alpha: learning rate at the start.
        round_: its blocks.
        contexts: of a position, on average. Where windows are wider than blocks, each block is full
            of contexts of the others: all of them pull at a word wherever it stands.
    """
    uses = kept_counts / kept_counts.sum() * positions
    if contexts > USUAL_CONTEXTS:
        least = min(positions, contexts) / contexts * min(contexts / positions, 1)
        uses = np.maximum(uses, least)
    return pull_damping(PULL_OF_A_POSITION * alpha * contexts / USUAL_CONTEXTS * uses, round_)


def output_damping(
    kept_counts: Double1,
    noise: Double1,
    positions: float,
    noise_words: float,
    alpha: float,
    round_: Round,
    contexts: float = USUAL_CONTEXTS,
) -> Damping:
    """Return the damping of words that are outputs of negative sampling: centres, and noise words.

    Args:
        kept_counts: (words,) float64, occurrences that subsampling leaves.
        noise: (words,) float64, how likely a noise word is each word.
        positions: of a block, expected.
        noise_words: of all tiles of a block.
        alpha: learning rate at the start.
        round_: its blocks.
        contexts: of a position, on average.
    """
    uses = kept_counts / kept_counts.sum() * positions
    uses += POSITIONS_A_NOISE_WORD * noise_words * noise
    return pull_damping(PULL_OF_A_POSITION * alpha * contexts / USUAL_CONTEXTS * uses, round_)


def node_damping(tree: Tree, kept_counts: Double1, positions: float, round_: Round) -> Damping:
    """Return the damping of the nodes of a tree.

    Args:
        tree: `Tree` over the words.
        kept_counts: (words,) float64, occurrences that subsampling leaves.
        positions: of a block, expected.
        round_: its blocks.
    """
    uses = node_uses(tree, kept_counts, positions)
    return pull_damping(-np.log1p(-CONTRACTION_A_CENTRE) * uses, round_)


def node_uses(tree: Tree, kept_counts: Double1, positions: float) -> Double1:
    """Return how many of so many positions pass each node, (words,) float64; the last is none.

    Args:
        tree: `Tree` over the words.
        kept_counts: (words,) float64, occurrences that subsampling leaves.
        positions: expected.

    Example:
        >>> one_node = Tree(np.array([0, 1, 2]), np.array([0, 0]), np.array([1.0, -1.0]))
        >>> node_uses(one_node, np.array([3.0, 1.0]), 64).tolist()
        [64.0, 0.0]
    """
    words = len(kept_counts)
    passes = np.repeat(kept_counts, np.diff(tree.offsets))
    uses: Double1 = np.bincount(tree.nodes, passes, minlength=words) * positions / kept_counts.sum()
    return uses


def pull_damping(pulls: Double1, round_: Round) -> Damping:
    """Return the damping of rows that a block pulls to where it wants them.

    A block takes a row the share r = 1 - e^-pull of the way. One after the other c blocks would
    take it 1 - (1 - r)^c of the way; their sum takes it c * r. The quotient is the scale: 1 for
    rows that a block hardly moves, 1 / c for those that it takes all the way. A piece pulls less:
    of c blocks and pieces as many are pieces as of the round.

    Args:
        pulls: (rows,) float64, of a block on each row, expected.
        round_: its blocks.

    Example:
        >>> damping = pull_damping(np.array([0.0, 0.7, 70.0]), Round(2))
        >>> damping.scales[damping.classes, 2].round(2).tolist()
        [1.0, 0.75, 0.5]
    """
    classes = np.rint(-np.expm1(-pulls) * _CLASSES).astype(np.uint8)
    blocks, pieces, records = round_.blocks, round_.pieces, round_.records
    r, c = np.ogrid[0 : 1 : (_CLASSES + 1) * 1j, 0 : records + 1]
    of_a_piece = 1 - (1 - r) ** (1 / pieces)
    on_average = ((blocks - 1) * r + pieces * of_a_piece) / records
    scales = np.ones((_CLASSES + 1, records + 1), np.float32)
    in_turn = 1 - (1 - r) ** (c * (blocks / records))
    scales[1:, 1:] = np.minimum(in_turn[1:, 1:] / (on_average * c)[1:, 1:], 1)
    return Damping(classes, scales)
