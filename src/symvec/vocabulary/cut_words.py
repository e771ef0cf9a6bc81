"""A whole vocabulary's n-grams: cut by a kernel where there is one, word by word elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

import numpy as np

from symvec.arrays import Bytes1, Ids64
from symvec.kernels.ngrams import (
    CutWords,
    NgramLengths,
    Spans,
    cut_characters,
    cut_jamo,
    find_spans,
    no_groups,
)
from symvec.text import jamo
from symvec.text.ngrams import Characters, Cutting
from symvec.vocabulary.index import decode, encode, split
from symvec.vocabulary.vocabulary import Vocabulary

# Bounds the memory of n-grams that are found but not yet rows, whatever the vocabulary.
_WORDS_AT_ONCE: Final = 1 << 15
_HANGUL: Final = np.array(
    [
        jamo.FIRST_SYLLABLE,
        jamo.SYLLABLES,
        jamo.FIRST_INITIAL,
        jamo.FIRST_VOWEL,
        jamo.BEFORE_FINALS,
        jamo.FINALS,
        jamo.FILLER,
    ],
    dtype=np.int64,
)


def cut_words(cutting: Cutting, vocabulary: Vocabulary) -> CutWords:
    """Return all words of a vocabulary, cut into units."""
    if isinstance(cutting, Characters):
        return _characters(vocabulary)
    if isinstance(cutting, jamo.Jamo):
        return _jamo(vocabulary)
    return _one_by_one(cutting, vocabulary)


def ngram_counts(cutting: Cutting, cut: CutWords) -> Ids64:
    """Return how many n-grams each word has, (words,) int64."""
    words = cut.unit_offsets.size - 1
    spans = Spans(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(words + 1, np.int64))
    find_spans(cut, _lengths(cutting), 0, words, spans)
    return np.diff(spans.offsets)


def spans_of_words(cutting: Cutting, cut: CutWords, counts: Ids64) -> Iterator[tuple[int, Spans]]:
    """Go through the n-grams of all words, some thousand words at once.

    Args:
        cutting: what n-grams are.
        cut: the words.
        counts: (words,) int64, see ``ngram_counts``.

    Yields:
        The first word, and the n-grams of the words from there on; the arrays are overwritten.
    """
    for first in range(0, len(counts), _WORDS_AT_ONCE):
        own = counts[first : first + _WORDS_AT_ONCE]
        total = int(own.sum())
        spans = Spans(
            np.zeros(total, np.int64), np.zeros(total, np.int64), np.zeros(len(own) + 1, np.int64)
        )
        find_spans(cut, _lengths(cutting), first, len(own), spans)
        yield first, spans


def _lengths(cutting: Cutting) -> NgramLengths:
    return NgramLengths(cutting.min_n, cutting.max_n, cutting.max_groups)


def _characters(vocabulary: Vocabulary) -> CutWords:
    words, size = len(vocabulary), vocabulary.blob.size
    cut = CutWords(
        np.zeros(size + 2 * words, np.uint8),
        np.zeros(size + 3 * words, np.int64),
        np.zeros(words + 1, np.int64),
        *no_groups(words),
    )
    cut_characters(_plain(vocabulary.blob), _plain(vocabulary.offsets), cut)
    return cut


def _jamo(vocabulary: Vocabulary) -> CutWords:
    blob, offsets = _composed(vocabulary)
    words, size = len(vocabulary), blob.size
    cut = CutWords(
        np.zeros(3 * size + 2 * words, np.uint8),
        np.zeros(size + 4 * words, np.int64),
        np.zeros(words + 1, np.int64),
        np.zeros(size + 4 * words, np.int64),
        np.zeros(words + 1, np.int64),
    )
    text_size = cut_jamo(blob, offsets, _HANGUL, cut)
    return cut._replace(text=cut.text[:text_size])


def _composed(vocabulary: Vocabulary) -> tuple[Bytes1, Ids64]:
    """Return the words in normal form C, as a blob and offsets."""
    blob, offsets = _plain(vocabulary.blob), _plain(vocabulary.offsets)
    if unicodedata.is_normalized("NFC", decode(blob.tobytes())):
        return blob, offsets
    words = [unicodedata.normalize("NFC", decode(word)) for word in split(blob, offsets)]
    keys = [encode(word) for word in words]
    ends = np.zeros(len(keys) + 1, dtype=np.int64)
    np.cumsum([len(key) for key in keys], out=ends[1:])
    return np.frombuffer(bytearray(b"".join(keys)), dtype=np.uint8), ends


def _one_by_one(cutting: Cutting, vocabulary: Vocabulary) -> CutWords:
    cuts = [cutting.cut(word) for word in split(vocabulary.blob, vocabulary.offsets)]
    texts = np.cumsum([0, *(len(cut.text) for cut in cuts)])
    units, unit_offsets = _joined([cut.units for cut in cuts], texts)
    groups, group_offsets = _joined([cut.groups for cut in cuts], unit_offsets)
    text = np.frombuffer(bytearray(b"".join(cut.text for cut in cuts)), dtype=np.uint8)
    return CutWords(text, units, unit_offsets, groups, group_offsets)


def _joined(lists: list, starts: Ids64) -> tuple[Ids64, Ids64]:  # type: ignore[type-arg]
    """Return lists of places as one array, each list counted from its own start."""
    lengths = np.array([len(places) for places in lists], dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    flat = np.fromiter((place for places in lists for place in places), np.int64, int(offsets[-1]))
    return flat + np.repeat(starts[:-1], lengths), offsets


def _plain(array: Bytes1 | Ids64):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Return an array that owns writable memory: kernels are compiled for one kind of array."""
    return np.require(array, requirements=["C", "W"]) if not array.flags.writeable else array
