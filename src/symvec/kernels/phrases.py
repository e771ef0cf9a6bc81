"""Pairs of neighbouring words become one word each, in the ids themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Bytes1, Ids, Ids64
from symvec.kernels.compiling import Scalar, inlined, kernel
from symvec.kernels.phrase_pairs import PairKeys, pair_hash, pair_key, pair_slot

SENTENCE_END = -1

# The places in the array ``progress``.
WRITTEN, WAITING, JOINED = range(3)
PROGRESS_SIZE = 3
NOTHING = -1
"""What ``progress[WAITING]`` holds where no word waits for its neighbour."""


class JoinTable(NamedTuple):
    """The word that each chosen pair becomes, by open addressing.

    Shapes: ``keys``, ``entries`` (power of two,), an entry is the new word's id + 1, 0 in a free
    slot; ``begins`` (words,) uint8, 1 for words that begin a pair.
    """

    keys: PairKeys
    entries: Ids64
    begins: Bytes1


@kernel
def fill_join_table(table: JoinTable, firsts: Ids64, seconds: Ids64, new_ids: Ids64) -> None:
    """Enter the pairs, each once, into an empty table with room for them."""
    for index in range(firsts.size):
        key = pair_key(firsts[index], seconds[index])
        slot = pair_slot(table.keys, table.entries, key, pair_hash(key))
        table.keys[slot] = key
        table.entries[slot] = new_ids[index] + 1
        table.begins[firsts[index]] = 1


@inlined
def _joined(table: JoinTable, first: Scalar, second: Scalar) -> Scalar:
    """Return the word that a pair becomes, -1 if it is none."""
    if table.begins[first] == 0:
        return np.int64(NOTHING)
    key = pair_key(first, second)
    return table.entries[pair_slot(table.keys, table.entries, key, pair_hash(key))] - 1


@kernel
def join_pairs(
    ids: Ids, start: Scalar, stop: Scalar, table: JoinTable, counts: Ids64, progress: Ids64
) -> None:
    """Join the pairs of ``ids[start:stop]`` from left to right, in place and closing the gaps.

    A word belongs to one pair at most. Written is from ``progress[WRITTEN]`` on, never past what
    was read; a word that may begin a pair waits in ``progress[WAITING]`` for the next call. The
    ids end with the end of a sentence, so none waits at last.

    Args:
        ids: (tokens,) int32 word ids, -1 behind each sentence.
        start: first token.
        stop: behind the last token.
        table: `JoinTable` of words below ``begins.size``.
        counts: (words and new words,) int64 occurrences, kept right.
        progress: (PROGRESS_SIZE,) int64, read and advanced.
    """
    written, waiting = progress[WRITTEN], progress[WAITING]
    for place in range(start, stop):
        word_id = np.int64(ids[place])
        if waiting >= 0:
            joined = np.int64(NOTHING)
            if word_id >= 0:
                joined = _joined(table, waiting, word_id)
            if joined >= 0:
                counts[waiting] -= 1
                counts[word_id] -= 1
                counts[joined] += 1
                progress[JOINED] += 1
                ids[written] = joined
                written += 1
                waiting = NOTHING
                continue
            ids[written] = waiting
            written += 1
        waiting = word_id
        if word_id < 0:
            ids[written] = SENTENCE_END
            written += 1
            waiting = NOTHING
    progress[WRITTEN], progress[WAITING] = written, waiting
