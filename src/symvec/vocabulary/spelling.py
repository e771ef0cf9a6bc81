"""Words that are spelled nearly like one that is not there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from symvec.arrays import AnyArray
from symvec.vocabulary.index import WordIndex, decode, encode

# The bound on what is looked at: a suggestion for one of three million words comes in well
# under a tenth of a second, and a misspelt word is most likely meant to be a frequent one.
MOST_FREQUENT = 20_000
BEGINNING_ALIKE = 10_000
LONGEST_WORD = 64


def near_spellings(word: str, index: WordIndex, n: int) -> list[str]:
    """Return up to ``n`` words of ``index`` that are spelled nearly like ``word``.

    Words are compared without case and accents, by the number of letters to insert, delete,
    replace or swap; more than a third of the letters is too far. Nearer words come first, of
    those the more frequent ones. Looked at are the ``MOST_FREQUENT`` words, and of those that
    have the first two letters of ``word`` (as given, in lower case, in capitals, capitalised) the
    ``BEGINNING_ALIKE`` most frequent ones. No word of more than ``LONGEST_WORD`` letters is
    suggested, or suggested for.

    Args:
        word: what was asked for.
        index: the words, the more frequent ones first.
        n: how many at most.

    Example:
        >>> from symvec.vocabulary import Vocabulary
        >>> Vocabulary.from_words(["Tübingen", "turbine", "cup"]).suggestions("tubingen")
        ['Tübingen']
    """
    if n <= 0 or not 0 < len(word) <= LONGEST_WORD or not len(index):
        return []
    wanted = fold(word)
    farthest = max(1, len(wanted) // 3)
    known = [decode(index.key(word_id)) for word_id in _candidates(word, index)]
    folded = [fold(candidate) for candidate in known if len(candidate) <= LONGEST_WORD]
    known = [candidate for candidate in known if len(candidate) <= LONGEST_WORD]
    near = [i for i, key in enumerate(folded) if abs(len(key) - len(wanted)) <= farthest]
    distances = edit_distances(wanted, [folded[i] for i in near])
    best = np.argsort(distances, kind="stable")[:n]
    return [known[near[i]] for i in best if distances[i] <= farthest]


def fold(word: str) -> str:
    """Return the word without case and accents.

    Example:
        >>> fold("Crème")
        'creme'
    """
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")


def edit_distances(word: str, others: Sequence[str]) -> AnyArray:
    """Return how many letters to insert, delete, replace or swap make ``word`` each other word.

    This is the optimal string alignment distance (Damerau 1964 for the swap of neighbours), of
    one word to all the others at once.

    Returns:
        (others,) int16.

    Example:
        >>> edit_distances("coffee", ["coffee", "cofee", "ocffee", "tea"]).tolist()
        [0, 1, 1, 5]
    """
    if not others:
        return np.zeros(0, dtype=np.int16)
    lengths = np.array([len(other) for other in others])
    letters = np.zeros((lengths.max(), len(others)), dtype=np.uint32)
    for i, other in enumerate(others):
        letters[: len(other), i] = [ord(letter) for letter in other]
    before: list[AnyArray] = []
    row = [np.full(len(others), j, dtype=np.int16) for j in range(len(letters) + 1)]
    for i, letter in enumerate(word):
        above, row = row, [np.full(len(others), i + 1, dtype=np.int16)]
        for j, column in enumerate(letters):
            differs = column != ord(letter)
            cheapest = np.minimum(np.minimum(above[j + 1], row[j]) + 1, above[j] + differs)
            if i and j:
                swapped = (letters[j - 1] == ord(letter)) & (column == ord(word[i - 1]))
                cheapest = np.where(swapped, np.minimum(cheapest, before[j - 1] + 1), cheapest)
            row.append(cheapest.astype(np.int16))
        before = above
    distances: AnyArray = np.stack(row)[lengths, np.arange(len(others))]
    return distances


def _candidates(word: str, index: WordIndex) -> list[int]:
    """Return the word ids to compare with, the more frequent ones first."""
    word_ids = set(range(min(len(index), MOST_FREQUENT)))
    for form in {word, word.lower(), word.upper(), word.capitalize()}:
        beginning = encode(form[:2])
        word_ids.update(index.between(beginning, beginning + b"\xff" * 4, BEGINNING_ALIKE))
    return sorted(word_ids)
