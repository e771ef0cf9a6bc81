"""N-grams found, counted and numbered in a table of words."""

from __future__ import annotations

from symvec.arrays import Bytes1, Ids64
from symvec.kernels.compiling import kernel
from symvec.kernels.ngrams import Spans
from symvec.kernels.word_table import NO_KEY, WordTable, extended, intern


@kernel
def intern_spans(
    table: WordTable, text: Bytes1, spans: Spans, occurrences: Ids64, ngram_ids: Ids64
) -> None:
    """Find or add each n-gram and count it as often as its word occurs.

    Args:
        table: with room for the spelling of each n-gram; where it has no room for another
            entry, n-grams that are not there stay out and get the number -1.
        text: what the spans are cut from.
        spans: the n-grams of some words.
        occurrences: (words,) int64, of each of these words.
        ngram_ids: (n-grams,) int64, written.
    """
    for word in range(spans.offsets.size - 1):
        for span in range(spans.offsets[word], spans.offsets[word + 1]):
            key, earlier, length = NO_KEY, NO_KEY, 0
            at = table.ends[table.size[0]]
            for place in range(spans.firsts[span], spans.lasts[span]):
                table.spellings[at + length] = text[place]
                key, earlier, length = extended(key, earlier, length, text[place])
            ngram_ids[span] = intern(table, key, earlier, length, occurrences[word])
