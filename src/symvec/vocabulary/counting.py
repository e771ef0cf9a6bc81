"""A corpus to its vocabulary and its ids, in one pass over the text.

The words get provisional ids as they are met, written to a file at once. When all is counted
they are sorted and pruned, and the file is rewritten in place. So text is read only once, which
lets it come from a pipe, and memory holds the distinct words but never the corpus.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from symvec.arrays import Ids64
from symvec.errors import OutputError
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.phrases import PhraseRules, Phrases
from symvec.text.sources import expand_sources
from symvec.vocabulary.corpus import EncodedCorpus
from symvec.vocabulary.first_pass import FirstPass, OnProgress, ReadingReport, throttled
from symvec.vocabulary.growing import grow
from symvec.vocabulary.phrase_learning import join_phrases, learn_phrases
from symvec.vocabulary.pruning import (
    check_limits,
    kept_words,
    numbered,
    rewritten_corpus,
    vocabulary_of,
)
from symvec.vocabulary.sentence_pass import number_sentences
from symvec.vocabulary.text_pass import scan_sources
from symvec.vocabulary.vocabulary import Vocabulary

__all__ = ["Encoding", "ReadingReport", "encode_sentences", "encode_text"]


@dataclass(frozen=True, eq=False)
class Encoding:
    """A corpus that is ready to train on.

    Args:
        vocabulary: its words, most frequent first.
        corpus: its word ids.
        report: what was read and what was dropped.
        phrases: the pairs of words that were made one, if they were asked for.
        own_counts: (words,) int64, how often each word occurs in the corpus, where the vocabulary
            also counts what was read before; None: it does not.
    """

    vocabulary: Vocabulary
    corpus: EncodedCorpus
    report: ReadingReport
    phrases: Phrases | None = None
    own_counts: Ids64 | None = None

    @property
    def occurrences(self) -> Ids64:
        """How often each word occurs in the corpus, (words,) int64."""
        return self.vocabulary.counts if self.own_counts is None else self.own_counts


def encode_text(
    sources: Sequence[str | os.PathLike[str]],
    tokeniser: CharacterTokeniser,
    *,
    min_count: int = 5,
    max_vocabulary: int | None = None,
    phrases: PhraseRules | Phrases | None = None,
    known: Vocabulary | None = None,
    directory: Path,
    on_progress: OnProgress | None = None,
) -> Encoding:
    r"""Count and encode raw text; a line is a sentence, however long.

    Args:
        sources: files, folders, patterns, ``"-"``; see ``symvec.text.sources.expand_sources``.
        tokeniser: what a word is.
        min_count: words that occur fewer times are dropped from their sentences.
        max_vocabulary: how many of the most frequent words are kept at most.
        phrases: which neighbouring words are made one before words are counted, by rules that
            choose them or as they were learned before; None: none are.
        known: words that are kept whether they occur or not, with how often they were seen
            before; new ones are added. See ``symvec.vocabulary.growing``.
        directory: where the ids go, 4 bytes a word. They are the corpus: the caller removes it.
        on_progress: called a few times a second; see ``OnProgress``.

    Raises:
        InputError: a setting cannot be.
        FileError, FormatError: a source cannot be read.
        EmptyCorpusError: no word is left.
        OutputError: the ids cannot be written.

    Example:
        >>> from symvec.text.tokenisers import Tokeniser
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     text = Path(folder, "tea.txt")
        ...     _ = text.write_text("Tea or tea?\nCoffee!\n")
        ...     encoding = encode_text([text], Tokeniser(), min_count=2, directory=Path(folder))
        ...     encoding.vocabulary.words, encoding.corpus.ids.tolist()
        (['tea'], [0, 0, -1])
    """
    check_limits(min_count, max_vocabulary)
    files = expand_sources(sources)
    with _ids_file(directory) as (path, file):
        first_pass = scan_sources(files, tokeniser, file, throttled(on_progress))
        file.close()
        return _encoding(path, first_pass, _Kept(min_count, max_vocabulary, known), phrases)


def encode_sentences(
    sentences: Iterable[Sequence[str]],
    *,
    min_count: int = 5,
    max_vocabulary: int | None = None,
    phrases: PhraseRules | Phrases | None = None,
    known: Vocabulary | None = None,
    directory: Path,
    on_progress: OnProgress | None = None,
) -> Encoding:
    """Count and encode sentences that are lists of tokens; tokens stay exactly as given.

    The sentences are gone through once, so a generator will do. The report's bytes and digest
    are those of the text that has a sentence a line and a space between tokens.

    Args:
        sentences: lists of tokens, each a non-empty text.
        min_count: see ``encode_text``.
        max_vocabulary: see ``encode_text``.
        phrases: see ``encode_text``.
        known: see ``encode_text``.
        directory: see ``encode_text``.
        on_progress: see ``encode_text``; how many bytes there are is not known.

    Raises:
        InputError: a sentence is not a list of tokens, or a setting cannot be.
        EmptyCorpusError: no word is left.
        OutputError: the ids cannot be written.

    Example:
        >>> sentences = [["green", "tea"], ["New York"], ["tea"]]
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     encoding = encode_sentences(sentences, min_count=1, directory=Path(folder))
        ...     encoding.vocabulary.words, encoding.corpus.ids.tolist()
        (['tea', 'green', 'New York'], [1, 0, -1, 2, -1, 0, -1])
    """
    check_limits(min_count, max_vocabulary)
    with _ids_file(directory) as (path, file):
        first_pass = number_sentences(sentences, file, throttled(on_progress))
        file.close()
        return _encoding(path, first_pass, _Kept(min_count, max_vocabulary, known), phrases)


class _Kept(NamedTuple):
    """Which words are kept."""

    min_count: int
    max_vocabulary: int | None
    known: Vocabulary | None


def _encoding(
    ids_path: Path, first_pass: FirstPass, kept: _Kept, phrases: PhraseRules | Phrases | None
) -> Encoding:
    if isinstance(phrases, Phrases):
        first_pass = join_phrases(ids_path, first_pass, phrases)
    elif phrases is not None:
        first_pass, phrases = learn_phrases(ids_path, first_pass, phrases)
    own_counts = None
    if kept.known is None:
        chosen = kept_words(first_pass, kept.min_count, kept.max_vocabulary)
        vocabulary, word_ids = vocabulary_of(first_pass, chosen), numbered(first_pass, chosen)
    else:
        grown = grow(kept.known, first_pass, kept.min_count, kept.max_vocabulary)
        vocabulary, word_ids, own_counts = grown
    corpus = rewritten_corpus(ids_path, first_pass, word_ids)
    report = ReadingReport(
        bytes_read=first_pass.bytes_read,
        raw_words=first_pass.raw_words,
        kept_words=corpus.word_count,
        sentences=first_pass.sentences,
        invalid_bytes=first_pass.invalid_bytes,
        distinct_words=first_pass.distinct_words,
        sha256=first_pass.sha256,
    )
    return Encoding(vocabulary, corpus, report, phrases, own_counts)


@contextmanager
def _ids_file(directory: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """Make a file for ids; it goes if what is done with it fails or is interrupted."""
    try:
        handle, name = tempfile.mkstemp(prefix="corpus-", suffix=".ids", dir=directory)
    except OSError as error:
        raise OutputError(
            f"cannot write the corpus's ids to the folder {str(directory)!r}: {error.strerror}"
        ) from error
    path = Path(name)
    file = os.fdopen(handle, "wb")
    try:
        yield path, file
    except BaseException as error:
        _discard(path, file)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise OutputError(
                f"the folder {str(directory)!r} has no room for the corpus's ids "
                f"({error.strerror}); they take about 4 bytes a word"
            ) from error
        raise


def _discard(path: Path, file: IO[bytes]) -> None:
    with suppress(OSError):  # what could not be written is thrown away anyhow
        file.close()
    path.unlink(missing_ok=True)
