"""How far a tile goes with what its pairs add up to.

All pairs of a tile pull at a row from one state of it. With windows of five words and frequent
words thinned out that are few. With windows over whole sessions, or words that are never thinned
out, they are hundreds: their sum would go many times too far, and vectors would grow without bound.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from symvec.arrays import Double1
from symvec.kernels.tile_space import ALL_THE_WAY, Shape, Shares
from symvec.training.damping import POSITIONS_A_NOISE_WORD, PULL_OF_A_POSITION, USUAL_CONTEXTS
from symvec.training.settings import Word2VecSettings
from symvec.vocabulary.corpus import EncodedCorpus

# Measured on sessions; see docs/decisions/0014-tiles-of-wide-windows.md.
MOST_PULL: Final = 0.25
MOST_PULL_OF_NOISE: Final = 2.0


def contexts_a_position(settings: Word2VecSettings, corpus: EncodedCorpus) -> float:
    """Return how many contexts a centre has on average, sentences of average length.

    Example:
        >>> corpus = EncodedCorpus(np.array([0, 1, 2, -1], np.int32), 3, 1)
        >>> contexts_a_position(Word2VecSettings(window=100, shrink_windows=False), corpus)
        2.0
    """
    widest = settings.window + 1 if settings.shrink_windows else 2 * settings.window
    longest = corpus.word_count / max(corpus.sentence_count, 1) - 1
    return float(max(min(widest, longest), 0))


def tile_shares(
    settings: Word2VecSettings,
    kept_counts: Double1,
    noise: Double1,
    contexts: float,
    shape: Shape,
) -> Shares:
    """Return the shares of skip-gram with negative sampling, all the way for ordinary text.

    That is text in which the most frequent word stands in a window less than once on average.

    Args:
        settings: how is trained.
        kept_counts: (words,) float64, occurrences that subsampling leaves.
        noise: (words,) float64, how likely a noise word is each word.
        contexts: of a position, on average.
        shape: of the tiles.
    """
    words = kept_counts / kept_counts.sum()
    if contexts * words.max() <= 1:
        return ALL_THE_WAY
    centres = shape.centres
    pull = PULL_OF_A_POSITION * settings.learning_rate * contexts / USUAL_CONTEXTS
    once = min(centres, contexts) / contexts  # what pulls at a word that the tile has once
    of_words = pull * np.maximum(centres * words, once)
    alike = 1 + (shape.noise - 1) * float(noise.max())  # times that a tile has its noise word
    of_noise = pull * POSITIONS_A_NOISE_WORD * alike
    shares = np.minimum(1, MOST_PULL / np.maximum(of_words, MOST_PULL)).astype(np.float32)
    least = min(1.0, MOST_PULL_OF_NOISE / max(of_noise, MOST_PULL_OF_NOISE))
    return Shares(shares, shares, np.full(1, least, np.float32))
