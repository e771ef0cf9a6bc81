"""How a symbol's row starts: decided by the seed and the symbol, and by nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from symvec.arrays import Float2


def start_rows(symbols: Sequence[str], width: int, *, seed: int, scale: float) -> Float2:
    """Return a row of normal numbers for each symbol.

    Args:
        symbols: any text.
        width: numbers in a row.
        seed: another seed gives other rows.
        scale: standard deviation.

    Returns:
        (symbols, width) float32.

    Example:
        >>> one = start_rows(["tea", "coffee"], 3, seed=1, scale=1.0)
        >>> other = start_rows(["coffee"], 3, seed=1, scale=1.0)
        >>> bool((one[1] == other[0]).all())
        True
    """
    rows = np.empty((len(symbols), width), np.float32)
    for place, symbol in enumerate(symbols):
        text = symbol.encode("utf-8", "surrogateescape")
        digest = hashlib.blake2b(text, digest_size=16, key=str(seed).encode()).digest()
        generator = np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
        rows[place] = generator.standard_normal(width, np.float32) * np.float32(scale)
    return rows
