"""How the threads that train a table take turns at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from symvec.kernels.hogwild import train_hogwild
from symvec.kernels.rounds import train_rounds
from symvec.training.settings.word2vec import ScheduleName

# Measured on 17 million words; see docs/decisions/0005-rounds-of-blocks.md and 0006.
BLOCKS_A_ROUND: Final = 8
# Where much is shared, nodes of a tree or rows of n-grams, half as many blocks that are longer are
# faster, and learn as much or more: see docs/decisions/0008-hierarchical-softmax.md and 0010.
FEW_BLOCKS_A_ROUND: Final = 4


@dataclass(frozen=True)
class Turns:
    """A way of taking turns.

    Args:
        train: the kernel that all threads call; the arguments are those of ``train_rounds``.
        blocks: how many of a round do not see each other's changes.
        few_blocks: how many, where words share rows or are the leaves of a tree.
        shared_blocks: by how many the positions are divided that may share rows: those of a round,
            or as many as keep the rows of a block in the second cache.
        path_positions: most of a block in which skip-gram trains ways through a tree.
        pieces: into which the last block of a round may be cut, so that threads end together.
        records: how many records of changes are needed, by the number of threads and of the
            blocks of a round.
    """

    train: Callable[..., Any]
    blocks: int
    few_blocks: int
    shared_blocks: int
    path_positions: int
    pieces: int
    records: Callable[[int, int], int]


TURNS: Final[Mapping[ScheduleName, Turns]] = {
    "rounds": Turns(
        train=train_rounds,
        blocks=BLOCKS_A_ROUND,
        few_blocks=FEW_BLOCKS_A_ROUND,
        shared_blocks=FEW_BLOCKS_A_ROUND,
        path_positions=256,
        pieces=4,
        records=lambda _threads, blocks: blocks,
    ),
    "hogwild": Turns(
        train=train_hogwild,
        blocks=1,
        few_blocks=1,
        shared_blocks=8,
        path_positions=64,
        pieces=1,
        records=lambda threads, _blocks: threads,
    ),
}
"""By the names of the setting ``schedule``."""
