"""Text in, vectors out."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from symvec.errors import InputError
from symvec.files import PathLike
from symvec.text.tokenisers import Tokeniser, TokeniserName
from symvec.training.progress import Progress, ProgressCallback, Stage, seconds_left
from symvec.training.settings import Settings
from symvec.vectors import Vectors
from symvec.vocabulary import WordRows
from symvec.vocabulary.counting import Encoding, encode_sentences, encode_text

if TYPE_CHECKING:
    from symvec.training.epochs import EpochResult

Source: TypeAlias = PathLike | Sequence[PathLike] | Iterable[Sequence[str]]


def train(
    source: Source,
    *,
    tokeniser: TokeniserName | Tokeniser = "words",
    lowercase: bool = True,
    threads: int | None = None,
    directory: PathLike | None = None,
    progress: ProgressCallback | None = None,
    **settings: object,
) -> Vectors:
    """Learn a vector for each word of a text.

    Args:
        source: a file, a folder, a pattern, ``"-"`` for standard input, a list of them, or
            sentences as lists of tokens. In text a line is a sentence.
        tokeniser: what a word is; see ``symvec.Tokeniser``. Lists of tokens stay as they are.
        lowercase: whether the tokeniser that ``tokeniser`` names lower-cases.
        threads: how many train, as a rule one a processor; the result does not depend on it.
        directory: where working files go (4 bytes a word of text), removed at the end; as a
            rule the system's folder for temporary files.
        progress: called about five times a second.
        **settings: see ``symvec.training.Settings``.

    Returns:
        `Vectors` of one row a word; ``provenance`` tells how they were made.

    Raises:
        InputError: a setting or a source that cannot work.
        FileError: a source that cannot be read.
        EmptyCorpusError: no word is left to learn.
        InterruptedTraining: Ctrl-C.

    Example:
        >>> sentences = [["green", "tea"], ["black", "tea"]] * 10
        >>> vectors = train(sentences, min_count=1, vector_size=8, epochs=1)
        >>> vectors
        <Vectors: 3 words of 8 dimensions>
    """
    checked = _settings(settings)
    thread_count = _thread_count(threads)
    cutter = tokeniser if isinstance(tokeniser, Tokeniser) else Tokeniser(tokeniser, lowercase)
    with tempfile.TemporaryDirectory(prefix="symvec-", dir=directory) as folder:
        reporter = _Reporter(progress, checked.epochs)
        encoding, text_tokeniser = _encode(source, cutter, checked, Path(folder), reporter)
        vectors, results = _learn(encoding, checked, thread_count, reporter)
        provenance = _provenance(encoding, checked, results)
        del encoding  # lets go of the working file before its folder goes
    rows, table = vectors
    return Vectors(rows, table, tokeniser=text_tokeniser, provenance=provenance)


class _Reporter:
    """Turns what the stages say into `Progress`."""

    def __init__(self, progress: ProgressCallback | None, epochs: int) -> None:
        self._progress = progress
        self._epochs = epochs
        self._started = time.perf_counter()

    def reading(self, bytes_read: int, bytes_in_all: int | None) -> None:
        self._tell("reading", bytes_read, bytes_in_all)

    def compiling(self) -> None:
        self._started = time.perf_counter()
        self._tell("compiling", 0, None)

    def training(self, words: int, total: int, epoch: int, loss: float | None) -> None:
        if words == 0:  # the threads have not begun: the kernels are being compiled
            self.compiling()
        else:
            self._tell("training", words, total, epoch + 1, loss)

    def _tell(
        self, stage: Stage, done: int, total: int | None, epoch: int = 0, loss: float | None = None
    ) -> None:
        if self._progress is None:
            return
        seconds = time.perf_counter() - self._started
        speed = done / seconds if stage == "training" and seconds > 0 else 0.0
        left = seconds_left(done, total, seconds)
        report = Progress(stage, done, total, epoch, self._epochs, speed, loss, seconds, left)
        self._progress(report)


def _settings(settings: dict[str, Any]) -> Settings:
    unknown = sorted(set(settings) - set(Settings.__dataclass_fields__))
    if unknown:
        known = ", ".join(Settings.__dataclass_fields__)
        raise InputError(f"there is no setting {unknown[0]!r}; the settings are {known}")
    return Settings(**settings)


def _thread_count(threads: int | None) -> int:
    if threads is None:
        return (
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1
        )
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise InputError(f"threads must be a whole number of 1 or more, got {threads!r}")
    return threads


def _encode(
    source: Source, tokeniser: Tokeniser, settings: Settings, folder: Path, reporter: _Reporter
) -> tuple[Encoding, Tokeniser | None]:
    limits: dict[str, Any] = {
        "min_count": settings.min_count,
        "max_vocabulary": settings.max_vocabulary,
        "directory": folder,
        "on_progress": reporter.reading,
    }
    if isinstance(source, str | os.PathLike):
        return encode_text([source], tokeniser, **limits), tokeniser
    if isinstance(source, Sequence) and source and isinstance(source[0], str | os.PathLike):
        return encode_text(_paths(source), tokeniser, **limits), tokeniser
    return encode_sentences(source, **limits), None  # type: ignore[arg-type]


def _paths(source: Sequence[Any]) -> list[PathLike]:
    """Return the paths; a list of sentences as plain strings is the mistake to catch."""
    for path in source:
        if not isinstance(path, str | os.PathLike):
            raise InputError(
                f"expected a list of paths or a list of token lists, got both: {path!r}"
            )
        is_sentence = len(str(path).split()) > 1 and not set("*?[") & set(str(path))
        if is_sentence and not Path(path).exists():
            raise InputError(
                f"there is no file {path!r}; if it is a sentence, split it into tokens first, for "
                "example: [line.split() for line in sentences]"
            )
    return list(source)


def _learn(
    encoding: Encoding, settings: Settings, threads: int, reporter: _Reporter
) -> tuple[tuple[WordRows, np.ndarray], list[EpochResult]]:
    reporter.compiling()
    from symvec.training import memory
    from symvec.training.epochs import train_epochs
    from symvec.training.plan import plan

    rows, corpus = WordRows(encoding.vocabulary), encoding.corpus
    planned = plan(settings, encoding.vocabulary.counts, corpus)
    tables = memory.tables(rows.word_rows(), rows.row_count, settings)
    share = corpus.word_count / len(corpus.ids)
    total = corpus.word_count * settings.epochs

    def on_rounds(epoch: int, tokens: int, loss: float | None) -> None:
        words = round(tokens * share) + epoch * corpus.word_count
        reporter.training(words, total, epoch, loss)

    results = train_epochs(tables, corpus, planned, settings, threads, on_rounds)
    inputs = tables.inputs
    del tables  # the outputs go before the inputs are copied
    table = np.ascontiguousarray(inputs[:, : settings.vector_size])
    return (rows, table), results


def _provenance(
    encoding: Encoding, settings: Settings, results: list[EpochResult]
) -> dict[str, object]:
    # No time and no threads: they differ from run to run, and the file's bytes must not.
    return {
        "settings": settings.to_metadata(),
        "corpus": asdict(encoding.report),
        "losses": [result.loss for result in results],
        "examples": [result.examples for result in results],
        "versions": {
            "symvec": version("symvec"),
            "numpy": np.__version__,
            "numba": version("numba"),
            "python": platform.python_version(),
        },
    }
