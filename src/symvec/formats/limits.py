"""What a format cannot hold, found out before a byte of it is written."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from symvec.errors import InputError
from symvec.formats.text_layout import NUMBER
from symvec.vectors import Vectors
from symvec.vocabulary import Rows, WordRows
from symvec.vocabulary.index import decode, split

Kind = TypeVar("Kind", bound=Rows)


def refuse_words_with(vectors: Vectors, octets: bytes, format_name: str) -> None:
    """Raise if a word is empty or holds one of some bytes.

    Raises:
        InputError: the first such word, and how many there are.
    """
    holds = np.isin(vectors.vocabulary.blob, np.frombuffer(octets, np.uint8))
    offsets = vectors.vocabulary.offsets
    places = np.flatnonzero(holds)
    broken = np.union1d(
        np.searchsorted(offsets, places, side="right") - 1, np.flatnonzero(np.diff(offsets) == 0)
    )
    if broken.size:
        named = {0x20: "spaces", 0x0A: "line ends", 0x00: "NUL bytes"}
        what = " or ".join(named[octet] for octet in octets)
        word = vectors.vocabulary.word(int(broken[0]))
        raise InputError(
            f"{format_name} cannot hold empty words or words with {what}, and {broken.size:,} "
            f"are such, the first is {word!r}; choose another format, or rename them"
        )


def refuse_broken_text(vectors: Vectors, format_name: str) -> None:
    """Raise if a word is not valid UTF-8.

    Raises:
        InputError: the first such word.
    """
    for key in split(vectors.vocabulary.blob, vectors.vocabulary.offsets):
        try:
            key.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{format_name} holds UTF-8 only, and the word {decode(key)!r} is none; choose "
                "another format"
            ) from error


def refuse_numbers_behind_words(vectors: Vectors, format_name: str) -> None:
    """Raise if a word ends with a number of its own, or if the first line could be a header.

    Raises:
        InputError: the first such word.
    """
    keys = split(vectors.vocabulary.blob, vectors.vocabulary.offsets)
    spaced = (key for key in keys if b" " in key)
    word = next((key for key in spaced if NUMBER.fullmatch(key.rpartition(b" ")[2])), None)
    if word is not None:
        raise InputError(
            f"{format_name} cannot hold {decode(word)!r}: the number at its end would be read as "
            "one of the vector's; choose another format"
        )
    if vectors.vector_size == 1:
        raise InputError(
            f"{format_name} cannot hold vectors of one number: the first line may look like one "
            "of two sizes; choose another format"
        )


def refuse_not_finite(vectors: Vectors, format_name: str) -> None:
    """Raise if a vector holds NaN or infinity.

    Raises:
        InputError: the first such word.
    """
    broken = np.flatnonzero(~np.isfinite(vectors.norms))
    if broken.size:
        word = vectors.vocabulary.word(int(broken[0]))
        raise InputError(
            f"{format_name} cannot hold NaN or infinity, and the vectors of {broken.size:,} words "
            f"have them, the first is {word!r}; 'symvec check --fix' leaves them out"
        )


def refuse_other_rows(vectors: Vectors, kinds: tuple[type, ...], format_name: str) -> None:
    """Raise if words are made of rows in a way that the format does not know.

    Raises:
        InputError: what the vectors have, and what to do.
    """
    if not isinstance(vectors.rows, kinds):
        raise InputError(
            f"{format_name} cannot hold rows of the kind {vectors.rows.kind!r}: words that are "
            "not in the vocabulary would lose their vectors; choose another format, or drop them "
            "with --words-only"
        )


def without_subwords(vectors: Vectors) -> Vectors:
    """Return vectors of the vocabulary's words alone, one row each."""
    if isinstance(vectors.rows, WordRows):
        return vectors
    return Vectors(
        WordRows(vectors.vocabulary),
        vectors.word_matrix,
        tokeniser=vectors.tokeniser,
        provenance=vectors.provenance,
        stored_norms=vectors.norms,
    )
