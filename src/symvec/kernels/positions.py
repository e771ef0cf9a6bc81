"""From a stretch of the encoded corpus to the positions that a block trains on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from symvec.arrays import Ids
from symvec.kernels.compiling import Scalar, merged
from symvec.kernels.random import below, draw, low_half


class Positions(NamedTuple):
    """The words of a block in their order, after subsampling; index: position in the block.

    Centres stand in the middle, up to ``window`` words of context before and behind them.
    ``first`` to ``stop`` is a centre's window (itself included); a context has an empty one.
    """

    word_ids: Ids
    input_slots: Ids
    output_slots: Ids
    first: Ids
    stop: Ids


@merged
def is_kept(random_bits: Scalar, keep_threshold: Scalar) -> Scalar:
    """Return whether subsampling keeps a word whose threshold is keep-probability * 2^32 - 1."""
    return low_half(random_bits) <= keep_threshold


@merged
def _context_before(
    ids: Ids,
    start: Scalar,
    keep_thresholds: npt.NDArray[np.uint32],
    key: Scalar,
    window: Scalar,
    word_ids: Ids,
) -> Scalar:
    """Write the last kept words of the sentence before ``start``; return how many."""
    begin = start
    found = 0
    while begin > 0 and found < window and ids[begin - 1] >= 0:
        begin -= 1
        if is_kept(draw(key, begin), keep_thresholds[ids[begin]]):
            found += 1
    count = 0
    for token in range(begin, start):
        if is_kept(draw(key, token), keep_thresholds[ids[token]]):
            word_ids[count] = ids[token]
            count += 1
    return count


@merged
def fill_positions(
    ids: Ids,
    start: Scalar,
    stop: Scalar,
    keep_thresholds: npt.NDArray[np.uint32],
    key: Scalar,
    window: Scalar,
    least_reach: Scalar,
    positions: Positions,
) -> tuple[Scalar, Scalar, Scalar]:
    """Choose the words of the tokens ``start`` to ``stop`` and the windows around them.

    Whether a token is kept, and how far its window shrinks (uniform in least_reach..window; the
    least is 1 in word2vec), are functions of the key and of the token's place in the corpus:
    neighbouring blocks agree on the words at their border, so that no window is cut.

    Args:
        ids: (tokens,) int32 word ids, -1 behind each sentence.
        start: first token.
        stop: behind the last token.
        keep_thresholds: (words,) uint32, see `is_kept`.
        key: uint64, of this epoch.
        window: most words on each side.
        least_reach: to how many a window may shrink.
        positions: written; each array holds (stop - start + 2 * window) or more.

    Returns:
        First centre, behind the last centre, number of positions; all as positions.
    """
    word_ids, first, last = positions.word_ids, positions.first, positions.stop
    count = _context_before(ids, start, keep_thresholds, key, window, word_ids)
    for p in range(count):
        first[p] = p
        last[p] = p
    first_centre = count
    sentence = 0
    for token in range(start, stop):
        word_id = ids[token]
        if word_id < 0:
            for p in range(max(sentence, first_centre), count):
                last[p] = min(last[p], count)
            sentence = count
            continue
        bits = draw(key, token)
        if is_kept(bits, keep_thresholds[word_id]):
            reach = least_reach + below(bits, window - least_reach + 1)
            word_ids[count] = word_id
            first[count] = max(count - reach, sentence)
            last[count] = count + reach + 1
            count += 1
    stop_centre = count
    token = stop
    while token < len(ids) and count < stop_centre + window and ids[token] >= 0:
        if is_kept(draw(key, token), keep_thresholds[ids[token]]):
            word_ids[count] = ids[token]
            first[count] = count
            last[count] = count
            count += 1
        token += 1
    for p in range(max(sentence, first_centre), stop_centre):
        last[p] = min(last[p], count)
    return first_centre, stop_centre, count
