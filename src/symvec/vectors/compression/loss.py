"""What compression costs, in cosines and neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.errors import InputError
from symvec.vectors.cosine import SHORTEST
from symvec.vectors.matrix import cosine_matrix
from symvec.vectors.neighbours import nearest

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_SAMPLE: Final = 300
_AMONG: Final = 20_000
_NEIGHBOURS: Final = 10


@dataclass(frozen=True, slots=True)
class CompressionLoss:
    """Vectors beside what compression left of them.

    Args:
        neighbours_kept: which part of the ten nearest words is the same, 0 to 1.
        cosine_error: the mean difference of the cosines of words, without sign.
        largest_cosine_error: the largest difference.
        asked_words: how many words were asked.
    """

    neighbours_kept: float
    cosine_error: float
    largest_cosine_error: float
    asked_words: int


def compression_loss(before: Vectors, after: Vectors, *, seed: int = 1) -> CompressionLoss:
    """Compare vectors with compressed ones by words drawn from the frequent ones.

    Args:
        before: as they were.
        after: of the same words first; it may have fewer of them and fewer dimensions.
        seed: of the draw.

    Raises:
        InputError: no word can be compared.
    """
    among = min(_AMONG, len(after))
    usable = [
        np.isfinite(vectors.norms[:among]) & (vectors.norms[:among] >= SHORTEST)
        for vectors in (before, after)
    ]
    words = np.flatnonzero(usable[0] & usable[1])
    if not words.size:
        raise InputError("there is no word whose vectors could be compared")
    asked = np.random.default_rng(seed).permutation(words)[:_SAMPLE]
    found = [
        nearest(vectors.search_space(among), vectors.word_matrix[asked], _NEIGHBOURS + 1)[0]
        for vectors in (before, after)
    ]
    kept = [
        len((set(a) & set(b)) - {word}) / max(1, len(set(a) - {word}))
        for word, a, b in zip(asked.tolist(), *(part.tolist() for part in found), strict=True)
    ]
    a, b = (cosine_matrix(v.word_matrix[asked], v.word_matrix[asked]) for v in (before, after))
    error = np.abs(a - b)
    return CompressionLoss(
        float(np.mean(kept)), float(error.mean()), float(error.max()), len(asked)
    )
