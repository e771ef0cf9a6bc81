"""What an engine has to do: build an index of unit vectors, search it, write it, read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeAlias

from symvec.arrays import Float2, Ids64
from symvec.errors import InputError
from symvec.vectors.engines.faiss import FaissEngine
from symvec.vectors.engines.usearch import UsearchEngine


class Index(Protocol):
    """Vectors arranged so that the near ones are found without looking at all."""

    def search(self, directions: Float2, k: int) -> Ids64:
        """Return the rows that seem nearest to each direction, (queries, k), -1 for none."""

    def to_bytes(self) -> bytes:
        """Return what the engine can make the index from again."""


class Engine(Protocol):
    """A package that builds indexes."""

    @property
    def name(self) -> str:
        """What it is asked for by."""

    @property
    def settings(self) -> str:
        """Version and settings: an index of other ones is not used again."""

    def build(self, directions: Float2) -> Index:
        """Return the index of unit vectors, (rows, D) float32."""

    def from_bytes(self, content: bytes, rows: int, vector_size: int) -> Index | None:
        """Return the index that was written, or None where that is not what it is."""


EngineMaker: TypeAlias = Callable[[], Engine]
ENGINES: Final[Mapping[str, EngineMaker]] = {"usearch": UsearchEngine, "faiss": FaissEngine}


def engine_named(name: str) -> Engine:
    """Return an engine.

    Raises:
        InputError: there is none of that name.
        MissingExtraError: its package is not installed.
    """
    if name not in ENGINES:
        raise InputError(f"the engine must be one of {tuple(ENGINES)}, got {name!r}")
    return ENGINES[name]()
