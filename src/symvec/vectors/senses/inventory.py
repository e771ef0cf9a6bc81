"""A word's senses: how often each is meant, what is near it, and lines that show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import Double1, Double2
from symvec.errors import EmptyCorpusError
from symvec.vectors.contexts.places import Contexts
from symvec.vectors.cosine import unit
from symvec.vectors.neighbours import nearest
from symvec.vectors.senses.grouping import STRENGTH, group_senses

if TYPE_CHECKING:
    from symvec.vectors.asking import Answer

OCCURRENCES: Final = 2000
# Neighbours are frequent words: rare ones have vectors of chance.
_AMONG: Final = 20_000


@dataclass(frozen=True, eq=False)
class Sense:
    """One sense of a word.

    Args:
        share: which part of the occurrences has it, 0 to 1.
        occurrences: how many.
        vector: (D,) float64 of length 1, the mean of their context vectors.
        examples: sentences, the most typical first.
    """

    share: float
    occurrences: int
    vector: Double1
    examples: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SenseInventory:
    """The senses of a word, the most frequent first.

    Args:
        word: as the model writes it.
        context_map: what turns a place in a sentence into a vector.
        senses: one or more.
        mean: (D,) float64, the mean of all context vectors.
    """

    word: str
    context_map: Contexts
    senses: tuple[Sense, ...]
    mean: Double1

    def sense_of(self, sentence: Sequence[str], position: int) -> tuple[int, Double1]:
        """Return the number of the sense meant at a place, and the cosines with all senses.

        Cosines are of what sets a sense apart: vectors less the mean of all occurrences.

        Raises:
            InputError: the sentence has no such position.
        """
        vector = self.context_map.at(sentence, position)
        cosines = unit((vector - self.mean)[None]).astype(np.float64) @ self._centred.T
        return int(cosines[0].argmax()), cosines[0]

    def neighbours(self, number: int, topn: int = 10) -> Answer:
        """Return the frequent words nearest to a sense, without the word itself.

        Where there are several senses, what all occurrences share is taken off first.
        """
        sense = self.senses[number]
        vectors = self.context_map.vectors
        query = sense.vector if len(self.senses) == 1 else sense.vector - 0.5 * self.mean
        found, scores = nearest(
            vectors.search_space(_AMONG), query[None].astype(np.float32), topn + 1
        )
        words = [vectors.vocabulary.word(int(word_id)) for word_id in found[0]]
        pairs = zip(words, scores[0].tolist(), strict=True)
        return [pair for pair in pairs if pair[0] != self.word][:topn]

    @property
    def _centred(self) -> Double2:
        rows: Double2 = unit(np.stack([sense.vector for sense in self.senses]) - self.mean).astype(
            np.float64
        )
        return rows


def find_senses(
    context_map: Contexts,
    word: str,
    sentences: Iterable[Sequence[str]],
    *,
    strength: float = STRENGTH,
    occurrences: int = OCCURRENCES,
    seed: int = 1,
) -> SenseInventory:
    """Group the occurrences of a word into senses; how many there are is found.

    Args:
        context_map: see ``fit_context_map``.
        word: as the model's tokeniser writes it; it need not be in the model.
        sentences: of a text; those without the word are passed over.
        strength: lower values find more senses; see ``group_senses``.
        occurrences: look at so many at most.
        seed: of the grouping.

    Raises:
        EmptyCorpusError: the word stands in no sentence.
    """
    holding = list(islice((list(s) for s in sentences if word in s), occurrences))
    contexts = context_map.contexts(holding, word)
    kept = np.flatnonzero(np.any(contexts != 0, axis=1))
    if not kept.size:
        raise EmptyCorpusError(f"{word!r} stands in no sentence of the text with words beside it")
    contexts, holding = contexts[kept], [holding[place] for place in kept]
    labels = group_senses(contexts, strength=strength, seed=seed)
    senses = []
    for number in range(int(labels.max()) + 1):
        places = np.flatnonzero(labels == number)
        vector = unit(contexts[places].mean(axis=0)[None])[0].astype(np.float64)
        typical = places[np.argsort(-(contexts[places] @ vector), kind="stable")]
        lines = tuple(dict.fromkeys(_shown(holding[place], word) for place in typical[:20]))
        senses.append(Sense(len(places) / len(labels), len(places), vector, lines))
    return SenseInventory(word, context_map, tuple(senses), contexts.mean(axis=0))


def _shown(sentence: Sequence[str], word: str) -> str:
    """Return the words around the first occurrence, as a line to read."""
    place = list(sentence).index(word)
    begin, end = max(0, place - 8), place + 9
    cut = ("… " if begin else "") + " ".join(sentence[begin:end])
    return cut + (" …" if end < len(sentence) else "")
