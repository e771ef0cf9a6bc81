"""What `symvec.kernels.positions` computes, sentence by sentence in Python."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from symvec.arrays import Ids
from symvec.kernels.reference.random import below, draw, low_half


class Window(NamedTuple):
    """A centre and its contexts, as token numbers of the corpus."""

    centre: int
    contexts: list[int]


def kept_sentences(ids: Ids, keep_thresholds: npt.NDArray[np.uint32], key: int) -> list[list[int]]:
    """Return the tokens that subsampling keeps, by sentence."""
    sentences: list[list[int]] = [[]]
    for token, word_id in enumerate(ids):
        if word_id < 0:
            sentences.append([])
        elif low_half(draw(key, token)) <= keep_thresholds[word_id]:
            sentences[-1].append(token)
    return sentences


def corpus_windows(
    sentences: list[list[int]], key: int, window: int, least_reach: int = 1
) -> list[Window]:
    """Return each kept token with those at most draw(least_reach..window) places away."""
    windows = []
    for tokens in sentences:
        for place, token in enumerate(tokens):
            reach = least_reach + below(draw(key, token), window - least_reach + 1)
            before, after = tokens[max(place - reach, 0) : place], tokens[place + 1 :][:reach]
            windows.append(Window(token, before + after))
    return windows


def block_tokens(
    ids: Ids, kept: list[int], start: int, stop: int, window: int
) -> tuple[list[int], list[int], list[int]]:
    """Return the kept tokens that a block reads.

    Returns:
        Up to ``window`` before the block in the sentence that runs into it, the block's own, up
        to ``window`` behind it in the sentence that runs out of it.
    """
    ends = np.flatnonzero(ids < 0)
    sentence_start = max(ends[ends < start], default=-1) + 1
    sentence_end = min(ends[ends >= stop], default=len(ids))
    before = [token for token in kept if sentence_start <= token < start]
    own = [token for token in kept if start <= token < stop]
    after = [token for token in kept if stop <= token < sentence_end]
    return before[-window:], own, after[:window]
