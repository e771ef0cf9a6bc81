"""The vocabulary of a finalfusion file as bytes: words, and n-grams where they have rows."""

from __future__ import annotations

import struct

import numpy as np

from symvec.errors import InputError
from symvec.formats import finalfusion
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import SubwordRows, WordOrNgramRows
from symvec.vocabulary.index import split
from symvec.vocabulary.listed_places import ListedPlaces
from symvec.vocabulary.ngram_places import HashedPlaces
from symvec.vocabulary.vocabulary import Vocabulary


def vocabulary_chunk(vectors: Vectors) -> tuple[int, bytes]:
    """Return the kind of the chunk that holds the words, and what is in it.

    Raises:
        InputError: the n-grams are none that finalfusion knows.
    """
    rows = vectors.rows
    words = _texts(vectors.vocabulary)
    count = struct.pack("<Q", len(vectors))
    if isinstance(rows, SubwordRows):
        lengths = _fasttexts_lengths(rows)
        return finalfusion.FASTTEXT, count + struct.pack("<III", *lengths, rows.bucket) + words
    if not isinstance(rows, WordOrNgramRows):
        return finalfusion.SIMPLE, count + words
    places = rows.places
    if isinstance(places, ListedPlaces):
        return finalfusion.EXPLICIT, _with_listed_ngrams(places, count, words)
    if not isinstance(places, HashedPlaces) or not _is_finalfusions(places):
        raise InputError(
            "finalfusion hashes n-grams in another way than these were; choose symvec's own "
            "format, or drop them with --words-only"
        )
    lengths = places.cutting.min_n, places.cutting.max_n
    exponent = places.bucket.bit_length() - 1
    return finalfusion.BUCKETS, count + struct.pack("<III", *lengths, exponent) + words


def _is_finalfusions(places: HashedPlaces) -> bool:
    return places.hash_name == "finalfusion" and places.bucket & (places.bucket - 1) == 0


def _fasttexts_lengths(rows: SubwordRows) -> tuple[int, int]:
    if not isinstance(rows.cutting, Characters):
        raise InputError(
            f"finalfusion knows n-grams of characters, not of {rows.cutting.unit_name}; choose "
            "symvec's own format, or drop them with --words-only"
        )
    if rows.cutting.min_n == 1:
        raise InputError("finalfusion takes the marks of words for n-grams of 1, fastText does not")
    return rows.cutting.min_n, rows.cutting.max_n


def _with_listed_ngrams(places: ListedPlaces, count: bytes, words: bytes) -> bytes:
    """Return words and n-grams in the order of their rows, which finalfusion counts anew."""
    if not np.array_equal(np.unique(places.rows), np.arange(places.row_count)):
        raise InputError(
            "finalfusion cannot hold rows of n-grams that no n-gram has; choose symvec's own "
            "format, or drop them with --words-only"
        )
    ngrams = list(split(places.ngrams.blob, places.ngrams.offsets))
    listed = (
        struct.pack("<I", len(ngrams[ngram_id]))
        + ngrams[ngram_id]
        + struct.pack("<Q", places.rows[ngram_id])
        for ngram_id in np.argsort(places.rows, kind="stable").tolist()
    )
    lengths = struct.pack("<QII", len(ngrams), places.cutting.min_n, places.cutting.max_n)
    return count + lengths + words + b"".join(listed)


def _texts(vocabulary: Vocabulary) -> bytes:
    keys = split(vocabulary.blob, vocabulary.offsets)
    return b"".join(struct.pack("<I", len(key)) + key for key in keys)
