"""The pass over sentences that are lists of tokens already: tokens to provisional word ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import IO

import numpy as np

from symvec.arrays import Ids, Ids64
from symvec.errors import InputError
from symvec.vocabulary.corpus import SENTENCE_END
from symvec.vocabulary.first_pass import FirstPass, OnProgress
from symvec.vocabulary.index import encode

_LONGEST_SHOWN = 40


class _Numbering(dict[str, int]):
    """Gives each new token the next id, so that the common case is one dictionary access."""

    def __missing__(self, token: object) -> int:
        if not isinstance(token, str):
            raise TypeError(token)
        if not token:
            raise ValueError(token)
        self[token] = len(self)
        return self[token]


def number_sentences(
    sentences: Iterable[Sequence[str]], ids_file: IO[bytes], on_progress: OnProgress
) -> FirstPass:
    """Write the provisional ids of all tokens to ``ids_file``, and count the tokens.

    Bytes and digest are those of the text that has a sentence a line and a space between tokens.

    Raises:
        InputError: a sentence is not a list of tokens, or a token is not text.
    """
    _check_sentences(sentences)
    numbering = _Numbering()
    counts = np.zeros(1 << 10, dtype=np.int64)
    digest = hashlib.sha256()
    bytes_read = sentence_count = 0
    for place, sentence in enumerate(sentences):
        ids, line = _numbered(sentence, place, numbering)
        if ids.size == 0:
            continue
        counts = _with_room(counts, len(numbering))
        np.add.at(counts, ids, 1)
        ids_file.write(np.append(ids, np.int32(SENTENCE_END)).data)
        digest.update(line)
        bytes_read += len(line)
        sentence_count += 1
        on_progress(bytes_read, None)
    spellings = [encode(token) for token in numbering]
    offsets = np.zeros(len(spellings) + 1, dtype=np.int64)
    np.cumsum([len(spelling) for spelling in spellings], out=offsets[1:])
    return FirstPass(
        blob=np.frombuffer(b"".join(spellings), dtype=np.uint8),
        offsets=offsets,
        counts=counts[: len(numbering)],
        first_seen=np.arange(len(numbering), dtype=np.int64),
        word_of=np.arange(len(numbering), dtype=np.int64),
        bytes_read=bytes_read,
        sentences=sentence_count,
        invalid_bytes=0,
        sha256=digest.hexdigest(),
    )


def _numbered(sentence: Sequence[str], place: int, numbering: _Numbering) -> tuple[Ids, bytes]:
    """Return the ids of a sentence's tokens and the sentence as a line of text."""
    if isinstance(sentence, str | bytes):
        raise InputError(
            f"sentence {place} is one piece of text, {_shown(sentence)}, expected a list of "
            "tokens; split it first, for example: [line.split() for line in sentences]"
        )
    try:
        tokens = list(sentence)
    except TypeError:
        raise InputError(
            f"sentence {place} is {_shown(sentence)} of type {type(sentence).__name__}, expected "
            "a list of tokens"
        ) from None
    try:
        ids = np.array([numbering[token] for token in tokens], dtype=np.int32)
    except (TypeError, ValueError):
        raise _token_error(tokens, place) from None
    return ids, encode(" ".join(tokens) + "\n")


def _token_error(tokens: Sequence[object], place: int) -> InputError:
    """Return the error for the first token that cannot be one."""
    for position, token in enumerate(tokens):
        where = f"token {position} of sentence {place}"
        if isinstance(token, bytes):
            return InputError(f"{where} is bytes, {_shown(token)}; decode it: token.decode()")
        if not isinstance(token, str):
            return InputError(
                f"{where} is {_shown(token)} of type {type(token).__name__}, expected text; "
                "ids and numbers can be made text with str(token)"
            )
        if not token:
            return InputError(f"{where} is empty; leave empty tokens out")
    return InputError(f"sentence {place} cannot be numbered: {_shown(tokens)}")


def _check_sentences(sentences: object) -> None:
    if isinstance(sentences, str | bytes):
        raise InputError(
            f"the sentences are one piece of text, {_shown(sentences)}, expected an iterable of "
            "lists of tokens; for one sentence write: [text.split()]"
        )
    if not isinstance(sentences, Iterable):
        raise InputError(
            f"the sentences are {_shown(sentences)} of type {type(sentences).__name__}, expected "
            "an iterable of lists of tokens"
        )


def _with_room(counts: Ids64, size: int) -> Ids64:
    if size <= counts.size:
        return counts
    larger = np.zeros(2 * size, dtype=np.int64)
    larger[: counts.size] = counts
    return larger


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."
