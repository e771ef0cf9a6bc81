"""What the twins of skip-gram and CBOW take and return, and the two functions they are made of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from symvec.arrays import Double1, Double2


class TileVectors(NamedTuple):
    """The vectors of a tile, float64; a word that occurs twice is there twice."""

    inputs: Double2  # (positions, dimensions)
    centres: Double2  # (centres, dimensions) output vectors
    noise: Double2  # (noise, dimensions) output vectors


class TileWindows(NamedTuple):
    """Who meets whom in a tile."""

    contexts: list[list[int]]  # of each centre, as positions
    is_own: npt.NDArray[np.bool_]  # (centres, noise) the noise word is the centre's word
    negative: int  # noise words that a pair is weighed against


class TileResult(NamedTuple):
    """What training on a tile comes to."""

    loss: float
    examples: int
    changes: TileVectors


def sigmoid(scores: Double1) -> Double1:
    """Return 1 / (1 + exp(-s))."""
    return np.exp(-np.logaddexp(0, -scores))


def minus_log_sigmoid(scores: Double1) -> Double1:
    """Return -log sigmoid(s)."""
    return np.logaddexp(0, -scores)
