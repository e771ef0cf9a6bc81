"""GloVe: weighted least squares on the logarithms of how often two words occur together.

Source: Pennington, Socher, Manning 2014, "GloVe: global vectors for word representation".
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from symvec.arrays import Float2, Ids, Ids64
from symvec.kernels.compiling import UNCOMPILED, Scalar, kernel, merged, numeric_kernel
from symvec.kernels.cooccurrence import Keys, PairBits
from symvec.kernels.random import below, draw
from symvec.kernels.tiles import dot_rows, prefetch_row

if TYPE_CHECKING or UNCOMPILED:
    from symvec.kernels.reference.glove import adagrad_step
else:
    from symvec.kernels.glove_steps import adagrad_step

FIRST, SECOND, LOGARITHM, WEIGHT = range(4)  # columns of an entry
_AHEAD = 2  # entries: time for rows to come from memory


class GloveTables(NamedTuple):
    """What is learned; both (2 * rows, D) float32, a word's vector above its context vector.

    Behind a vector's numbers stand its bias and a 1, behind a context vector's a 1 and its bias,
    so that a product of both holds both biases.
    """

    values: Float2
    sums: Float2  # AdaGrad's sums of squares


@kernel
def make_entries(
    keys: Keys,
    sums: Ids64,
    bits: PairBits,
    group_size: int,
    unit: float,
    x_max: float,
    exponent: float,
    entries: Ids,
    targets: Float2,
) -> None:
    """Turn pairs and their weights into what training reads.

    Args:
        keys: (pairs,) uint64.
        sums: (pairs,) int64, weights in units.
        bits: how a key is written.
        group_size: rows of a group of words.
        unit: how many units weigh 1.
        x_max: pairs that weigh so much or more count fully.
        exponent: of the weight of the others.
        entries: (pairs, 4) int32, out: FIRST and SECOND are rows.
        targets: (pairs, 4) float32, the same memory, out: LOGARITHM and WEIGHT.
    """
    group, index = np.uint64(bits.group_bits), np.uint64(bits.index_bits)
    one = np.uint64(1)
    groups, indices = (one << group) - one, (one << index) - one
    for n in range(len(keys)):
        key = keys[n]
        both = key >> (index + index)
        entries[n, FIRST] = np.int64(both >> group) * group_size + np.int64(key >> index & indices)
        entries[n, SECOND] = np.int64(both & groups) * group_size + np.int64(key & indices)
        x = sums[n] / unit
        targets[n, LOGARITHM] = log(x)
        targets[n, WEIGHT] = 1.0 if x >= x_max else exp(exponent * log(x / x_max))


@merged
def _shuffle(entries: Ids, key: Scalar) -> None:
    """Bring the entries into an order that the key decides (Fisher and Yates)."""
    for n in range(len(entries) - 1, 0, -1):
        other = below(draw(key, n), n + 1)
        for column in range(4):
            entries[n, column], entries[other, column] = entries[other, column], entries[n, column]


@numeric_kernel
def train_entries(
    tables: GloveTables,
    entries: Ids,
    targets: Float2,
    key: np.uint64,
    vector_size: int,
    rate: float,
) -> float:
    """Train on the entries, each in both directions, in a random order; return their loss.

    The gradient is that of 1/2 f(X) (w . c + b + b' - log X)^2, as in the published program,
    whose sums of squares also hold the rate.

    Args:
        tables: trained in place.
        entries: (pairs, 4) int32, FIRST and SECOND are rows; shuffled in place.
        targets: (pairs, 4) float32, LOGARITHM and WEIGHT, the same memory.
        key: decides the order.
        vector_size: numbers of a vector, without its bias.
        rate: AdaGrad's.
    """
    values, sums = tables.values, tables.sums
    columns = values.shape[1]
    _shuffle(entries, key)
    last = len(entries) - 1
    step_rate = np.float32(rate)
    total = 0.0
    for n in range(len(entries)):
        ahead = min(n + _AHEAD, last)
        for side in range(2):
            row = 2 * entries[ahead, side]
            prefetch_row(values, row, columns)
            prefetch_row(values, row + 1, columns)
            prefetch_row(sums, row, columns)
            prefetch_row(sums, row + 1, columns)
        directions = 1 if entries[n, FIRST] == entries[n, SECOND] else 2
        for direction in range(directions):
            word = 2 * entries[n, direction]
            context = 2 * entries[n, 1 - direction] + 1
            difference = dot_rows(values, word, values, context, columns) - targets[n, LOGARITHM]
            gradient = targets[n, WEIGHT] * difference
            total += 0.5 * np.float64(gradient) * np.float64(difference)
            adagrad_step(values, sums, word, context, step_rate * gradient, columns)
            values[word, vector_size + 1] = np.float32(1)
            values[context, vector_size] = np.float32(1)
    return total


@numeric_kernel
def entries_loss(tables: GloveTables, entries: Ids, targets: Float2) -> float:
    """Return the loss of entries, each in both directions, without training on them.

    Args:
        tables: only read.
        entries: (pairs, 4) int32, FIRST and SECOND are rows.
        targets: (pairs, 4) float32, LOGARITHM and WEIGHT, the same memory.
    """
    values = tables.values
    columns = values.shape[1]
    total = 0.0
    for n in range(len(entries)):
        directions = 1 if entries[n, FIRST] == entries[n, SECOND] else 2
        for direction in range(directions):
            word = 2 * entries[n, direction]
            context = 2 * entries[n, 1 - direction] + 1
            difference = dot_rows(values, word, values, context, columns) - targets[n, LOGARITHM]
            gradient = targets[n, WEIGHT] * difference
            total += 0.5 * np.float64(gradient) * np.float64(difference)
    return total
