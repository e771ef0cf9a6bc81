"""Phrases learned from a corpus and joined in it, in the file of its ids.

The ids are those that the first pass over the text wrote, before rare words are dropped: words
are neighbours only if nothing stood between them. There is no second copy of the corpus.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from symvec.arrays import Bytes1, Ids, Ids64
from symvec.kernels import phrases as kernels
from symvec.kernels import scanning
from symvec.text.phrases import Phrase, PhraseRules, Phrases
from symvec.vocabulary.first_pass import FirstPass
from symvec.vocabulary.index import decode, encode, split
from symvec.vocabulary.phrase_pairs import Pairs, chunks, frequent_pairs
from symvec.vocabulary.phrase_scores import pair_limits, pair_scores

_ID_BYTES: Final = 4


def learn_phrases(
    ids_path: Path, first_pass: FirstPass, rules: PhraseRules
) -> tuple[FirstPass, Phrases]:
    """Choose phrases and join them in the ids, pass by pass.

    A later pass takes the phrases of those before it for words, so that it finds longer ones. It
    ends early if a pass finds none.

    Args:
        ids_path: the file of provisional ids, rewritten in place.
        first_pass: the words that they stand for.
        rules: which pairs are phrases, and how many passes there are.

    Returns:
        The words with the phrases behind them, counted anew; and the phrases.
    """
    _to_words(ids_path, first_pass)
    words = _Words(first_pass, rules.delimiter)
    learned: list[list[Phrase]] = []
    while len(learned) < rules.passes:
        pairs, phrases = _chosen(ids_path, words, rules)
        if not phrases:
            break
        _join(ids_path, words, pairs, words.ids_of(phrases))
        learned.append(phrases)
    return words.first_pass(), Phrases(rules, learned)


def join_phrases(ids_path: Path, first_pass: FirstPass, phrases: Phrases) -> FirstPass:
    """Join phrases that were learned before in the ids, pass by pass, and learn no others.

    Args:
        ids_path: the file of provisional ids, rewritten in place.
        first_pass: the words that they stand for.
        phrases: of a model, say.

    Returns:
        The words with the phrases behind them, counted anew.
    """
    _to_words(ids_path, first_pass)
    words = _Words(first_pass, phrases.rules.delimiter)
    for learned in phrases.passes:
        spelled = [(encode(phrase.first), encode(phrase.second)) for phrase in learned]
        here = words.find({word for pair in spelled for word in pair})
        met = [place for place, pair in enumerate(spelled) if here.keys() >= set(pair)]
        if met:
            first, second = (
                np.array([here[spelled[place][side]] for place in met], np.int64) for side in (0, 1)
            )
            pairs = Pairs(first, second, np.zeros(len(met), np.int64))
            _join(ids_path, words, pairs, words.ids_of([learned[place] for place in met]))
    return words.first_pass()


class _Words:
    """The words of the first pass and the phrases added to them."""

    def __init__(self, first_pass: FirstPass, delimiter: str) -> None:
        self._first_pass = first_pass
        self._delimiter = encode(delimiter)
        # A phrase may be spelled as a word that was there, or as another phrase.
        self._known = _words_with(self._delimiter, first_pass.blob, first_pass.offsets)
        self._added: list[bytes] = []
        self.counts = first_pass.counts

    def text(self, word_id: int) -> str:
        """Return a word."""
        original = self._first_pass.counts.size
        if word_id < original:
            return decode(self._first_pass.word(word_id))
        return decode(self._added[word_id - original])

    def find(self, wanted: set[bytes]) -> dict[bytes, int]:
        """Return the word ids of those of some words that there are."""
        first_pass = self._first_pass
        keys = [*split(first_pass.blob, first_pass.offsets), *self._added]
        return {key: word_id for word_id, key in enumerate(keys) if key in wanted}

    def ids_of(self, phrases: list[Phrase]) -> Ids64:
        """Return the word ids of phrases; those that are new are added, uncounted."""
        size = self.counts.size
        ids = []
        for phrase in phrases:
            spelling = encode(phrase.first) + self._delimiter + encode(phrase.second)
            word_id = self._known.setdefault(spelling, size)
            if word_id == size:
                self._added.append(spelling)
                size += 1
            ids.append(word_id)
        self.counts = np.append(self.counts, np.zeros(size - self.counts.size, dtype=np.int64))
        return np.array(ids, dtype=np.int64)

    def first_pass(self) -> FirstPass:
        """Return all words as they are counted now; phrases were met after all others."""
        old = self._first_pass
        sizes = [len(spelling) for spelling in self._added]
        added = np.frombuffer(b"".join(self._added), dtype=np.uint8)
        ids = np.arange(self.counts.size, dtype=np.int64)
        behind = int(old.first_seen.max(initial=0)) + 1 - old.counts.size
        return replace(
            old,
            blob=np.concatenate([old.blob, added]),
            offsets=np.append(old.offsets, old.offsets[-1] + np.cumsum(sizes, dtype=np.int64)),
            counts=self.counts,
            first_seen=np.append(old.first_seen, ids[old.counts.size :] + behind),
            word_of=ids,
        )


def _to_words(ids_path: Path, first_pass: FirstPass) -> None:
    """Replace each provisional id by the word that it stands for."""
    word_of = first_pass.word_of
    if np.array_equal(word_of, np.arange(word_of.size)):
        return
    ids, new_ids = _mapped(ids_path), word_of.astype(np.int32)
    progress = np.zeros(scanning.PROGRESS_SIZE, dtype=np.int64)
    for start, stop in chunks(ids.size):
        scanning.rewrite_ids(ids, start, stop, new_ids, progress)


def _chosen(ids_path: Path, words: _Words, rules: PhraseRules) -> tuple[Pairs, list[Phrase]]:
    """Return the pairs of the corpus that are phrases."""
    counts = words.counts
    pairs = frequent_pairs(_mapped(ids_path), pair_limits(rules, counts))
    scores = pair_scores(
        rules, counts[pairs.first], counts[pairs.second], pairs.counts, int(counts.sum())
    )
    chosen = (scores > rules.least_score) & (pairs.counts >= rules.min_count)
    pairs = Pairs(*(column[chosen] for column in pairs))
    columns = (column.tolist() for column in (*pairs, scores[chosen]))
    return pairs, [
        Phrase(words.text(first), words.text(second), score, count)
        for first, second, count, score in zip(*columns, strict=True)
    ]


def _join(ids_path: Path, words: _Words, pairs: Pairs, new_ids: Ids64) -> None:
    """Join the pairs in the file of ids, and count what changes."""
    slots = 1 << (2 * new_ids.size).bit_length()
    table = kernels.JoinTable(
        np.zeros(slots, dtype=np.uint64),
        np.zeros(slots, dtype=np.int64),
        np.zeros(words.counts.size, dtype=np.uint8),
    )
    kernels.fill_join_table(table, pairs.first, pairs.second, new_ids)
    progress = np.zeros(kernels.PROGRESS_SIZE, dtype=np.int64)
    progress[kernels.WAITING] = kernels.NOTHING
    ids = _mapped(ids_path)
    counts = words.counts.copy()
    for start, stop in chunks(ids.size):
        kernels.join_pairs(ids, start, stop, table, counts, progress)
    words.counts = counts
    del ids
    with ids_path.open("r+b") as file:
        file.truncate(int(progress[kernels.WRITTEN]) * _ID_BYTES)


def _mapped(ids_path: Path) -> Ids:
    """Return the ids of the file; an empty file cannot be mapped."""
    if ids_path.stat().st_size == 0:
        return np.empty(0, dtype=np.int32)
    return np.memmap(ids_path, dtype=np.int32, mode="r+")


def _words_with(piece: bytes, blob: Bytes1, offsets: Ids64) -> dict[bytes, int]:
    """Return the words that hold a piece of text, and their ids."""
    text = blob.tobytes()
    found: dict[bytes, int] = {}
    place = text.find(piece)
    while place >= 0:
        word_id = int(np.searchsorted(offsets, place, side="right")) - 1
        end = int(offsets[word_id + 1])
        word = text[offsets[word_id] : end]
        if piece in word:
            found[word] = word_id
        place = text.find(piece, max(place + 1, end - len(piece) + 1))
    return found
