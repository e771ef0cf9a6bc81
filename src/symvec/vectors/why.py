"""What supports a neighbour: rows in common, contexts in common, and the rank in other models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.errors import InputError
from symvec.vectors.cosine import cosines
from symvec.vectors.neighbours import nearest

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_WINDOW: Final = 5
_CONTEXTS: Final = 5
# A context seen once with each word may be chance.
_LEAST: Final = 2
_RANKED: Final = 1000


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for a word being near another one.

    Args:
        neighbour: the word.
        similarity: its cosine.
        shared_rows: which part of the rows of either word both have: their n-grams, as a rule;
            0 where each word is one row.
        shared_contexts: words that stand beside both more often than chance has it, the
            strongest first.
        lines: one line of the text with each word beside the strongest context.
        ranks: the neighbour's rank in other models, 1 for the nearest; None where it is not
            among the thousand nearest, or not there.
    """

    neighbour: str
    similarity: float
    shared_rows: float
    shared_contexts: tuple[str, ...]
    lines: tuple[str, ...]
    ranks: tuple[int | None, ...]


class _Contexts:
    """The words beside some words of a text, counted."""

    def __init__(self, words: Iterable[str]) -> None:
        self.beside: dict[str, Counter[str]] = {word: Counter() for word in words}
        self.lines: dict[tuple[str, str], str] = {}
        self.all: Counter[str] = Counter()

    def read(self, sentence: Sequence[str]) -> None:
        """Count a sentence."""
        self.all.update(sentence)
        for place, word in enumerate(sentence):
            counter = self.beside.get(word)
            if counter is not None:
                begin = max(0, place - _WINDOW)
                around = [*sentence[begin:place], *sentence[place + 1 : place + 1 + _WINDOW]]
                counter.update(around)
                for other in around:
                    self.lines.setdefault((word, other), " ".join(sentence[begin : place + 8]))

    def shared(self, first: str, second: str) -> list[str]:
        """Return the contexts of both words, by the smaller of their two associations."""
        one, two = self.beside[first], self.beside[second]
        total = sum(self.all.values())
        scores = {}
        for context in one.keys() & two.keys() - {first, second}:
            if min(one[context], two[context]) >= _LEAST:
                expected = self.all[context] / total
                lifts = [
                    np.log(counts[context] / (sum(counts.values()) * expected))
                    for counts in (one, two)
                ]
                if min(lifts) > 0:
                    scores[context] = min(lifts) * np.log1p(min(one[context], two[context]))
        return sorted(scores, key=lambda context: (-scores[context], context))[:_CONTEXTS]


def explain_neighbours(
    vectors: Vectors,
    word: str,
    neighbours: Sequence[str],
    *,
    sentences: Iterable[Sequence[str]] | None = None,
    others: Sequence[Vectors] = (),
) -> list[Support]:
    """Return what supports each neighbour of a word.

    Args:
        vectors: the model that was asked.
        word: what was asked for.
        neighbours: its neighbours.
        sentences: of a text that is gone through once, for contexts in common.
        others: models of other seeds or resamples, in which the neighbour is looked up.

    Raises:
        UnknownSymbolError: a word is not there.
        InputError: a neighbour is the word itself.
    """
    asked = vectors.resolve(word)
    if asked in neighbours:
        raise InputError(f"{asked!r} is no neighbour of itself")
    contexts = _Contexts([asked, *neighbours])
    for sentence in sentences or ():
        contexts.read(sentence)
    ranks = [_ranks(model, asked, neighbours) for model in others]
    found = []
    for neighbour in neighbours:
        shared = contexts.shared(asked, neighbour)
        lines = [contexts.lines[(w, shared[0])] for w in (asked, neighbour)] if shared else []
        similarity = float(cosines(vectors[[asked]], vectors[[neighbour]])[0])
        found.append(
            Support(
                neighbour,
                similarity,
                _shared_rows(vectors, asked, neighbour),
                tuple(shared),
                tuple(lines),
                tuple(places.get(neighbour) for places in ranks),
            )
        )
    return found


def _shared_rows(vectors: Vectors, first: str, second: str) -> float:
    rows = [set(vectors.rows.rows_of(word).tolist()) for word in (first, second)]
    return len(rows[0] & rows[1]) / max(1, len(rows[0] | rows[1]))


def _ranks(vectors: Vectors, word: str, neighbours: Sequence[str]) -> Mapping[str, int]:
    if word not in vectors:
        return {}
    query = vectors[[vectors.resolve(word)]]
    found, _ = nearest(vectors.search_space(), query, _RANKED + 1)
    names = [vectors.vocabulary.word(word_id) for word_id in found[0].tolist()]
    places = {name: place for place, name in enumerate((n for n in names if n != word), start=1)}
    return {name: places[name] for name in neighbours if name in places}
