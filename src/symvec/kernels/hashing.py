"""The rows of n-grams that share them: fastText's and floret's hashes for a whole vocabulary.

The plain twins, which hash one n-gram, are in ``symvec.text.ngram_hashing``.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Bytes1, Ids64
from symvec.kernels.compiling import Scalar, inlined, kernel, wraps_around
from symvec.kernels.ngrams import CutWords, Spans

_BASIS, _PRIME = np.uint64(2166136261), np.uint64(16777619)
_SIGN, _EXTENDED = np.uint64(0x80), np.uint64(0xFFFFFF00)
_LOW, _32, _64, _33 = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(64), np.uint64(33)
_27, _31, _5 = np.uint64(27), np.uint64(31), np.uint64(5)
_C1, _C2 = np.uint64(0x87C37B91114253D5), np.uint64(0x4CF5AD432745937F)
_A1, _A2 = np.uint64(0x52DCE729), np.uint64(0x38495AB5)
_F1, _F2 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_8 = np.uint64(8)
_WORD_BYTES, _BLOCK_BYTES = 8, 16


@wraps_around
@inlined
def fnv1a(text: Bytes1, first: Scalar, last: Scalar) -> Scalar:
    """Return fastText's hash of ``text[first:last]``, 32 bits in a uint64."""
    value = _BASIS
    for place in range(first, last):
        byte = np.uint64(text[place])
        if byte & _SIGN:
            byte = byte | _EXTENDED
        value = ((value ^ byte) * _PRIME) & _LOW
    return value


@inlined
def _rotated(value: Scalar, bits: Scalar) -> Scalar:
    return (value << bits) | (value >> (_64 - bits))


@inlined
def _little_endian(text: Bytes1, first: Scalar, last: Scalar) -> Scalar:
    value = np.uint64(0)
    for place in range(last - 1, first - 1, -1):
        value = (value << _8) | np.uint64(text[place])
    return value


@inlined
def _finished(value: Scalar) -> Scalar:
    value = (value ^ (value >> _33)) * _F1
    value = (value ^ (value >> _33)) * _F2
    return value ^ (value >> _33)


@wraps_around
@inlined
def murmur3(text: Bytes1, first: Scalar, last: Scalar, seed: Scalar) -> tuple[Scalar, Scalar]:
    """Return MurmurHash3 x64 128 of ``text[first:last]``, as two uint64."""
    one = two = np.uint64(seed)
    size = last - first
    place = first
    while place + _BLOCK_BYTES <= last:
        low = _little_endian(text, place, place + _WORD_BYTES)
        high = _little_endian(text, place + _WORD_BYTES, place + _BLOCK_BYTES)
        one ^= _rotated(low * _C1, _31) * _C2
        one = (_rotated(one, _27) + two) * _5 + _A1
        two ^= _rotated(high * _C2, _33) * _C1
        two = (_rotated(two, _31) + one) * _5 + _A2
        place += _BLOCK_BYTES
    middle = min(place + _WORD_BYTES, last)
    two ^= _rotated(_little_endian(text, middle, last) * _C2, _33) * _C1
    one ^= _rotated(_little_endian(text, place, middle) * _C1, _31) * _C2
    one ^= np.uint64(size)
    two ^= np.uint64(size)
    one += two
    two += one
    one, two = _finished(one), _finished(two)
    one += two
    return one, two + one


@kernel
def fill_bucket_rows(
    cut: CutWords,
    spans: Spans,
    first_word: int,
    words: int,
    bucket: int,
    row_ids: Ids64,
    row_offsets: Ids64,
) -> None:
    """Write the rows of words in fastText's manner: the word's own, then those of its n-grams.

    Args:
        cut: the words of the vocabulary.
        spans: n-grams of the words from ``first_word`` on.
        first_word: the first word.
        words: words of the vocabulary; the buckets' rows come behind theirs.
        bucket: number of buckets.
        row_ids: written where the words' rows are.
        row_offsets: (words + 1,) int64, where the rows of each word begin.
    """
    for index in range(spans.offsets.size - 1):
        at = row_offsets[first_word + index]
        row_ids[at] = first_word + index
        for span in range(spans.offsets[index], spans.offsets[index + 1]):
            at += 1
            value = np.int64(fnv1a(cut.text, spans.firsts[span], spans.lasts[span]))
            row_ids[at] = words + value % bucket


@inlined
def _write_hashes(
    text: Bytes1,
    first: Scalar,
    last: Scalar,
    bucket: Scalar,
    seed: Scalar,
    hash_count: Scalar,
    row_ids: Ids64,
    at: Scalar,
) -> None:
    one, two = murmur3(text, first, last, seed)
    for number in range(hash_count):
        value = one if number < 2 else two
        value = value & _LOW if number % 2 == 0 else value >> _32
        row_ids[at + number] = np.int64(value) % bucket


@kernel
def fill_hashed_rows(
    cut: CutWords,
    spans: Spans,
    first_word: int,
    bucket: int,
    seed: int,
    hash_count: int,
    row_ids: Ids64,
    row_offsets: Ids64,
) -> None:
    """Write the rows of words in floret's manner: those of the whole word, then of its n-grams.

    Args:
        cut: the words of the vocabulary.
        spans: n-grams of the words from ``first_word`` on.
        first_word: the first word.
        bucket: number of rows.
        seed: of the hash.
        hash_count: rows of an n-gram, 1 to 4.
        row_ids: written where the words' rows are.
        row_offsets: (words + 1,) int64, where the rows of each word begin.
    """
    text = cut.text
    for index in range(spans.offsets.size - 1):
        word = first_word + index
        at = row_offsets[word]
        first = cut.units[cut.unit_offsets[word]]
        last = cut.units[cut.unit_offsets[word + 1] - 1]
        _write_hashes(text, first, last, bucket, seed, hash_count, row_ids, at)
        for span in range(spans.offsets[index], spans.offsets[index + 1]):
            at += hash_count
            _write_hashes(
                text, spans.firsts[span], spans.lasts[span], bucket, seed, hash_count, row_ids, at
            )
