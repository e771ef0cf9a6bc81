"""A word in its sentence: its vector, what is near it there, and what the sentence changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from symvec.arrays import Double1
from symvec.errors import InputError
from symvec.vectors.contexts.places import Contexts, check_position, position_of
from symvec.vectors.cosine import unit
from symvec.vectors.texts.word_bag import tokens_of

if TYPE_CHECKING:
    from symvec.vectors.asking import Answer
    from symvec.vectors.vectors import Restriction, Vectors

# Half by the sentence, half by all that the word means elsewhere: with the sentence alone, the
# neighbours are words of its subject, whatever the word is.
SENTENCE_SHARE: Final = 0.5


@dataclass(frozen=True, eq=False)
class WordInSentence:
    """A word at its place in a sentence.

    Args:
        vectors: the model.
        sentence: the words around it, and itself.
        position: where it stands.
        context: (D,) float64 of length 1, what the sentence says of it; 0 if it says nothing.
        share: how much of ``vector`` comes from the sentence, 0 to 1.
    """

    vectors: Vectors
    sentence: tuple[str, ...]
    position: int
    context: Double1
    share: float = SENTENCE_SHARE

    @property
    def word(self) -> str:
        """The word as it stands there."""
        return self.sentence[self.position]

    @property
    def alone(self) -> Double1:
        """The vector that the word has by itself, (D,) float64 of length 1; 0 if it has none."""
        if self.word not in self.vectors:
            return np.zeros(self.vectors.vector_size)
        found: Double1 = unit(self.vectors[self.word][None])[0].astype(np.float64)
        return found if np.isfinite(found).all() else np.zeros(self.vectors.vector_size)

    @property
    def vector(self) -> Double1:
        """The word in this sentence, (D,) float64 of length 1.

        It is between the word by itself and what the sentence says of it; where one of them is
        not known it is the other.
        """
        mixed = (1 - self.share) * self.alone + self.share * self.context
        vector: Double1 = unit(mixed[None])[0].astype(np.float64)
        return vector

    def most_similar(self, topn: int = 10, *, restrict_to: Restriction = None) -> Answer:
        """Return the words nearest to the word in this sentence, without the word itself.

        Raises:
            InputError: ``topn`` is negative, or neither the word nor a neighbour is known.
        """
        if not self.vector.any():
            raise InputError(
                f"the model knows neither {self.word!r} nor a word beside it: "
                f"{' '.join(self.sentence)!r}"
            )
        answer = self.vectors.most_similar(self.vector, topn + 1, restrict_to=restrict_to)
        found = cast("Answer", answer)  # one question has one answer
        return [pair for pair in found if pair[0] != self.word][:topn]


def word_in_sentence(
    contexts: Contexts,
    sentence: str | Sequence[str],
    word: str | int,
    *,
    share: float = SENTENCE_SHARE,
) -> WordInSentence:
    """Return a word at its place in a sentence.

    Args:
        contexts: what reads the sentence: ``fit_context_map(...)``,
            ``whitening_context_map(...)`` or ``fit_encoder_map(...)``.
        sentence: text, which is cut as the model's was, or words.
        word: the word, of which the first place counts, or the number of a place.
        share: how much of the vector comes from the sentence, 0 to 1.

    Raises:
        InputError: the sentence does not hold the word, or the share is out of range.

    Example:
        >>> import numpy as np
        >>> from symvec.vectors import Vectors
        >>> from symvec.vectors.contexts import whitening_context_map
        >>> from symvec.vocabulary import Vocabulary, WordRows
        >>> words = WordRows(Vocabulary.from_words(["bank", "river", "shore", "money"]))
        >>> table = np.array([[1, 1], [1, 0], [2, 0.1], [0, 1]], dtype=np.float32)
        >>> contexts = whitening_context_map(Vectors(words, table))
        >>> place = word_in_sentence(contexts, "a bank of the river", "bank")
        >>> [word for word, _ in place.most_similar(2)]
        ['shore', 'river']
    """
    if not 0 <= share <= 1:
        raise InputError(f"the share of the sentence must be from 0 to 1, got {share}")
    words = tuple(tokens_of(contexts.vectors, sentence))
    if isinstance(word, str):
        position = position_of(words, contexts.vectors.resolve(word))
    else:
        position = word
        check_position(words, position)
    return WordInSentence(contexts.vectors, words, position, contexts.at(words, position), share)
