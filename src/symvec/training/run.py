"""Text in, vectors out."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import numpy as np

from symvec.errors import InputError
from symvec.files import PathLike
from symvec.text.tokenisers import Tokeniser, TokeniserName
from symvec.training.algorithms import ALGORITHMS, settings_of
from symvec.training.encoding import Source, encode
from symvec.training.progress import ProgressCallback
from symvec.training.reporter import Reporter
from symvec.training.settings import Settings
from symvec.training.task import Task
from symvec.vectors import Vectors
from symvec.vocabulary.counting import ReadingReport


def train(
    source: Source,
    *,
    algorithm: str = "skipgram",
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
        algorithm: ``"skipgram"`` or ``"cbow"``; see ``symvec.training.algorithms``.
        tokeniser: what a word is; see ``symvec.Tokeniser``. Lists of tokens stay as they are.
        lowercase: whether the tokeniser that ``tokeniser`` names lower-cases.
        threads: how many train, as a rule one a processor; the result does not depend on it.
        directory: where working files go (4 bytes a word of text), removed at the end; as a
            rule the system's folder for temporary files.
        progress: called about five times a second.
        **settings: those of the parts that the algorithm takes; see ``symvec.training.settings``.

    Returns:
        `Vectors`; ``provenance`` tells how they were made.

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
    checked = settings_of(algorithm, settings)
    thread_count = _thread_count(threads)
    cutter = tokeniser if isinstance(tokeniser, Tokeniser) else Tokeniser(tokeniser, lowercase)
    reporter = Reporter(progress)
    with tempfile.TemporaryDirectory(prefix="symvec-", dir=directory) as folder:
        encoding, text_tokeniser = encode(source, cutter, checked, Path(folder), reporter)
        reporter.compiling()
        task = Task(encoding, checked, thread_count, Path(folder), reporter)
        learned = ALGORITHMS[algorithm].learn(task)
        provenance = _provenance(encoding.report, checked, learned.results)
        del encoding, task  # lets go of the working file before its folder goes
    return Vectors(learned.rows, learned.table, tokeniser=text_tokeniser, provenance=provenance)


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


def _provenance(
    report: ReadingReport, settings: Settings, results: Mapping[str, object]
) -> dict[str, object]:
    # No time and no threads: they differ from run to run, and the file's bytes must not.
    return {
        "settings": settings.to_metadata(),
        "corpus": asdict(report),
        **results,
        "versions": {
            "symvec": version("symvec"),
            "numpy": np.__version__,
            "numba": version("numba"),
            "python": platform.python_version(),
        },
    }
