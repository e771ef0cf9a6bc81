"""Sparse, non-negative codes: vectors as sums of a few atoms."""

from __future__ import annotations

from typing import Final

import numpy as np

from symvec.arrays import AnyArray, Double2, Ids64
from symvec.errors import InputError

_BATCH: Final = 4096
# Coordinate descent over a handful of weights ends when none changes by more than this part of
# the row's length; atoms that point nearly alike need many sweeps.
_CHANGE: Final = 1e-4
_SWEEPS: Final = 300
# An atom that would explain less than this of a vector's length is not worth a name.
_LEAST: Final = 1e-3


def sparse_codes(rows: AnyArray, atoms: AnyArray, most: int) -> Double2:
    """Return weights of 0 or more, at most ``most`` a row, whose sums of atoms are near the rows.

    Non-negative orthogonal matching pursuit (Bruckstein, Elad, Zibulevsky 2008): the atom with
    the highest product with what is not yet explained joins the code, then all of its weights
    are fitted again, none of them below 0.

    Args:
        rows: (rows, D) finite floats.
        atoms: (K, D) floats of length 1.
        most: how many atoms a row may have, 1 or more.

    Returns:
        (rows, K) float64.

    Raises:
        InputError: ``most`` is below 1, or the sizes differ.

    Example:
        >>> sparse_codes(np.array([[3.0, 4.0, -1.0]]), np.eye(3), 2).tolist()
        [[3.0, 4.0, 0.0]]
    """
    wide, basis = np.asarray(rows, dtype=np.float64), np.asarray(atoms, dtype=np.float64)
    if most < 1:
        raise InputError(f"a code needs 1 atom or more, got {most}")
    if wide.ndim != 2 or basis.ndim != 2 or wide.shape[1] != basis.shape[1]:
        raise InputError(f"rows and atoms must have one size, got {wide.shape} and {basis.shape}")
    codes = np.zeros((len(wide), len(basis)))
    products = basis @ basis.T
    for start in range(0, len(wide) if len(basis) else 0, _BATCH):
        part = slice(start, start + _BATCH)
        codes[part] = _codes_of_batch(wide[part], basis, products, min(most, len(basis)))
    return codes


def _codes_of_batch(rows: Double2, atoms: Double2, products: Double2, most: int) -> Double2:
    towards = rows @ atoms.T
    least = _LEAST * np.linalg.norm(rows, axis=1)
    chosen = np.zeros((len(rows), most), dtype=np.int64)
    weights = np.zeros((len(rows), most))
    lines = np.arange(len(rows))
    codes = np.zeros(towards.shape)
    for step in range(most):
        gains = towards - codes @ products
        gains[lines[:, None], chosen[:, :step]] = -np.inf
        best = gains.argmax(axis=1)
        going = gains[lines, best] > least
        if not going.any():
            break
        chosen[:, step] = best
        # A row that has enough keeps its weights: the new place stays 0.
        weights[going] = _fitted(
            weights[going], chosen[going, : step + 1], towards[going], products
        )
        codes[:] = 0
        np.add.at(codes, (lines[:, None], chosen[:, : step + 1]), weights[:, : step + 1])
    return codes


def _fitted(weights: Double2, chosen: Ids64, towards: Double2, products: Double2) -> Double2:
    """Return the best weights of the chosen atoms, none below 0, by coordinate descent."""
    count = chosen.shape[1]
    wanted = np.take_along_axis(towards, chosen, axis=1)
    pulls = products[chosen[:, :, None], chosen[:, None, :]]
    fitted = weights.copy()
    enough = _CHANGE * np.abs(wanted).max(axis=1)
    for _ in range(_SWEEPS if count > 1 else 1):
        before = fitted.copy()
        for place in range(count):
            others = np.einsum("ij,ij->i", pulls[:, place], fitted[:, :count])
            others -= pulls[:, place, place] * fitted[:, place]
            fitted[:, place] = np.maximum(0, wanted[:, place] - others)
        if (np.abs(fitted - before).max(axis=1) <= enough).all():
            break
    return fitted
