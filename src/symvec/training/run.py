"""Text in, a model out."""

from __future__ import annotations

import os
import platform
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from symvec.errors import InputError
from symvec.files import PathLike
from symvec.optional import require
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.tokeniser_names import AnyTokeniserName
from symvec.training.advice import advise
from symvec.training.algorithms import ALGORITHMS, default_lowercase, settings_of
from symvec.training.checkpoints import Checkpoints
from symvec.training.continuing import settings_to_continue, tokeniser_to_continue
from symvec.training.doubts import doubts
from symvec.training.encoding import Source, encode
from symvec.training.epoch_report import EpochCallback
from symvec.training.items import chosen_tokeniser, with_item_defaults
from symvec.training.progress import ProgressCallback
from symvec.training.reporter import Reporter
from symvec.training.settings import Settings
from symvec.training.start import KEY, Start, start_from
from symvec.training.task import Model, Task
from symvec.vectors import Vectors
from symvec.vocabulary.counting import ReadingReport

SECONDS_BETWEEN_CHECKPOINTS: Final = 300


def train(
    source: Source,
    *,
    algorithm: str | None = None,
    tokeniser: AnyTokeniserName | CharacterTokeniser = "words",
    lowercase: bool | None = None,
    items: bool = False,
    separator: str | None = None,
    threads: int | None = None,
    directory: PathLike | None = None,
    progress: ProgressCallback | None = None,
    on_epoch: EpochCallback | None = None,
    checkpoint: PathLike | None = None,
    checkpoint_every: float = SECONDS_BETWEEN_CHECKPOINTS,
    resume: bool = False,
    init_from: Vectors | None = None,
    continue_from: Vectors | None = None,
    freeze: bool = False,
    **settings: object,
) -> Model:
    """Learn a vector for each word of a text, or what gives one to a word in its sentence.

    Args:
        source: a file, a folder, a pattern, ``"-"`` for standard input, a list of them, or
            sentences as lists of tokens. In text a line is a sentence.
        algorithm: ``"skipgram"``, as a rule, ``"cbow"``, ``"glove"``, ``"svd"``, or ``"elmo"``,
            which needs the extra ``torch``; see ``symvec.training.algorithms``.
        tokeniser: what a word is: ``"words"`` or ``"whitespace"``, see ``symvec.Tokeniser``;
            ``"kiwi"`` (Korean), ``"fugashi"`` (Japanese), ``"jieba"`` (Chinese), which need the
            extras ``ko``, ``ja``, ``zh``. Lists of tokens stay as they are.
        lowercase: whether the tokeniser that ``tokeniser`` names lower-cases; None: it does, but
            not for ELMo, which reads capitals.
        items: whether a line is a session or a basket of opaque ids, which are not changed; other
            settings are then the defaults, see ``symvec.training.items``.
        separator: one character between items; None: white space.
        threads: how many train, as a rule one a processor; the result does not depend on it.
        directory: where working files go (4 bytes a word of text), removed at the end; as a
            rule the system's folder for temporary files.
        progress: called about five times a second.
        on_epoch: called with an `EpochReport` when an epoch has ended, with ELMo after each look
            at what is held out: losses, perplexities, and the neighbours of the words that
            ``probe`` names.
        checkpoint: a path beside which the state is kept while training runs, as
            ``PATH.checkpoint-1`` and so on, the two latest; ``remove_checkpoints(path)`` when
            the vectors are saved. None keeps nothing.
        checkpoint_every: seconds between two checkpoints; 0 for only the one that Ctrl-C writes.
        resume: whether to go on from the latest checkpoint, to the same bytes as without
            the interruption, at any number of threads.
        init_from: vectors, of any file, that those of their words begin as, for skip-gram and CBOW.
        continue_from: vectors that skip-gram or CBOW learned, here, in fastText or in floret
            (``.bin``), to go on from with new text: by their settings, where no others are given
            (``alpha`` is 0.4 of the algorithm's), cut by their tokeniser. Their words stay, new
            ones are added.
        freeze: whether the rows that come from either stay as they are.
        **settings: those of the parts that the algorithm takes; see ``symvec.training.settings``.

    Returns:
        `Vectors`, or with ``"elmo"`` a `ContextualEncoder`; ``provenance`` tells how they were
        made.

    Raises:
        InputError: a setting or a source that cannot work, or a checkpoint of another run.
        FileError: a source that cannot be read.
        EmptyCorpusError: no word is left to learn.
        MissingExtraError: the algorithm or the tokeniser needs a package that is not installed.
        InterruptedTraining: Ctrl-C; a checkpoint is written first.
        SymvecError: the numbers are not finite, though the rate was halved several times.

    Example:
        >>> sentences = [["green", "tea"], ["black", "tea"]] * 10
        >>> vectors = train(sentences, min_count=1, vector_size=8, epochs=1)
        >>> vectors
        <Vectors: 3 words of 8 dimensions>
    """
    start = start_from(init_from, continue_from, freeze)
    is_lowered = default_lowercase(algorithm) if lowercase is None else lowercase
    cutter = chosen_tokeniser(tokeniser, is_lowered, items, separator)
    if continue_from is None:
        algorithm = algorithm or "skipgram"
        given = with_item_defaults(algorithm, settings) if items else settings
    else:
        is_asked_for = (tokeniser, is_lowered, items, separator) != ("words", True, False, None)
        cutter = tokeniser_to_continue(continue_from, cutter if is_asked_for else None)
        algorithm, given = settings_to_continue(continue_from, algorithm, settings)
    checked, chosen = settings_of(algorithm, given), ALGORITHMS[algorithm]
    if chosen.extra is not None:  # found out before all text is read
        require(chosen.extra, extra=chosen.extra)
    chosen.check(checked)
    if start is not None:
        start.check(checked)
    thread_count = _thread_count(threads)
    reporter = Reporter(progress, on_epoch)
    with tempfile.TemporaryDirectory(prefix="symvec-", dir=directory) as folder:
        encoding, text_tokeniser = encode(
            source, cutter, checked, Path(folder), reporter, continue_from
        )
        for doubt in doubts(checked, encoding):
            advise(doubt)
        reporter.compiling()
        made_from = _made_from(encoding.report, checked, start)
        identity = made_from | {"tokeniser": text_tokeniser and text_tokeniser.to_metadata()}
        checkpoints = Checkpoints(checkpoint, checkpoint_every, identity, resume)
        task = Task(encoding, checked, thread_count, Path(folder), reporter, checkpoints, start)
        learned = chosen.learn(task)
        del encoding, task  # lets go of the working file before its folder goes
    provenance = made_from | dict(learned.results) | {"versions": _versions()}
    return learned.model(text_tokeniser, provenance)


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


def _made_from(report: ReadingReport, settings: Settings, start: Start | None) -> dict[str, object]:
    # No time and no threads: they differ from run to run, and the file's bytes must not.
    made_from: dict[str, object] = {"settings": settings.to_metadata(), "corpus": asdict(report)}
    return made_from if start is None else made_from | {KEY: start.to_metadata()}


def _versions() -> dict[str, str]:
    return {
        "symvec": version("symvec"),
        "numpy": np.__version__,
        "numba": version("numba"),
        "python": platform.python_version(),
    }
