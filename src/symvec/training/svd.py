"""PPMI and truncated SVD: from a corpus of ids to a table, by one linear map."""

from __future__ import annotations

import numpy as np

from symvec.sparse.cooccurrence import count_cooccurrence
from symvec.sparse.counting_limits import Limits
from symvec.sparse.ppmi import information, log_context_sums, log_sums
from symvec.sparse.sparse_rows import SparseRows
from symvec.sparse.truncated_svd import truncated_svd
from symvec.sparse.window_weights import WindowWeights
from symvec.training.settings import PairSettings, SvdSettings
from symvec.training.task import LearnedVectors, Task
from symvec.vocabulary import WordRows


def learn(task: Task) -> LearnedVectors:
    """Factorise how much more often than by chance words occur together.

    Raises:
        InputError: too many words for the window.
        OutputError: the folder for working files has no room.
    """
    settings = task.settings.part(SvdSettings)
    task.checkpoints.begin_anew("svd counts and factorises in one go, and keeps no state")
    rows = WordRows(task.encoding.vocabulary)
    matrix, transposed, pairs = _matrices(task, rows.row_count)
    found = truncated_svd(
        matrix,
        settings.vector_size,
        transposed=transposed,
        iterations=settings.iterations,
        seed=settings.seed,
        threads=task.threads,
        on_iteration=task.reporter.factorising,
    )
    table = found.dense_rows(settings.eigenvalue_weight)
    missing = settings.vector_size - table.shape[1]
    table = np.pad(table, [(0, 0), (0, missing)])
    results = {
        "pairs": pairs,
        "entries": len(matrix.values),
        "singular_values": found.values.tolist(),
    }
    return LearnedVectors(rows, table, results)


def _matrices(task: Task, words: int) -> tuple[SparseRows, SparseRows, int]:
    """Return the matrix, its transpose, and how many different pairs there are."""
    settings, near = task.settings.part(SvdSettings), task.settings.part(PairSettings)
    ids = task.encoding.corpus.ids
    counts = count_cooccurrence(
        ids,
        words,
        WindowWeights.of(near.window_weighting, near.window),
        Limits(task.folder, near.memory_budget, task.threads),
        lambda done: task.reporter.counting(done, len(ids)),
    )
    word_logs = log_sums(counts.row_sums)
    context_logs = log_context_sums(counts.row_sums, settings.context_smoothing)
    shift, threads = settings.ppmi_shift, task.threads
    matrix = information(counts.rows, word_logs, context_logs, shift, threads)
    # The counts are symmetric, so that the transpose is made as the matrix is.
    transposed = information(counts.rows, context_logs, word_logs, shift, threads)
    return matrix, transposed, counts.pair_count
