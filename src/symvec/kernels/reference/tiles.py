"""What `symvec.kernels.tiles` computes, as formulas in NumPy.

Matrices are float32; only the leading ``rows``, ``columns`` and ``depth`` of an argument count.
"""

from __future__ import annotations

import numpy as np

from symvec.arrays import Double1, Float1, Float2, Ids
from symvec.kernels.compiling import Scalar
from symvec.kernels.logistic import LOGIT_LIMIT


def set_product(
    C: Float2, A: Float2, B: Float2, rows: Scalar, columns: Scalar, depth: Scalar
) -> None:
    """C = A @ B."""
    C[:rows, :columns] = A[:rows, :depth] @ B[:depth, :columns]


def add_product(
    C: Float2, A: Float2, B: Float2, rows: Scalar, columns: Scalar, depth: Scalar
) -> None:
    """C += A @ B."""
    C[:rows, :columns] += A[:rows, :depth] @ B[:depth, :columns]


def set_path_scores(
    nodes: Float2,
    table: Float2,
    slots: Ids,
    first: Scalar,
    rows: Scalar,
    inputs: Float2,
    input_rows: Ids,
    scores: Float2,
    columns: Scalar,
    dimensions: Scalar,
) -> None:
    """Scores = N @ X.T, for the nodes N at ``slots[first:]`` and the inputs X."""
    x = inputs[input_rows[:columns], :dimensions]
    for row in range(rows):
        scores[row, :columns] = x @ _node(nodes, table, slots[first + row])[:dimensions]


def add_path_changes(
    nodes: Float2,
    table: Float2,
    slots: Ids,
    first: Scalar,
    rows: Scalar,
    inputs: Float2,
    input_rows: Ids,
    changes: Float2,
    gradients: Float2,
    columns: Scalar,
    dimensions: Scalar,
) -> None:
    """Changes += G.T @ N, then N += G @ X, for the nodes N at ``slots[first:]``."""
    others = input_rows[:columns]
    for row in range(rows):
        node = _node(nodes, table, slots[first + row])[:dimensions]
        gradient = gradients[row, :columns]
        np.add.at(changes[:, :dimensions], others, np.outer(gradient, node))
        node += gradient @ inputs[others, :dimensions]


def _node(nodes: Float2, table: Float2, slot: Scalar) -> Float1:
    """Return row n of ``nodes``, or for a negative number row ~n of ``table``."""
    node: Float1 = table[~slot] if slot < 0 else nodes[slot]
    return node


def logistic_gradient(
    scores: Float2,
    weights: Float2,
    targets: Float1 | np.float32,
    alpha: Scalar,
    rows: Scalar,
    columns: Scalar,
    odds: Double1,
) -> None:
    """Replace each score s by alpha * weight * t * sigmoid(-t s), and collect the loss.

    It stands in ``odds``: the product over the rows with a weight of 1 + exp(-t s).
    """
    t = np.asarray(targets).reshape(-1, 1)[:rows]
    weight = np.atleast_2d(weights)[:rows, :columns]
    exponentials = np.exp(np.clip(-t * scores[:rows, :columns], -LOGIT_LIMIT, LOGIT_LIMIT))
    scores[:rows, :columns] = alpha * weight * t * (exponentials / (1 + exponentials))
    factors = np.where(weight > 0, 1 + exponentials.astype(np.float64), 1)
    odds[:columns] = factors.prod(axis=0)


def transpose(T: Float2, X: Float2, rows: Scalar, columns: Scalar) -> None:
    """T = X.T, for the leading (rows, columns) of X; both multiples of 8."""
    T[:columns, :rows] = X[:rows, :columns].T


def sum_rows(
    Y: Float2, y: Scalar, A: Float2, a: Scalar, B: Float2, b: Scalar, columns: Scalar
) -> None:
    """Y[y] = A[a] + B[b]; Y may be A or B."""
    Y[y, :columns] = A[a, :columns] + B[b, :columns]


def copy_row(Y: Float2, y: Scalar, X: Float2, x: Scalar, columns: Scalar) -> None:
    """Y[y] = X[x]."""
    Y[y, :columns] = X[x, :columns]


def add_scaled_row(
    Y: Float2, y: Scalar, X: Float2, x: Scalar, scale: Scalar, columns: Scalar
) -> None:
    """Y[y] += scale * X[x]."""
    Y[y, :columns] += np.float32(scale) * X[x, :columns]


def dot_rows(A: Float2, a: Scalar, B: Float2, b: Scalar, columns: Scalar) -> float:
    """Return A[a] @ B[b]."""
    return float(A[a, :columns] @ B[b, :columns])


def prefetch_row(X: Float2, x: Scalar, columns: Scalar) -> None:
    """Ask for a row ahead of its use: nothing to compute."""
