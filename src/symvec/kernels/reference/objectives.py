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
    places: Double2  # (2 * window, dimensions) that weigh contexts, or none


class TileWindows(NamedTuple):
    """Who meets whom in a tile."""

    contexts: list[list[int]]  # of each centre, as positions
    is_own: npt.NDArray[np.bool_]  # (centres, noise) the noise word is the centre's word
    negative: int  # noise words that a pair is weighed against
    places: list[list[int]]  # as contexts: which place around its centre each is
    weighted: int  # how many of a vector's numbers its place weighs


class TileResult(NamedTuple):
    """What training on a tile comes to."""

    loss: float
    examples: int
    changes: TileVectors


def place_weights(vectors: TileVectors, windows: TileWindows, centre: int) -> Double2:
    """Return what the contexts of a centre are multiplied by, (contexts, dimensions)."""
    contexts = windows.contexts[centre]
    weights = np.ones((len(contexts), vectors.inputs.shape[1]))
    if windows.weighted:
        own = vectors.places[windows.places[centre], : windows.weighted]
        weights[:, : windows.weighted] = own
    return weights


def spread_change(
    changes: TileVectors,
    vectors: TileVectors,
    windows: TileWindows,
    centre: int,
    change: Double1,
    *,
    whole: bool,
) -> None:
    """Hand the change of a hidden vector on to its contexts and to their places.

    A context gets it whole, or as the gradient says; a place always as the gradient says.
    """
    contexts = windows.contexts[centre]
    exact = change / len(contexts)
    weights = place_weights(vectors, windows, centre)
    changes.inputs[contexts] += (change if whole else exact) * weights
    if windows.weighted:
        of_places = (exact * vectors.inputs[contexts])[:, : windows.weighted]
        changes.places[windows.places[centre], : windows.weighted] += of_places


def sigmoid(scores: Double1) -> Double1:
    """Return 1 / (1 + exp(-s))."""
    return np.exp(-np.logaddexp(0, -scores))


def minus_log_sigmoid(scores: Double1) -> Double1:
    """Return -log sigmoid(s)."""
    return np.logaddexp(0, -scores)
