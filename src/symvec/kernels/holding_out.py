"""Parting sentences, or pairs of words, into those that are trained on and those that are not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from symvec.arrays import Ids, Ids64
from symvec.kernels.compiling import Scalar, kernel
from symvec.kernels.random import draw, low_half

SENTENCE, KEPT, HELD, KEPT_ENDS, HELD_ENDS = range(5)
PROGRESS_SIZE = 5


@kernel
def part_sentences(
    ids: Ids, key: Scalar, threshold: Scalar, kept: Ids, held: Ids, progress: Ids64
) -> None:
    """Copy each id to one of two arrays, by a hash of the key and its sentence's number.

    Args:
        ids: (n,) int32, a piece of the corpus; -1 ends a sentence.
        key: uint64.
        threshold: a sentence is held out if the lower 32 bits of its hash are below it.
        kept: (>= n,) int32, written.
        held: (>= n,) int32, written.
        progress: (PROGRESS_SIZE,) int64: ``progress[SENTENCE]`` is the number of the sentence
            that the piece begins in, and is set to that of the next piece; the others are set
            to how many ids, and how many ends of sentences, were written to either.
    """
    sentence = progress[SENTENCE]
    kept_ids = held_ids = kept_ends = held_ends = 0
    is_held = low_half(draw(key, sentence)) < threshold
    for word_id in ids:
        if is_held:
            held[held_ids] = word_id
            held_ids += 1
        else:
            kept[kept_ids] = word_id
            kept_ids += 1
        if word_id < 0:
            if is_held:
                held_ends += 1
            else:
                kept_ends += 1
            sentence += 1
            is_held = low_half(draw(key, sentence)) < threshold
    progress[SENTENCE] = sentence
    progress[KEPT], progress[HELD] = kept_ids, held_ids
    progress[KEPT_ENDS], progress[HELD_ENDS] = kept_ends, held_ends


@kernel
def mark_held(
    pairs: npt.NDArray[np.uint64], key: Scalar, threshold: Scalar, held: npt.NDArray[np.bool_]
) -> None:
    """Mark the pairs that are held out, by a hash of the key and the pair.

    Args:
        pairs: (n,) uint64, a number for each pair.
        key: uint64.
        threshold: a pair is held out if the lower 32 bits of its hash are below it.
        held: (n,) bool, written.
    """
    for n in range(len(pairs)):
        held[n] = low_half(draw(key, pairs[n])) < threshold
