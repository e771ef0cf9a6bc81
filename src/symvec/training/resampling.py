"""Models of resampled texts, which show what hangs on the lines that a text happens to have."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from symvec.arrays import Ids64
from symvec.errors import InputError
from symvec.files import PathLike
from symvec.text.lines import read_lines
from symvec.training.reproducing import trained_again
from symvec.vectors import Vectors


def models_of_resamples(
    vectors: Vectors, source: PathLike, count: int, *, seed: int = 1, threads: int | None = None
) -> Iterator[Vectors]:
    """Train with the settings of ``vectors`` on texts whose lines are drawn with replacement.

    Neighbours that hold in all of them do not hang on a few lines (Antoniak and Mimno 2018,
    "Evaluating the stability of embedding-based word similarities"). A line that is drawn twice
    stands there twice in a row; the order of the lines stays.

    Args:
        vectors: those of a file that symvec trained.
        source: its text, a file.
        count: how many models.
        seed: of the draws.
        threads: see ``symvec.train``.

    Raises:
        InputError: a number below 1, an empty text, or vectors that do not say how they were made.
        FileError: the text cannot be read.

    Example:
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["tea"]))
        >>> next(models_of_resamples(Vectors(words, np.ones((1, 2), np.float32)), "text.txt", 0))
        Traceback (most recent call last):
        symvec.errors.InputError: the number of resamples must be 1 or more, got 0
    """
    if count < 1:
        raise InputError(f"the number of resamples must be 1 or more, got {count}")
    lines = sum(1 for _ in read_lines(Path(source)))
    if not lines:
        raise InputError(f"{source} holds no line to draw")
    random = np.random.default_rng(seed)
    for _ in range(count):
        times = np.bincount(random.integers(0, lines, lines), minlength=lines)
        with tempfile.TemporaryDirectory(prefix="symvec-") as folder:
            text = Path(folder, "resample.txt")
            _write_drawn(Path(source), times, text)
            yield trained_again(vectors, [text], threads=threads, directory=folder)


def _write_drawn(source: Path, times: Ids64, target: Path) -> None:
    with target.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for line, repeats in zip(read_lines(source), times.tolist(), strict=False):
            file.write((line + "\n") * repeats)
