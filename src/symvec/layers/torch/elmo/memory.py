"""Memory that the next step of training needs again."""

from __future__ import annotations

from functools import cache
from typing import Final

import torch

_LARGEST: Final = 31 << 20  # bytes; below the 32 MiB up to which the GNU C library learns


@cache
def keep_freed_memory() -> None:
    """Have the C library keep what is freed, up to 64 MB, for what is asked for next.

    The GNU C library gives free memory at the end of its heap back to the system, and a step
    would get it again page by page, a seventh of its time. How much it keeps is twice the
    largest piece that was ever given back (mallopt(3), ``M_MMAP_THRESHOLD``), so a large piece
    is taken and given back here, untouched. Elsewhere this does nothing.
    """
    torch.empty(_LARGEST, dtype=torch.uint8)
