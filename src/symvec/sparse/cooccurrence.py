"""How often words stand near each other, as a sparse matrix."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from symvec.arrays import Double1, Ids
from symvec.sparse.sparse_rows import SparseRows
from symvec.sparse.symbols import Matrix, Symbols, symbol_count, to_bags
from symvec.sparse.window_weights import Weighting, WindowWeights
from symvec.vocabulary.corpus import SENTENCE_END, EncodedCorpus

if TYPE_CHECKING:
    from symvec.sparse.counting_limits import Limits
    from symvec.sparse.pair_counting import OnCounted


@dataclass(frozen=True, slots=True, eq=False)
class Cooccurrence:
    """Counts of words near each other.

    Args:
        rows: (words, words), symmetric.
        row_sums: (words,) float64, exact.
        pair_count: different pairs; two words in either order are one.
    """

    rows: SparseRows
    row_sums: Double1
    pair_count: int


def cooccurrence(
    sentences: object,
    vocabulary: Symbols,
    *,
    window: int = 5,
    weighting: Weighting = "linear",
    memory_budget: int = 1 << 30,
    threads: int = 1,
    directory: str | Path | None = None,
) -> Matrix:
    """Return how often each two words stand near each other in a sentence.

    Args:
        sentences: lists of ids or words, a (sentences, length) array, ragged rows, or an
            ``EncodedCorpus``.
        vocabulary: a vocabulary, or the number of symbols.
        window: how far apart they may be.
        weighting: what they weigh by their distance; see ``WindowWeights.of``.
        memory_budget: bytes that counting may take; the matrix itself comes on top.
        threads: how many count; the result does not depend on it.
        directory: for working files; as a rule the system's folder for temporary files.

    Returns:
        A SciPy ``csr_array`` of float32, (symbols, symbols), symmetric; a one-hot row times it
        is the row of a word.

    Raises:
        IdError: an id that the vocabulary does not have.
        UnknownSymbolError: a word that the vocabulary does not have.
        InputError: a setting that cannot be.
        OutputError: the folder has no room for working files.
        MissingExtraError: SciPy is not installed.

    Example:
        >>> cooccurrence([[0, 1, 2]], 3, window=2, weighting="harmonic").toarray().tolist()
        [[0.0, 1.0, 0.5], [1.0, 0.0, 1.0], [0.5, 1.0, 0.0]]
    """
    from symvec.sparse.counting_limits import Limits

    weights = WindowWeights.of(weighting, window)
    words = symbol_count(vocabulary)
    ids = sentences.ids if isinstance(sentences, EncodedCorpus) else _ids(sentences, vocabulary)
    with tempfile.TemporaryDirectory(prefix="symvec-", dir=directory) as folder:
        limits = Limits(Path(folder), memory_budget, threads)
        return count_cooccurrence(ids, words, weights, limits).rows.to_scipy()


def _ids(sentences: object, vocabulary: Symbols) -> Ids:
    """Return sentences one after another, each with its end."""
    bags = to_bags(sentences, vocabulary)
    ids = np.full(bags.row_ids.size + len(bags), SENTENCE_END, np.int32)
    ids[np.arange(bags.row_ids.size) + np.repeat(np.arange(len(bags)), bags.lengths)] = bags.row_ids
    return ids


def count_cooccurrence(
    ids: Ids,
    words: int,
    weights: WindowWeights,
    limits: Limits,
    on_counted: OnCounted | None = None,
) -> Cooccurrence:
    """Return how often each two words of a corpus stand near each other.

    Args:
        ids: (ids,) int32, word ids; -1 ends a sentence.
        words: how many words there are.
        weights: of the distances.
        limits: memory, threads and folder.
        on_counted: see ``OnCounted``.
    """
    from symvec.kernels.sparse_rows import count_entries, fill_entries
    from symvec.sparse.pair_counting import counted_pairs
    from symvec.sparse.pair_files import RECORD, PairFile, append_pairs, room_needed
    from symvec.sparse.places import Places

    places = Places.dealt(words, 1)
    bits = places.bits(len(weights.units))
    counts, totals = np.zeros(words, np.int64), np.zeros(words, np.int64)
    path, pairs = limits.directory / "cooccurrence.pairs", 0
    with room_needed(limits.directory), path.open("wb") as file:
        for keys, sums in counted_pairs(ids, places, weights, limits, on_counted):
            count_entries(keys, sums, bits, counts, totals)
            append_pairs(file, keys, sums)
            pairs += len(keys)
    offsets = np.append(0, np.cumsum(counts))
    rows = SparseRows(
        offsets, np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.float32), words
    )
    cursors, merged = offsets[:-1].copy(), PairFile(path, pairs)
    at_once = limits.buffer_bytes // (2 * RECORD.itemsize)
    for start in range(0, pairs, at_once):
        part = merged.read(start, start + at_once)
        keys, sums = part["key"].copy(), part["sum"].copy()
        fill_entries(keys, sums, bits, float(weights.unit), cursors, rows.column_ids, rows.values)
    path.unlink()
    return Cooccurrence(rows, totals / weights.unit, pairs)
