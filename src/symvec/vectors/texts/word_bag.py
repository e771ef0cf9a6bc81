"""The words of a short text that have vectors, and how often each comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symvec.arrays import Double1, Double2
from symvec.text.tokenisers import Tokeniser
from symvec.vectors.asking import query_vectors
from symvec.vectors.cosine import unit

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors


@dataclass(frozen=True, eq=False)
class WordBag:
    """Distinct words of a text.

    Args:
        words: those that have a vector, in the order in which they first come.
        counts: (words,) float64, how often each comes.
        directions: (words, D) float64, their vectors divided by their lengths.
        missing: words of the text without a vector, each as often as it comes.
    """

    words: tuple[str, ...]
    counts: Double1
    directions: Double2
    missing: tuple[str, ...]


def tokens_of(vectors: Vectors, text: str | Sequence[str]) -> list[str]:
    """Return the words of a text, cut as the text was that the vectors learned from.

    A list of words is taken as it is. Vectors that do not know their tokeniser get symvec's own.
    """
    if not isinstance(text, str):
        return [vectors.resolve(word) for word in text]
    tokeniser = Tokeniser() if vectors.tokeniser is None else vectors.tokeniser
    return tokeniser.tokens(text)


def word_bag(vectors: Vectors, text: str | Sequence[str]) -> WordBag:
    """Return the words of a text with their vectors; those without one are listed.

    Example:
        >>> from symvec.vectors import Vectors
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["tea", "cat"]))
        >>> bag = word_bag(Vectors(words, np.eye(2, dtype=np.float32)), "Tea, tea and a cat")
        >>> bag.words, bag.counts.tolist(), bag.missing
        (('tea', 'cat'), [2.0, 1.0], ('and', 'a'))
    """
    counted = Counter(tokens_of(vectors, text))
    known = [word for word in counted if word in vectors]
    missing = [word for word, count in counted.items() if word not in vectors for _ in range(count)]
    directions = unit(query_vectors(vectors, known)[0]).astype(np.float64)
    counts = np.array([counted[word] for word in known], dtype=np.float64)
    return WordBag(tuple(known), counts, directions, tuple(missing))
