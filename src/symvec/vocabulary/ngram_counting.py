"""Which n-grams occur in a vocabulary, how often, and which of a list each word has."""

from __future__ import annotations

import numpy as np

from symvec.arrays import Ids64, RaggedRows
from symvec.kernels import word_table
from symvec.kernels.ngram_table import intern_spans
from symvec.kernels.word_table import WordTable
from symvec.text.ngrams import Cutting
from symvec.vocabulary.bags import offsets_of
from symvec.vocabulary.cut_words import cut_words, ngram_counts, spans_of_words
from symvec.vocabulary.vocabulary import Vocabulary


def frequent_ngrams(cutting: Cutting, vocabulary: Vocabulary, min_count: int) -> Vocabulary:
    """Return the n-grams that occur at least ``min_count`` times, the most frequent ones first.

    An n-gram occurs as often as the words that it is part of; a word whose count is not known
    counts once.
    """
    occurrences = np.maximum(vocabulary.counts, 1)
    cut = cut_words(cutting, vocabulary)
    table = word_table.empty_table()
    for first, spans in spans_of_words(cutting, cut, ngram_counts(cutting, cut)):
        total = len(spans.firsts)
        spelling_bytes = int((spans.lasts - spans.firsts).sum()) + cut.text.size
        table = word_table.with_room(table, words=total, spelling_bytes=spelling_bytes)
        own = occurrences[first : first + spans.offsets.size - 1]
        intern_spans(table, cut.text, spans, own, np.empty(total, np.int64))
    counts = word_table.word_counts(table)
    kept = np.flatnonzero(counts >= min_count)
    kept = kept[np.argsort(-counts[kept], kind="stable")]
    return _vocabulary_of(table, kept, counts[kept])


def listed_ngrams(cutting: Cutting, vocabulary: Vocabulary, ngrams: Vocabulary) -> RaggedRows:
    """Return the ids of those n-grams of each word that are in a list, by word id."""
    cut = cut_words(cutting, vocabulary)
    counts = ngram_counts(cutting, cut)
    table = _full_table(ngrams, cut.text.size)
    found = np.empty(int(counts.sum()), dtype=np.int64)
    offsets = offsets_of(counts)
    for first, spans in spans_of_words(cutting, cut, counts):
        words = spans.offsets.size - 1
        own = found[offsets[first] : offsets[first + words]]
        intern_spans(table, cut.text, spans, np.zeros(words, np.int64), own)
    word_of = np.repeat(np.arange(len(counts)), counts)[found >= 0]
    return RaggedRows(
        found[found >= 0], offsets_of(np.bincount(word_of, minlength=len(counts)).astype(np.int64))
    )


def _full_table(ngrams: Vocabulary, longest_bytes: int) -> WordTable:
    """Return a table of the n-grams that takes no more, but can spell one to look for it."""
    table = word_table.with_room(
        word_table.empty_table(),
        words=len(ngrams),
        spelling_bytes=int(ngrams.blob.size) + longest_bytes,
    )
    blob = np.array(ngrams.blob)
    word_table.intern_words(table, blob, np.array(ngrams.offsets), np.empty(len(ngrams), np.int64))
    return table._replace(irregular=table.irregular[: len(ngrams)])


def _vocabulary_of(table: WordTable, kept: Ids64, counts: Ids64) -> Vocabulary:
    ends = table.ends
    lengths = ends[kept + 1] - ends[kept]
    offsets = offsets_of(lengths)
    places = np.repeat(ends[kept] - offsets[:-1], lengths) + np.arange(int(offsets[-1]))
    return Vocabulary.from_blob(table.spellings[places], offsets, counts)
