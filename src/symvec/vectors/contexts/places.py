"""A place in a sentence, and whatever gives the word there a vector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from symvec.arrays import Double1, Double2
from symvec.errors import InputError

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors


Place: TypeAlias = tuple[Sequence[str], int]
"""A sentence and a position in it."""


class Contexts(Protocol):
    """What gives a word in its sentence a vector, in the space of a model's words."""

    @property
    def vectors(self) -> Vectors:
        """The model."""

    def at(self, sentence: Sequence[str], position: int) -> Double1:
        """Return the vector of the word at a position, (D,) float64 of length 1 or 0.

        Raises:
            InputError: the sentence has no such position.
        """

    def at_each(self, places: Iterable[Place]) -> Double2:
        """Return what ``at`` says of each of many places, (places, D) float64.

        Raises:
            InputError: a sentence has no such position.
        """

    def contexts(self, sentences: Iterable[Sequence[str]], word: str) -> Double2:
        """Return the vector of the first occurrence of a word in each sentence that holds it.

        Returns:
            (occurrences, D) float64 of length 1; zero where nothing is known.
        """


def check_position(sentence: Sequence[str], position: int) -> None:
    """Check that a sentence has a position.

    Raises:
        InputError: it has not.
    """
    if not 0 <= position < len(sentence):
        raise InputError(
            f"positions go from 0 to {len(sentence) - 1} in this sentence, got {position}"
        )


def places_of(word: str, sentences: Iterable[Sequence[str]]) -> Iterator[Place]:
    """Go through the first places of a word in the sentences that hold it.

    Example:
        >>> list(places_of("b", [["a", "b"], ["c"]]))
        [(['a', 'b'], 1)]
    """
    for sentence in sentences:
        if word in sentence:
            words = list(sentence)
            yield words, words.index(word)


def position_of(sentence: Sequence[str], word: str) -> int:
    """Return the first place of a word in a sentence.

    Raises:
        InputError: it is not there; words that begin with it are named, as particles may follow.

    Example:
        >>> position_of(["배를", "타고"], "배")
        Traceback (most recent call last):
        symvec.errors.InputError: the sentence does not hold the word '배', but '배를': '배를 타고'
    """
    words = list(sentence)
    if word in words:
        return words.index(word)
    alike = [repr(other) for other in dict.fromkeys(words) if word and other.startswith(word)]
    but = f", but {', '.join(alike[:3])}" if alike else ""
    raise InputError(f"the sentence does not hold the word {word!r}{but}: {' '.join(words)!r}")
