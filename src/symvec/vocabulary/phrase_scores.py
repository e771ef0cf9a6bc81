"""The two scores of phrases: which pairs may have a sufficient one, and which have."""

from __future__ import annotations

from typing import Final

import numpy as np

from symvec.arrays import Double1, Ids64
from symvec.kernels.phrase_pairs import PairLimits
from symvec.text.phrases import PhraseRules

# The limits are worked out in another order than the scores. No pair may be lost by rounding, and
# a pair too many is found out by its score.
_ROUNDING: Final = 1 - 1e-9


def pair_limits(rules: PhraseRules, counts: Ids64) -> PairLimits:
    """Return how often each pair of words must occur for a sufficient score.

    Either score grows with the pair's count, so that it is sufficient from some count on::

        word2phrase:  n(ab) > min_count + threshold * n(a) * n(b) / words
        NPMI:         p(ab) > (p(a) * p(b)) ** (1 / (1 + threshold))

    Args:
        rules: which pairs are phrases.
        counts: (words,) int64, occurrences of each word.
    """
    words, threshold, least = float(counts.sum()), rules.least_score, float(rules.min_count)
    if rules.scoring == "word2phrase":
        scale = threshold / words * _ROUNDING
        return PairLimits(counts, counts.astype(np.float64), scale, least, least)
    exponent = np.inf if threshold == -1 else 1 / (1 + threshold)
    return PairLimits(counts, (counts / words) ** exponent, words * _ROUNDING, 0.0, least)


def pair_scores(
    rules: PhraseRules, first: Ids64, second: Ids64, together: Ids64, words: int
) -> Double1:
    """Return the score of each pair, (pairs,) float64; see `PhraseRules`.

    Args:
        rules: which score.
        first: (pairs,) int64, occurrences of the first words.
        second: (pairs,) int64, occurrences of the second words.
        together: (pairs,) int64, occurrences of the pairs.
        words: all words of the corpus.

    Example:
        >>> counts = [np.array([n]) for n in (10, 20, 9)]
        >>> pair_scores(PhraseRules(min_count=5), *counts, words=1000).tolist()
        [20.0]
    """
    scores: Double1
    if rules.scoring == "word2phrase":
        chance = first.astype(np.float64) * second
        scores = (together - rules.min_count) / chance * words
    else:
        p_first, p_second, p_together = (count / words for count in (first, second, together))
        scores = np.log(p_together / (p_first * p_second)) / -np.log(p_together)
    return scores
