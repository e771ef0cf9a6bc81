"""``symvec attributes --in``: what a sentence added to a word's attributes, and removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symvec.cli.output import Output
from symvec.cli.similar_in import shown
from symvec.cli.tables import Cell, Table
from symvec.vectors.attributes.changes import attribute_changes
from symvec.vectors.contexts import word_in_sentence

if TYPE_CHECKING:
    from symvec.vectors.attributes import Atoms
    from symvec.vectors.contexts import Contexts


def attributes_in_output(
    atoms: Atoms, contexts: Contexts, words: Sequence[str], sentences: Sequence[str]
) -> Output:
    """Return the attributes of each word of each sentence beside those of the word alone.

    Raises:
        InputError: a sentence does not hold a word, or nothing of it is known.
    """
    documents, records, tables = [], [], []
    for text in sentences:
        for word in words:
            place = word_in_sentence(contexts, text, word)
            changes = attribute_changes(atoms, place)
            about = {"word": place.word, "sentence": " ".join(place.sentence)}
            facts = [
                {
                    "atom": one.atom,
                    "names": list(one.names),
                    "alone": one.alone,
                    "in_sentence": one.in_sentence,
                    "change": one.change,
                }
                for one in changes
            ]
            documents.append({**about, "position": place.position, "attributes": facts})
            records += [
                {**about, **fact, "names": " ".join(one.names)}
                for fact, one in zip(facts, changes, strict=True)
            ]
            rows: list[list[Cell]] = [
                [" ".join(one.names), one.alone, one.in_sentence, f"{one.change:+.3f}"]
                for one in changes
            ]
            tables.append(Table([shown(place), "alone", "in the sentence", "change"], rows))
    return Output({"words": documents}, records, tables)
