"""Finding the words of a test set in a vocabulary, whatever their case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from symvec.arrays import Float2, Ids64
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary
from symvec.vocabulary.index import split

_BEYOND_ASCII = 0x80


@dataclass(frozen=True, eq=False)
class FoldedWords:
    """Words that are there in at least one form; forms that differ in case are one group.

    Args:
        groups: the number of each group, by folded word.
        word_ids: (groups,) int64, the most frequent form of each group.
        group_of_word: (words looked at,) int64, the group of each word id, or -1.
        made: (further groups, D) float32, vectors of words that are not there, whose groups have
            the numbers behind the others; see ``with_unseen_words``.
    """

    groups: dict[str, int]
    word_ids: Ids64
    group_of_word: Ids64
    made: Float2 | None = None

    def vectors(self, matrix: Float2) -> Float2:
        """Return the vector of each group, (groups, D), where ``matrix`` has those of words."""
        seen: Float2 = matrix[self.word_ids]
        return seen if self.made is None else np.concatenate([seen, self.made])

    def find(self, words: Sequence[str]) -> list[int]:
        """Return the group of each word, -1 where no form of it is there."""
        return [self.groups.get(fold(word), -1) for word in words]


def fold(word: str) -> str:
    """Return the word in capitals and composed (NFC), as forms are compared.

    gensim compares capitals, too, so that scores can be compared with its own.
    """
    return word.upper() if word.isascii() else unicodedata.normalize("NFC", word).upper()


def folded_words(vectors: Vectors, wanted: Iterable[str], words: int | None) -> FoldedWords:
    """Look for words among the most frequent ones of a vocabulary.

    A form whose vector is not finite counts as not there.

    Args:
        vectors: their vocabulary is searched.
        wanted: the words, in any case.
        words: how many of the most frequent words to look at, or None for all.
    """
    missing = {fold(word) for word in wanted}
    finite = np.isfinite(vectors.norms[:words])
    group_of_word = np.full(len(finite), -1, dtype=np.int64)
    groups: dict[str, int] = {}
    word_ids: list[int] = []
    for word_id in _candidates(vectors.vocabulary, len(finite), missing):
        folded = fold(vectors.vocabulary.word(word_id))
        if folded in missing and finite[word_id]:
            group = groups.setdefault(folded, len(groups))
            group_of_word[word_id] = group
            if group == len(word_ids):
                word_ids.append(word_id)
    return FoldedWords(groups, np.array(word_ids, dtype=np.int64), group_of_word)


def _candidates(vocabulary: Vocabulary, words: int, missing: Set[str]) -> list[int]:
    """Return which of the first words may be missing ones: far fewer than there are, as a rule.

    Words of ASCII are compared as bytes; any others may be one, as a long s is an S in capitals.
    """
    wanted = {word.encode("ascii") for word in missing if word.isascii()}
    offsets = vocabulary.offsets[: words + 1]
    blob = vocabulary.blob[: offsets[-1]]
    keys = split(np.frombuffer(blob.tobytes().upper(), np.uint8), offsets)
    ascii_ids = [word_id for word_id, key in enumerate(keys) if key in wanted]
    others = np.searchsorted(offsets, np.flatnonzero(blob >= _BEYOND_ASCII), side="right") - 1
    found: list[int] = np.union1d(np.array(ascii_ids, np.int64), others).tolist()
    return found


def with_unseen_words(found: FoldedWords, vectors: Vectors, wanted: Iterable[str]) -> FoldedWords:
    """Return the words with those that are in no form there, but have a vector by n-grams.

    Args:
        found: what ``folded_words`` found of the same words.
        vectors: its n-grams are asked.
        wanted: the words.
    """
    groups, made = dict(found.groups), []
    for word in sorted(wanted):
        if fold(word) in groups or vectors.resolve(word) in vectors.vocabulary:
            continue
        if word not in vectors:
            continue
        vector = vectors[word]
        if np.isfinite(vector).all():
            groups[fold(word)] = len(groups)
            made.append(vector)
    return replace(found, groups=groups, made=np.stack(made)) if made else found
