"""The n-grams of a whole vocabulary, as places in one text of all its words.

The plain twin, which cuts one word, is ``symvec.text.ngrams``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Bytes1, Ids64
from symvec.kernels.compiling import Scalar, inlined, kernel
from symvec.kernels.utf8 import decoded, encode_into

_BEGIN, _END = ord("<"), ord(">")
_END_OF_SENTENCE_BYTES = 6  # of "<</s>>"


class CutWords(NamedTuple):
    """Words between their marks, cut into units; see ``symvec.text.ngrams.CutWord``.

    Word ``w`` of ``u`` units has the ``u + 1`` entries ``units[unit_offsets[w]:unit_offsets[w +
    1]]``, places in ``text``, and of ``g`` groups ``g + 1`` entries of ``groups``, places in
    ``units``, or none.
    """

    text: Bytes1
    units: Ids64
    unit_offsets: Ids64  # (words + 1,)
    groups: Ids64
    group_offsets: Ids64  # (words + 1,)


class NgramLengths(NamedTuple):
    """Which runs of units and of groups are n-grams; see ``symvec.text.ngrams.Cutting``."""

    min_n: int
    max_n: int
    max_groups: int


class Spans(NamedTuple):
    """Where n-grams begin and end, in bytes of a text; word ``w`` has those from ``offsets[w]``."""

    firsts: Ids64
    lasts: Ids64
    offsets: Ids64  # (words + 1,)


@kernel
def cut_characters(blob: Bytes1, offsets: Ids64, cut: CutWords) -> None:
    """Cut the words ``blob[offsets[w]:offsets[w + 1]]`` into code points.

    Args:
        blob: (bytes,) uint8.
        offsets: (words + 1,) int64.
        cut: written; ``text`` has (bytes + 2 words,), ``units`` at least (bytes + 3 words,).
    """
    at, unit = 0, 0
    for word in range(offsets.size - 1):
        cut.text[at] = _BEGIN
        cut.units[unit] = at
        at, unit = at + 1, unit + 1
        for place in range(offsets[word], offsets[word + 1]):
            byte = blob[place]
            if byte & 0xC0 != 0x80:
                cut.units[unit] = at
                unit += 1
            cut.text[at] = byte
            at += 1
        cut.text[at] = _END
        cut.units[unit] = at
        at, unit = at + 1, unit + 1
        cut.units[unit] = at
        unit += 1
        cut.unit_offsets[word + 1] = unit


@inlined
def _write_jamo(cut: CutWords, at: Scalar, unit: Scalar, code_point: Scalar) -> Scalar:
    cut.units[unit] = at
    return at + encode_into(code_point, cut.text, at)


@kernel
def cut_jamo(blob: Bytes1, offsets: Ids64, hangul: Ids64, cut: CutWords) -> Scalar:
    """Cut words in normal form C into jamo; groups are syllables and other characters.

    Args:
        blob: (bytes,) uint8.
        offsets: (words + 1,) int64.
        hangul: (7,) int64: first syllable, their number, first initial, first vowel, what stands
            before the finals, the number of finals, the filler.
        cut: written; ``text`` has (3 bytes + 2 words,) or more, ``units`` and ``groups``
            (bytes + 4 words,) or more.

    Returns:
        The number of bytes of the text.
    """
    at, unit, group = 0, 0, 0
    finals = hangul[5]
    for word in range(offsets.size - 1):
        cut.text[at] = _BEGIN
        cut.units[unit] = at
        cut.groups[group] = unit
        at, unit, group = at + 1, unit + 1, group + 1
        place = offsets[word]
        own = blob[: offsets[word + 1]]
        while place < offsets[word + 1]:
            code_point, width = decoded(own, place)
            cut.groups[group] = unit
            group += 1
            syllable = code_point - hangul[0]
            if 0 <= syllable < hangul[1]:
                final = syllable % finals
                vowel = syllable // finals % 21
                at = _write_jamo(cut, at, unit, hangul[2] + syllable // (finals * 21))
                at = _write_jamo(cut, at, unit + 1, hangul[3] + vowel)
                at = _write_jamo(cut, at, unit + 2, hangul[4] + final if final else hangul[6])
                unit += 3
            else:
                cut.units[unit] = at
                unit += 1
                for byte in range(width):
                    cut.text[at] = blob[place + byte]
                    at += 1
            place += width
        cut.text[at] = _END
        cut.units[unit] = at
        cut.groups[group] = unit
        cut.groups[group + 1] = unit + 1
        at, unit, group = at + 1, unit + 1, group + 2
        cut.units[unit] = at
        unit += 1
        cut.unit_offsets[word + 1] = unit
        cut.group_offsets[word + 1] = group
    return at


@inlined
def _is_end_of_sentence(text: Bytes1, first: Scalar, last: Scalar) -> Scalar:
    """Return whether the word between marks is fastText's ``</s>``."""
    return (
        last - first == _END_OF_SENTENCE_BYTES
        and text[first + 1] == ord("<")
        and text[first + 2] == ord("/")
        and text[first + 3] == ord("s")
        and text[first + 4] == ord(">")
    )


@inlined
def _is_mark(first: Scalar, n: Scalar, count: Scalar) -> Scalar:
    return n == 1 and (first == 0 or first == count - 1)


@kernel
def find_spans(
    cut: CutWords, lengths: NgramLengths, first_word: int, word_count: int, spans: Spans
) -> int:
    """Find the n-grams of the words from ``first_word`` on; see ``symvec.text.ngrams.spans``.

    Args:
        cut: the words.
        lengths: which runs are n-grams.
        first_word: the first word.
        word_count: how many words.
        spans: written; ``offsets`` are counted from ``first_word``. With ``firsts`` of size 0,
            n-grams are only counted.

    Returns:
        The number of n-grams.
    """
    found = 0
    writes = spans.firsts.size > 0
    for word in range(first_word, first_word + word_count):
        begin = cut.unit_offsets[word]
        count = cut.unit_offsets[word + 1] - begin - 1
        group_begin = cut.group_offsets[word]
        group_count = cut.group_offsets[word + 1] - group_begin - 1
        if _is_end_of_sentence(cut.text, cut.units[begin], cut.units[begin + count]):
            count, group_count = 0, 0
        for first in range(count):
            for n in range(lengths.min_n, min(lengths.max_n, count - first) + 1):
                if _is_mark(first, n, count):
                    continue
                if writes:
                    spans.firsts[found] = cut.units[begin + first]
                    spans.lasts[found] = cut.units[begin + first + n]
                found += 1
        for first in range(group_count):
            for n in range(1, min(lengths.max_groups, group_count - first) + 1):
                start = cut.groups[group_begin + first]
                stop = cut.groups[group_begin + first + n]
                is_unit_ngram = lengths.min_n <= stop - start <= lengths.max_n
                if is_unit_ngram or _is_mark(first, n, group_count):
                    continue
                if writes:
                    spans.firsts[found] = cut.units[start]
                    spans.lasts[found] = cut.units[stop]
                found += 1
        spans.offsets[word - first_word + 1] = found
    return found


def no_groups(words: int) -> tuple[Ids64, Ids64]:
    """Return the groups of words whose units are not grouped, and their offsets."""
    return np.zeros(0, np.int64), np.zeros(words + 1, np.int64)
