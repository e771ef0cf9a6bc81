"""``symvec similar --in``: the words that are used like a word in its sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symvec.cli.output import Output
from symvec.cli.tables import Table
from symvec.errors import InputError
from symvec.vectors.contexts import word_in_sentence

if TYPE_CHECKING:
    from symvec.vectors.contexts import Contexts, WordInSentence
    from symvec.vectors.formula import Search


def neighbours_in_sentences(
    contexts: Contexts, words: Sequence[str], sentences: Sequence[str], k: int, search: Search
) -> list[tuple[WordInSentence, list[tuple[str, float]]]]:
    """Return each word of each sentence with its neighbours there.

    Raises:
        InputError: a sentence does not hold a word, or nothing of it is known.
    """
    places = [word_in_sentence(contexts, text, word) for text in sentences for word in words]
    for place in places:
        if not place.vector.any():
            raise InputError(
                f"the model knows neither {place.word!r} nor a word beside it: "
                f"{' '.join(place.sentence)!r}"
            )
    if k < 0:
        raise InputError(f"the number of answers must be 0 or more, got {k}")
    found, scores = search(np.stack([place.vector for place in places]).astype(np.float32), k + 1)
    vocabulary = contexts.vectors.vocabulary
    answers = []
    for place, ids, values in zip(places, found, scores, strict=True):
        named = [(vocabulary.word(int(n)), float(x)) for n, x in zip(ids, values, strict=True)]
        answers.append((place, [pair for pair in named if pair[0] != place.word][:k]))
    return answers


def similar_in_output(
    answers: Sequence[tuple[WordInSentence, list[tuple[str, float]]]],
    about: Mapping[str, Any] | None = None,
) -> Output:
    """Return neighbours in sentences, to be written; ``about`` is of the engine."""
    document = {
        "answers": [
            {
                "word": place.word,
                "sentence": " ".join(place.sentence),
                "position": place.position,
                "neighbours": [
                    {"word": neighbour, "similarity": similarity}
                    for neighbour, similarity in answer
                ],
            }
            for place, answer in answers
        ],
        **({"engine": about} if about else {}),
    }
    records = [
        {
            "word": place.word,
            "sentence": " ".join(place.sentence),
            "rank": rank,
            "neighbour": neighbour,
            "similarity": similarity,
        }
        for place, answer in answers
        for rank, (neighbour, similarity) in enumerate(answer, start=1)
    ]
    tables = [Table([f"{shown(place)}", "similarity"], answer) for place, answer in answers]
    if about:
        tables.append(Table(["engine", "recall against exact"], [[about["name"], about["recall"]]]))
    return Output(document, records, tables)


def shown(place: WordInSentence) -> str:
    """Return a word between a few of the words around it, as a heading."""
    before = " ".join(place.sentence[max(0, place.position - 4) : place.position])
    after = " ".join(place.sentence[place.position + 1 : place.position + 5])
    return f"{before} [{place.word}] {after}".strip()
