"""What an algorithm is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from symvec.arrays import Float2
from symvec.training.checkpoints import Checkpoints
from symvec.training.reporter import Reporter
from symvec.training.settings import Settings
from symvec.vocabulary import Rows
from symvec.vocabulary.counting import Encoding


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
    """

    encoding: Encoding
    settings: Settings
    threads: int
    folder: Path
    reporter: Reporter
    checkpoints: Checkpoints


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned.

    Args:
        rows: the words, and which rows of the table each has.
        table: (rows, D) float32.
        results: what there is to tell of it, for the file, as JSON can hold it: losses, say.
            It must be the same in each run.
    """

    rows: Rows
    table: Float2
    results: Mapping[str, object]
