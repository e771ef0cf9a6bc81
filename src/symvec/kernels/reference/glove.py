"""What `symvec.kernels.glove` computes, as formulas in NumPy.

For a word w with bias b, a context c with bias b' and their weight X:

    loss = 1/2 min(1, X / x_max)^exponent (w . c + b + b' - log X)^2
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1, Float2, Ids
from symvec.kernels.compiling import Scalar


def adagrad_step(
    table: Float2, sums: Float2, first: Scalar, second: Scalar, scale: Scalar, columns: Scalar
) -> None:
    """Step both rows against ``scale`` times the other one, and add the squares to their sums."""
    steps = np.float32(scale) * table[[second, first], :columns]
    table[[first, second], :columns] -= steps / np.sqrt(1 + sums[[first, second], :columns])
    sums[[first, second], :columns] += steps**2


def target(x: float, x_max: float, exponent: float) -> tuple[float, float]:
    """Return the logarithm that a pair of weight x is fitted to, and how much that counts."""
    return float(np.log(x)), float(min(1.0, x / x_max) ** exponent)


def loss(
    word: Double1, context: Double1, biases: tuple[float, float], logarithm: float, weight: float
) -> float:
    """Return the loss of a word and a context."""
    return float(0.5 * weight * (word @ context + sum(biases) - logarithm) ** 2)


def train_entry(
    values: Float2,
    sums: Float2,
    first: int,
    second: int,
    logarithm: float,
    weight: float,
    vector_size: int,
    rate: float,
) -> float:
    """Train on two words in both directions, in place; return the loss."""
    total = 0.0
    for word, context in {(2 * first, 2 * second + 1): 0, (2 * second, 2 * first + 1): 0}:
        difference = float(values[word] @ values[context]) - logarithm
        total += 0.5 * weight * difference**2
        adagrad_step(values, sums, word, context, rate * weight * difference, values.shape[1])
        values[word, vector_size + 1] = values[context, vector_size] = 1
    return total


def shuffled(entries: Ids, draws: list[int]) -> Ids:
    """Return the entries in the order that Fisher and Yates make of draws in [0, n], n falling."""
    order = list(range(len(entries)))
    for n, other in zip(range(len(entries) - 1, 0, -1), draws, strict=True):
        order[n], order[other] = order[other], order[n]
    return entries[order]
