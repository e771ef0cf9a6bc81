"""Positive pointwise mutual information: how much more often words meet than by chance.

Source: Levy, Goldberg, Dagan 2015, "Improving distributional similarity with lessons learned from
word embeddings", sections 2.1 and 3.
"""

from __future__ import annotations

from math import isfinite
from typing import Final

import numpy as np

from symvec.arrays import Double1
from symvec.errors import InputError
from symvec.sparse.sparse_rows import SparseRows
from symvec.sparse.symbols import Matrix

DEFAULT_SMOOTHING: Final = 0.75


def ppmi(
    counts: Matrix, *, context_smoothing: float = DEFAULT_SMOOTHING, shift: float = 1.0
) -> Matrix:
    """Return max(0, PMI - log shift) of how often words and contexts occur together.

    PMI of word w and context c is log(P(w, c) / (P(w) P(c))), where P(c) goes by the counts of
    the contexts to the power ``context_smoothing``.

    Args:
        counts: a SciPy sparse matrix of numbers of 0 or more, (words, contexts).
        context_smoothing: 1 for none; below 1 rare contexts count as less rare than they are,
            which keeps them from the largest values.
        shift: k of shifted PPMI, which skip-gram with k negatives factorises.

    Returns:
        A SciPy ``csr_array`` of float32; a one-hot row times it is the sparse vector of a word.

    Raises:
        InputError: a setting or a matrix that cannot be.
        MissingExtraError: SciPy is not installed.

    Example:
        >>> import scipy.sparse
        >>> counts = scipy.sparse.csr_array(np.array([[0, 2], [2, 4]]))
        >>> print(ppmi(counts, context_smoothing=1.0).toarray().round(3))
        [[0.    0.288]
         [0.288 0.   ]]
    """
    rows = SparseRows.of_scipy(counts)
    if rows.values.size and not (np.isfinite(rows.values).all() and rows.values.min() >= 0):
        raise InputError("counts must be finite numbers of 0 or more")
    row_sums = np.zeros(rows.shape[0])
    np.add.at(row_sums, np.repeat(np.arange(rows.shape[0]), np.diff(rows.offsets)), rows.values)
    column_sums = np.zeros(rows.shape[1])
    np.add.at(column_sums, rows.column_ids, rows.values)
    logs = log_sums(row_sums), log_context_sums(column_sums, context_smoothing)
    return information(rows, *logs, shift).to_scipy()


def log_sums(sums: Double1) -> Double1:
    """Return the logarithms of how often each word occurs with any context; 0 if it does not."""
    logs: Double1 = np.log(sums, out=np.zeros(len(sums)), where=sums > 0)
    return logs


def log_context_sums(sums: Double1, smoothing: float) -> Double1:
    """Return the logarithms of smoothed shares of the contexts.

    Raises:
        InputError: a smoothing that is not a finite number of 0 or more.
    """
    if not isfinite(smoothing) or smoothing < 0:
        raise InputError(
            f"context_smoothing must be a finite number of 0 or more, got {smoothing!r}"
        )
    powers = np.power(sums, smoothing, out=np.zeros(len(sums)), where=sums > 0)
    whole = max(float(powers.sum()), float(np.finfo(np.float64).tiny))
    logs: Double1 = log_sums(powers) - np.log(whole)
    return logs


def information(
    counts: SparseRows,
    row_logs: Double1,
    column_logs: Double1,
    shift: float,
    threads: int | None = None,
) -> SparseRows:
    """Return max(0, log(count) - row_log - column_log - log(shift)), its positive entries only.

    Args:
        counts: of numbers of 0 or more.
        row_logs: (rows,) float64.
        column_logs: (columns,) float64.
        shift: more than 0.
        threads: how many; as a rule one a processor.

    Raises:
        InputError: a shift that is not a finite number above 0.
    """
    from symvec.kernels.row_threads import balanced_bounds, run_ranges
    from symvec.kernels.sparse_rows import keep_positive, positive_information

    if not isfinite(shift) or shift <= 0:
        raise InputError(f"shift must be a finite number above 0, got {shift!r}")
    values, kept = np.empty_like(counts.values), np.empty(counts.shape[0], np.int64)
    bounds = balanced_bounds(counts.offsets, 1, threads)
    given = counts.offsets, counts.column_ids
    logs = row_logs, column_logs, float(np.log(shift))
    run_ranges(positive_information, bounds, *given, counts.values, *logs, values, kept)
    offsets = np.append(0, np.cumsum(kept))
    found = SparseRows(
        offsets,
        np.empty(offsets[-1], np.int32),
        np.empty(offsets[-1], np.float32),
        counts.column_count,
    )
    new = found.offsets, found.column_ids, found.values
    run_ranges(keep_positive, bounds, *given, values, *new)
    return found
