"""A source of text, whatever it is, to its vocabulary and ids."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from symvec.errors import InputError
from symvec.files import PathLike
from symvec.text.tokenisers import Tokeniser
from symvec.training.reporter import Reporter
from symvec.training.settings import CorpusLimits, Settings
from symvec.vocabulary.counting import Encoding, encode_sentences, encode_text

Source: TypeAlias = PathLike | Sequence[PathLike] | Iterable[Sequence[str]]


def encode(
    source: Source, tokeniser: Tokeniser, settings: Settings, folder: Path, reporter: Reporter
) -> tuple[Encoding, Tokeniser | None]:
    """Return the corpus, and the tokeniser if one was needed.

    Raises:
        InputError: the source is none.
        FileError: it cannot be read.
        EmptyCorpusError: no word is left to learn.
    """
    limits = settings.part(CorpusLimits)
    options: dict[str, Any] = {
        "min_count": limits.min_count,
        "max_vocabulary": limits.max_vocabulary,
        "directory": folder,
        "on_progress": reporter.reading,
    }
    if isinstance(source, str | os.PathLike):
        return encode_text([source], tokeniser, **options), tokeniser
    if isinstance(source, Sequence) and source and isinstance(source[0], str | os.PathLike):
        return encode_text(_paths(source), tokeniser, **options), tokeniser
    return encode_sentences(source, **options), None  # type: ignore[arg-type]


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
