"""What an algorithm is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from symvec.arrays import Float2
from symvec.text.tokenising import TextTokeniser
from symvec.training.checkpoints import Checkpoints
from symvec.training.reporter import Reporter
from symvec.training.settings import Settings
from symvec.training.start import Start
from symvec.vectors import Vectors
from symvec.vocabulary import Rows
from symvec.vocabulary.counting import Encoding

Model: TypeAlias = Any
"""`Vectors`, or a `ContextualEncoder`: what training ends in depends on the algorithm."""


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be learned, and from what.

    Args:
        encoding: vocabulary and corpus.
        settings: how.
        threads: how many; the result must not depend on it.
        folder: for working files; it goes when training ends.
        reporter: told of the progress.
        checkpoints: where the state is kept, and when.
        start: the model that vectors begin as, if there is one.
    """

    encoding: Encoding
    settings: Settings
    threads: int
    folder: Path
    reporter: Reporter
    checkpoints: Checkpoints
    start: Start | None = None


class Learned(Protocol):
    """What was learned."""

    @property
    def results(self) -> Mapping[str, object]:
        """What there is to tell of it, for the file, as JSON can hold it: losses, say.

        It must be the same in each run.
        """

    def model(self, tokeniser: TextTokeniser | None, provenance: Mapping[str, object]) -> Model:
        """Return what is saved, and used."""


@dataclass(frozen=True, eq=False)
class LearnedVectors:
    """A vector, or several rows, for each word.

    Args:
        rows: the words, and which rows of the table each has.
        table: (rows, D) float32.
        results: see `Learned`.
        outputs: (words, D) float32, where it is to be kept.
    """

    rows: Rows
    table: Float2
    results: Mapping[str, object]
    outputs: Float2 | None = None

    def model(self, tokeniser: TextTokeniser | None, provenance: Mapping[str, object]) -> Vectors:
        """Return the vectors."""
        return Vectors(
            self.rows,
            self.table,
            tokeniser=tokeniser,
            provenance=provenance,
            outputs=self.outputs,
        )
