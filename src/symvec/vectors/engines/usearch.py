"""The engine usearch: a graph of near vectors (HNSW, Malkov and Yashunin 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from symvec.arrays import Float2, Ids64
from symvec.optional import require

# Neighbours of each vector, and how many are looked at when building and when asking. With
# usearch's own (16, 128, 64) the recall at 10 of word vectors is some points lower.
_NEIGHBOURS, _LOOKED_AT_BUILDING, _LOOKED_AT_ASKING = 32, 200, 256


@dataclass(frozen=True, eq=False)
class UsearchIndex:
    """An index of usearch's.

    Args:
        index: of the package.
    """

    index: Any

    def search(self, directions: Float2, k: int) -> Ids64:
        """Return the rows that seem nearest, (queries, k), -1 for none."""
        found = np.full((len(directions), k), -1, dtype=np.int64)
        for place, direction in enumerate(directions):
            keys = np.asarray(self.index.search(direction, k).keys, dtype=np.int64)
            found[place, : len(keys)] = keys[:k]
        return found

    def to_bytes(self) -> bytes:
        """Return the index as usearch writes it."""
        return bytes(self.index.save())


@dataclass(frozen=True)
class UsearchEngine:
    """Builds indexes with the package ``usearch``.

    Raises:
        MissingExtraError: (each method) the package is not installed.
    """

    name: ClassVar[str] = "usearch"

    @property
    def settings(self) -> str:
        """Version and settings."""
        version = require("usearch", extra="usearch").__version__
        return f"{version} {_NEIGHBOURS} {_LOOKED_AT_BUILDING}"

    def build(self, directions: Float2) -> UsearchIndex:
        """Return the index of unit vectors."""
        index = self._empty(directions.shape[1])
        # One thread: what is built must not depend on which of two threads was faster.
        index.add(np.arange(len(directions), dtype=np.uint64), directions, threads=1)
        return UsearchIndex(index)

    def from_bytes(self, content: bytes, rows: int, vector_size: int) -> UsearchIndex | None:
        """Return the index that was written, or None."""
        index = self._empty(vector_size)
        try:
            index.load(content)
        except (RuntimeError, ValueError, TypeError):
            return None
        return UsearchIndex(index) if len(index) == rows and index.ndim == vector_size else None

    def _empty(self, vector_size: int) -> Any:  # noqa: ANN401 - an object of the package
        package = require("usearch.index", extra="usearch")
        return package.Index(
            ndim=vector_size,
            metric="ip",
            dtype="f32",
            connectivity=_NEIGHBOURS,
            expansion_add=_LOOKED_AT_BUILDING,
            expansion_search=_LOOKED_AT_ASKING,
        )
