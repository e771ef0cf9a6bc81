"""Pieces of sentences to what the network takes, and what its softmax tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import Float1, Ids64
from symvec.contextual.characters import Characters
from symvec.training.elmo.sentences import MARKS, Sentences
from symvec.vocabulary import Vocabulary

if TYPE_CHECKING:
    from symvec.layers.torch.elmo import BatchArrays

BOUNDARY, RARE, FIRST_WORD = 0, 1, 2
"""Classes: a sentence's begin and end, all words beyond the list together, the first word."""
_WORDS_AT_ONCE: Final = 1 << 14


@dataclass(frozen=True, eq=False)
class BatchMaker:
    """Turns pieces of sentences into batches.

    Args:
        character_ids: (words + 2, most_characters) int16: the marks of a sentence's begin and end,
            then every word of the vocabulary.
        class_count: classes of the softmax.
    """

    character_ids: npt.NDArray[np.int16]
    class_count: int

    @classmethod
    def of(
        cls, vocabulary: Vocabulary, characters: Characters, most: int, predicted_words: int
    ) -> BatchMaker:
        """Return the maker for a vocabulary.

        Args:
            vocabulary: all words of the text, most frequent first.
            characters: how they are read.
            most: characters of a word.
            predicted_words: so many of the most frequent have a class each.
        """
        table = np.empty((len(vocabulary) + MARKS, most), np.int16)
        table[:MARKS] = characters.sentence_marks(most)
        for start in range(0, len(vocabulary), _WORDS_AT_ONCE):
            words = vocabulary.words[start : start + _WORDS_AT_ONCE]
            table[MARKS + start : MARKS + start + len(words)] = characters.ids(words, most)
        return cls(table, FIRST_WORD + min(len(vocabulary), predicted_words))

    def batch(self, sentences: Sentences, pieces: Ids64) -> BatchArrays:
        """Return a batch; each distinct word is in it once."""
        from symvec.layers.torch.elmo import IGNORED, BatchArrays

        lengths = sentences.lengths[pieces]
        steps = np.arange(int(lengths.max()) + MARKS)[:, None]
        inside = (steps >= 1) & (steps <= lengths)
        at = sentences.starts[pieces] + steps - 1
        rows = np.zeros(inside.shape, np.int64)  # the mark of a begin, and what padding is
        rows[inside] = sentences.ids[at[inside]] + MARKS
        columns = np.arange(len(pieces))
        rows[lengths + 1, columns] = 1
        words = rows - MARKS + FIRST_WORD
        classes = np.where(inside, np.where(words < self.class_count, words, RARE), IGNORED)
        # Where a long sentence was cut is no boundary that could be known.
        classes[0] = np.where(sentences.begins[pieces], BOUNDARY, IGNORED)
        classes[lengths + 1, columns] = np.where(sentences.ends[pieces], BOUNDARY, IGNORED)
        distinct, places = np.unique(rows, return_inverse=True)
        characters = self.character_ids[distinct].astype(np.int32)
        return BatchArrays(characters, places.reshape(rows.shape), lengths + MARKS, classes)

    def frequencies(self, counts: Ids64, sentences: int) -> Float1:
        """Return how likely each class is, (classes,) float32; what never came counts once.

        Args:
            counts: of the words of the vocabulary.
            sentences: how many there are.
        """
        known = self.class_count - FIRST_WORD
        classes = np.concatenate([[sentences, counts[known:].sum()], counts[:known]])
        found: Float1 = (np.maximum(classes, 1) / np.maximum(classes, 1).sum()).astype(np.float32)
        return found
