"""What counting pairs of words may use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from symvec.errors import InputError

DEFAULT_MEMORY_BUDGET: Final = 1 << 30
LEAST_MEMORY_BUDGET: Final = 1 << 22
# The interpreter, its libraries and the vocabulary take part of what the user grants.
_SHARE_OF_BUFFERS: Final = 0.7


@dataclass(frozen=True, slots=True)
class Limits:
    """What counting may use.

    Args:
        directory: where working files go.
        memory_budget: bytes that the process may take, about.
        threads: how many count.

    Raises:
        InputError: the budget is too small to work in.
    """

    directory: Path
    memory_budget: int = DEFAULT_MEMORY_BUDGET
    threads: int = 1

    def __post_init__(self) -> None:
        """Check the budget."""
        budget = self.memory_budget
        if isinstance(budget, bool) or not isinstance(budget, int | np.integer):
            raise InputError(f"memory_budget must be a whole number of bytes, got {budget!r}")
        if budget < LEAST_MEMORY_BUDGET:
            raise InputError(
                f"memory_budget must be {LEAST_MEMORY_BUDGET:,} bytes or more, got {budget:,}"
            )

    @property
    def buffer_bytes(self) -> int:
        """What all buffers may take together."""
        return int(self.memory_budget * _SHARE_OF_BUFFERS)
