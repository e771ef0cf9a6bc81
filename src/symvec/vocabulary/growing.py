"""A vocabulary that has met new text: its words are kept, frequent new ones are added."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Ids, Ids64
from symvec.errors import EmptyCorpusError
from symvec.vocabulary.first_pass import FirstPass
from symvec.vocabulary.index import split
from symvec.vocabulary.pruning import check_not_empty, most_frequent_first
from symvec.vocabulary.vocabulary import Vocabulary


class Grown(NamedTuple):
    """A vocabulary after new text.

    Fields:
        vocabulary: old and new words, most frequent first, counted over all text.
        word_ids: (words of the text,) int32, the word id of each word of the text, or -1.
        own_counts: (words,) int64, how often each word occurs in the new text.
    """

    vocabulary: Vocabulary
    word_ids: Ids
    own_counts: Ids64


def grow(
    known: Vocabulary, first_pass: FirstPass, min_count: int, max_vocabulary: int | None
) -> Grown:
    """Return a vocabulary with the words of new text.

    Every known word stays, with its occurrences in the text added to its count, be they fewer
    than ``min_count``. Other words need ``min_count`` of them in the text, for how often they
    were seen before is not known.

    Args:
        known: the words so far.
        first_pass: the words of the text.
        min_count: occurrences that a new word needs.
        max_vocabulary: new words are added up to so many words in all; None adds all.

    Raises:
        EmptyCorpusError: no word of the text is known or frequent enough.
    """
    check_not_empty(first_pass)
    there = known.find(split(first_pass.blob, first_pass.offsets))
    old = np.flatnonzero((there >= 0) & (first_pass.counts > 0))
    new = np.flatnonzero((there < 0) & (first_pass.counts >= min_count))
    added = most_frequent_first(first_pass, new)
    added = added if max_vocabulary is None else added[: max(max_vocabulary - len(known), 0)]
    if not old.size and not added.size:
        raise EmptyCorpusError(
            f"none of the {first_pass.distinct_words:,} words of the text is in the model, and "
            f"none occurs min_count={min_count} times; see whether text and model are of the same "
            "language, or give a lower min_count"
        )
    own_counts = np.zeros(len(known) + added.size, np.int64)
    own_counts[there[old]] = first_pass.counts[old]
    own_counts[len(known) :] = first_pass.counts[added]
    counts = own_counts.copy()
    counts[: len(known)] += known.counts
    order = np.argsort(-counts, kind="stable")  # of equals the old ones first
    word_ids = np.full(first_pass.counts.size, -1, np.int32)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    word_ids[old], word_ids[added] = place[there[old]], place[len(known) :]
    keys = [*split(known.blob, known.offsets), *(first_pass.word(word) for word in added.tolist())]
    vocabulary = Vocabulary.from_words([keys[word] for word in order.tolist()], counts[order])
    return Grown(vocabulary, word_ids, own_counts[order])
