"""A source of text, whatever it is, to its vocabulary and ids."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from symvec.errors import InputError
from symvec.files import PathLike
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.phrased import PhrasedTokeniser
from symvec.text.tokenising import TextTokeniser
from symvec.training.continuing import phrases_of
from symvec.training.reporter import Reporter
from symvec.training.settings import CorpusLimits, PhraseSettings, Settings
from symvec.vectors import Vectors
from symvec.vocabulary.counting import Encoding, encode_sentences, encode_text

Source: TypeAlias = PathLike | Sequence[PathLike] | Iterable[Sequence[str]]


def encode(
    source: Source,
    tokeniser: CharacterTokeniser,
    settings: Settings,
    folder: Path,
    reporter: Reporter,
    continued: Vectors | None = None,
) -> tuple[Encoding, TextTokeniser | None]:
    """Return the corpus, and how its text became words; None where lists of tokens came.

    Args:
        source: what is trained on.
        tokeniser: what a word is.
        settings: which words are kept.
        folder: for working files.
        reporter: told of the progress.
        continued: a model whose words and phrases are kept; None: there is none.

    Raises:
        InputError: the source is none.
        FileError: it cannot be read.
        EmptyCorpusError: no word is left to learn.
    """
    # What has no such limits can learn from every word.
    every_word = CorpusLimits(min_count=1)
    limits = settings.part(CorpusLimits) if settings.has(CorpusLimits) else every_word
    has_phrases = settings.has(PhraseSettings)
    options: dict[str, Any] = {
        "min_count": limits.min_count,
        "max_vocabulary": limits.max_vocabulary,
        "phrases": settings.part(PhraseSettings).rules if has_phrases else None,
        "directory": folder,
        "on_progress": reporter.reading,
    }
    if continued is not None:
        options |= {"known": continued.vocabulary, "phrases": phrases_of(continued)}
    paths = _paths(source)
    if paths is None:
        encoding = encode_sentences(source, **options)  # type: ignore[arg-type]
    else:
        encoding = encode_text(paths, tokeniser, **options)
    if continued is not None:
        return encoding, continued.tokeniser
    cutter = tokeniser if paths else None
    if encoding.phrases is not None:
        return encoding, PhrasedTokeniser(cutter, encoding.phrases)
    return encoding, cutter


def _paths(source: Any) -> list[PathLike] | None:  # noqa: ANN401 - whatever came
    """Return the paths, None if these are sentences; sentences as plain strings are a mistake."""
    if isinstance(source, str | os.PathLike):
        return [source]
    if not (isinstance(source, Sequence) and source and isinstance(source[0], str | os.PathLike)):
        return None
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
