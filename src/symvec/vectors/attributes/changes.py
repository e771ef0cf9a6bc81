"""What a sentence adds to the attributes of a word, and what it removes."""

from __future__ import annotations

from dataclasses import dataclass

from symvec.errors import InputError
from symvec.vectors.attributes.atoms import Atoms
from symvec.vectors.contexts.word import WordInSentence


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """An attribute of a word by itself and in a sentence.

    Args:
        atom: the number of the atom.
        names: the words that are most like the atom.
        alone: its weight in the word by itself, 0 where it has no part in it.
        in_sentence: its weight in the word in the sentence.
    """

    atom: int
    names: tuple[str, ...]
    alone: float
    in_sentence: float

    @property
    def change(self) -> float:
        """What the sentence added; below 0 what it removed."""
        return self.in_sentence - self.alone


def attribute_changes(atoms: Atoms, word: WordInSentence) -> list[AttributeChange]:
    """Return the attributes that a word has alone or in its sentence, what was added most first.

    Args:
        atoms: of the same model.
        word: see ``word_in_sentence``.

    Raises:
        InputError: neither the word nor a word beside it is known.
    """
    if not word.vector.any():
        raise InputError(
            f"the model knows neither {word.word!r} nor a word beside it: {' '.join(word.sentence)}"
        )
    before, after = (
        {part.atom: part for part in (atoms.attributes_of(vector)[0] if vector.any() else ())}
        for vector in (word.alone, word.vector)
    )
    found = [
        AttributeChange(
            atom,
            (after.get(atom) or before[atom]).names,
            before[atom].weight if atom in before else 0.0,
            after[atom].weight if atom in after else 0.0,
        )
        for atom in {**after, **before}
    ]
    return sorted(found, key=lambda one: (-one.change, one.atom))
