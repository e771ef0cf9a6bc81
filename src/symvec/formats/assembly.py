"""Words and rows, as a file had them, made into ``Vectors``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from symvec.arrays import AnyArray, Bytes1, Float1, Float2, Ids64
from symvec.formats.faults import Fault, Faults
from symvec.formats.room import Room, copied, in_memory
from symvec.vectors import Vectors
from symvec.vocabulary import Vocabulary, WordRows
from symvec.vocabulary.index import decode, split


@dataclass(frozen=True, eq=False)
class Words:
    """Words as a file has them, some of them perhaps twice.

    Args:
        blob: (bytes,) uint8, the words one after another.
        offsets: (words + 1,) int64, where each begins.
        counts: (words,) int64, how often each was seen, or None where that is not known.
    """

    blob: Bytes1
    offsets: Ids64
    counts: Ids64 | None = None

    @classmethod
    def of(cls, keys: list[bytes], counts: Ids64 | None = None) -> Words:
        """Return the words of a list."""
        offsets = np.zeros(len(keys) + 1, dtype=np.int64)
        np.cumsum([len(key) for key in keys], out=offsets[1:])
        return cls(np.frombuffer(b"".join(keys), dtype=np.uint8), offsets, counts)


def vocabulary_of(words: Words, faults: Faults) -> tuple[Vocabulary, Ids64 | None]:
    """Return the vocabulary, and which words were kept, or None where all were.

    Of a word that is there several times the first is kept, and ``faults`` is told.

    Returns:
        The vocabulary, and the (kept,) int64 places of its words among ``words``.
    """
    keys = list(split(words.blob, words.offsets))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    repeated = [later for first, later in pairwise(order) if keys[first] == keys[later]]
    if repeated:
        first = min(repeated)
        faults.found(
            Fault(
                "duplicate",
                f"word {first + 1:,}",
                f"{decode(keys[first])!r} was there before, {len(repeated):,} words come again; "
                "the first vector of each is kept",
                count=len(repeated),
                fatal=False,
            )
        )
        kept = np.setdiff1d(np.arange(len(keys)), repeated)
        counts = None if words.counts is None else words.counts[kept]
        left = Words.of([keys[place] for place in kept.tolist()], counts)
        return Vocabulary.from_blob(left.blob, left.offsets, left.counts), kept
    counts = np.zeros(len(keys), np.int64) if words.counts is None else words.counts
    return Vocabulary(words.blob, words.offsets, counts, _compact(order)), None


def assemble(
    words: Words,
    table: Float2,
    faults: Faults,
    path: str,
    provenance: Mapping[str, object],
    *,
    norms: Float1 | None = None,
    room: Room = in_memory,
) -> Vectors:
    """Return the vectors of words that have one row each.

    Args:
        words: as a file has them.
        table: (words, D) float32.
        faults: told of words that come again.
        path: the file.
        provenance: what is known of it.
        norms: (words,) float32, the lengths of the rows, if they are known.
        room: where rows are copied to, if not all are kept.
    """
    vocabulary, kept = vocabulary_of(words, faults)
    if kept is not None:
        table, norms = copied(table, room, kept), None if norms is None else norms[kept]
    rows = WordRows(vocabulary)
    return checked(Vectors(rows, table, provenance=provenance, stored_norms=norms), path)


def checked(vectors: Vectors, path: str) -> Vectors:
    """Return vectors after a warning if some of them hold NaN or infinity."""
    broken = np.flatnonzero(~np.isfinite(vectors.norms))
    if broken.size:
        word = vectors.vocabulary.word(int(broken[0]))
        warnings.warn(
            f"{path}: the vectors of {broken.size:,} words hold NaN or infinity, the first is "
            f"{word!r}; they are never answers",
            stacklevel=5,
        )
    return vectors


def _compact(order: list[int]) -> AnyArray:
    return np.array(order, dtype=np.int32 if len(order) <= np.iinfo(np.int32).max else np.int64)
