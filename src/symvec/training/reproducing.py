"""Making a model again from what its file says of it, and comparing the two."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

import numpy as np

from symvec.errors import InputError
from symvec.files import PathLike
from symvec.training.advice import TrainingWarning
from symvec.training.continuing import cutter_of
from symvec.training.progress import ProgressCallback
from symvec.training.run import train
from symvec.training.start import KEY
from symvec.vectors import Vectors
from symvec.vectors.digest import digest

_ROWS_AT_ONCE: Final = 1 << 14
_MADE_FROM: Final = ("settings", "corpus", KEY, "versions")


def trained_again(
    vectors: Vectors,
    sources: Sequence[PathLike],
    *,
    threads: int | None = None,
    started_from: Vectors | None = None,
    directory: PathLike | None = None,
    progress: ProgressCallback | None = None,
) -> Vectors:
    """Train with the settings that vectors were trained with.

    Args:
        vectors: those of a file that symvec trained.
        sources: the text; see ``symvec.train``. Vectors from lists of tokens are made again from
            the text that has a sentence a line and a space between tokens.
        threads: see ``symvec.train``.
        started_from: the model that they were started from, if there was one.
        directory: see ``symvec.train``.
        progress: see ``symvec.train``.

    Raises:
        InputError: the vectors do not say how they were made, or were started from another
            model than the one given.

    Example:
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> table = np.ones((1, 2), dtype=np.float32)
        >>> vectors = Vectors(WordRows(Vocabulary.from_words(["tea"])), table)
        >>> trained_again(vectors, ["corpus.txt"])
        Traceback (most recent call last):
        symvec.errors.InputError: these vectors do not say with what settings they were trained; ...
    """
    settings = vectors.provenance.get("settings")
    if not isinstance(settings, dict) or "algorithm" not in settings:
        raise InputError(
            "these vectors do not say with what settings they were trained; only files that "
            "'symvec train' wrote do"
        )
    if settings.get("schedule") == "hogwild":
        raise InputError(
            "these vectors were trained with schedule='hogwild', which makes no two runs the same; "
            "what is to be made again must be trained with schedule='rounds'"
        )
    with warnings.catch_warnings():
        # What there was to doubt about the settings was said when they were chosen.
        warnings.simplefilter("ignore", TrainingWarning)
        again: Vectors = train(
            list(sources),
            tokeniser=cutter_of(vectors.tokeniser),
            **_start(vectors, started_from),
            threads=threads,
            directory=directory,
            progress=progress,
            **cast("dict[str, Any]", settings),
        )
    return replace(again, tokeniser=None) if vectors.tokeniser is None else again


def _start(vectors: Vectors, started_from: Vectors | None) -> dict[str, Any]:
    """Return the arguments that tell training what it starts from."""
    told = vectors.provenance.get(KEY)
    if not isinstance(told, dict):
        if started_from is not None:
            raise InputError("these vectors were not started from a model; leave it out")
        return {}
    if started_from is None:
        raise InputError(
            f"these vectors were started from a model, whose SHA-256 is {told['sha256']}; give "
            "that, too: --started-from FILE (started_from=)"
        )
    found = digest(started_from)
    if found != told["sha256"]:
        raise InputError(
            f"these vectors were started from another model: its SHA-256 is {told['sha256']}, "
            f"that of the one given {found}"
        )
    name = "continue_from" if told["how"] == "continue" else "init_from"
    return {name: started_from, "freeze": told["freeze"]}


def differences(first: Vectors, second: Vectors) -> Iterator[str]:
    """Go through what differs between vectors and the same made again, causes first.

    Args:
        first: as they are in a file.
        second: made again.
    """
    for group in _MADE_FROM:
        there, here = _mapping(first, group), _mapping(second, group)
        for name in {**there, **here}:
            if there.get(name) != here.get(name):
                yield f"{group}.{name}: {there.get(name)} there, {here.get(name)} here"
    if first.index_to_key != second.index_to_key:
        common = len(set(first.index_to_key) & set(second.index_to_key))
        yield (
            f"words: {len(first):,} there, {len(second):,} here, {common:,} in both"
            + ", in another order" * (common == len(first) == len(second))
        )
    if first.table.shape != second.table.shape:
        yield f"table: of shape {first.table.shape} there, {second.table.shape} here"
        return
    numbers, largest = _numbers_that_differ(first, second)
    if numbers:
        share = 100 * numbers / first.table.size
        yield f"table: {numbers:,} numbers ({share:.3g} %) differ, by {largest:.3g} at most"


def _mapping(vectors: Vectors, name: str) -> Mapping[str, object]:
    found = vectors.provenance.get(name, {})
    return found if isinstance(found, dict) else {}


def _numbers_that_differ(first: Vectors, second: Vectors) -> tuple[int, float]:
    numbers, largest = 0, 0.0
    for start in range(0, len(first.table), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        gap = np.abs(first.table[rows].astype(np.float64) - second.table[rows])
        numbers += int(np.count_nonzero(first.table[rows] != second.table[rows]))
        largest = max(largest, float(gap.max(initial=0.0)))
    return numbers, largest
