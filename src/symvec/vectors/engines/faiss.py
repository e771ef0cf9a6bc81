"""The engine faiss: a graph of near vectors (HNSW, Malkov and Yashunin 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from symvec.arrays import Float2, Ids64
from symvec.optional import require

# As the engine usearch has them: see there.
_NEIGHBOURS, _LOOKED_AT_BUILDING, _LOOKED_AT_ASKING = 32, 200, 256


@dataclass(frozen=True, eq=False)
class FaissIndex:
    """An index of faiss's.

    Args:
        package: the module.
        index: of the package.
    """

    package: Any
    index: Any

    def search(self, directions: Float2, k: int) -> Ids64:
        """Return the rows that seem nearest, (queries, k), -1 for none."""
        self.index.hnsw.efSearch = max(_LOOKED_AT_ASKING, k)
        found: Ids64 = self.index.search(np.ascontiguousarray(directions), k)[1]
        return found

    def to_bytes(self) -> bytes:
        """Return the index as faiss writes it."""
        return bytes(self.package.serialize_index(self.index).tobytes())


@dataclass(frozen=True)
class FaissEngine:
    """Builds indexes with the package ``faiss``.

    Raises:
        MissingExtraError: (each method) the package is not installed.
    """

    name: ClassVar[str] = "faiss"

    @property
    def settings(self) -> str:
        """Version and settings."""
        return f"{self._package().__version__} {_NEIGHBOURS} {_LOOKED_AT_BUILDING}"

    def build(self, directions: Float2) -> FaissIndex:
        """Return the index of unit vectors."""
        package = self._package()
        index = package.IndexHNSWFlat(
            directions.shape[1], _NEIGHBOURS, package.METRIC_INNER_PRODUCT
        )
        index.hnsw.efConstruction = _LOOKED_AT_BUILDING
        index.add(np.ascontiguousarray(directions))
        return FaissIndex(package, index)

    def from_bytes(self, content: bytes, rows: int, vector_size: int) -> FaissIndex | None:
        """Return the index that was written, or None."""
        package = self._package()
        try:
            index = package.deserialize_index(np.frombuffer(content, dtype=np.uint8))
        except (RuntimeError, ValueError):
            return None
        fits = (
            isinstance(index, package.IndexHNSWFlat)
            and index.ntotal == rows
            and index.d == vector_size
        )
        return FaissIndex(package, index) if fits else None

    @staticmethod
    def _package() -> Any:  # noqa: ANN401 - a module
        return require("faiss", extra="faiss")
