"""Fewer rows for n-grams, while the words of the vocabulary keep their vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from symvec.arrays import Double1
from symvec.errors import InputError
from symvec.vectors.cosine import cosines
from symvec.vocabulary import SubwordRows
from symvec.vocabulary.bags import bag_means

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

_SAMPLE: Final = 300


def fewer_buckets(vectors: Vectors, bucket: int) -> Vectors:
    """Return vectors whose n-grams share fewer rows.

    A row becomes the mean of those that fall on it, weighted by how often the vocabulary's words
    use them. Each word's own row takes up the difference, so that words of the vocabulary keep
    their vectors but for rounding; words never seen come to lie elsewhere: see
    ``unseen_word_cosines``.

    Args:
        vectors: of words and hashed n-grams, as fastText has them.
        bucket: how many rows n-grams will share; it divides the number they share now, for then
            an n-gram's new row is known from its old one.

    Raises:
        InputError: rows of another kind, or a number that does not divide theirs.
    """
    rows = vectors.rows
    if not isinstance(rows, SubwordRows):
        raise InputError(
            f"only words with hashed n-grams have buckets, and these are of the kind {rows.kind!r}"
        )
    if bucket < 1 or rows.bucket % bucket:
        raise InputError(
            f"the number of buckets must divide the {rows.bucket:,} that there are, got "
            f"{bucket:,}; {rows.bucket // 2 if rows.bucket % 2 == 0 else 1:,} would do"
        )
    words = len(vectors)
    used = rows.word_rows().row_ids
    uses = np.bincount(used[used >= words] - words, minlength=rows.bucket).astype(np.float64)
    shared = np.zeros((bucket, vectors.vector_size))
    weights = np.zeros(bucket)
    for begin in range(0, rows.bucket, bucket):
        # Rows that no word uses weigh next to nothing beside one that is used.
        part = uses[begin : begin + bucket] + 1e-6
        shared += vectors.table[words + begin : words + begin + bucket] * part[:, None]
        weights += part
    fewer = SubwordRows(vectors.vocabulary, rows.cutting, bucket)
    table = np.zeros((fewer.row_count, vectors.vector_size), dtype=np.float32)
    table[words:] = shared / weights[:, None]
    ragged = fewer.word_rows()
    counts = np.diff(ragged.offsets).astype(np.float32)[:, None]
    table[:words] = (vectors.word_matrix - bag_means(table, ragged)) * counts
    return replace(
        vectors,
        rows=fewer,
        table=table,
        stored_norms=None,
        stored_word_matrix=None,
        outputs=None,
        provenance={**vectors.provenance, "buckets_before": rows.bucket},
    )


def unseen_word_cosines(before: Vectors, after: Vectors, *, seed: int = 1) -> Double1:
    """Return how near words of n-grams alone are to what they were, (words,) float64.

    Words are drawn from the vocabulary and taken for words that are not in it.
    """
    words = len(before)
    drawn = np.random.default_rng(seed).permutation(words)[:_SAMPLE]
    found = []
    for word in (before.vocabulary.word(int(word_id)) for word_id in drawn):
        ids = [vectors.rows.rows_of(word)[1:] for vectors in (before, after)]
        if len(ids[0]):
            found.append(
                [
                    vectors.table[some].mean(axis=0)
                    for vectors, some in zip((before, after), ids, strict=True)
                ]
            )
    pairs = np.array(found, dtype=np.float64).reshape(-1, 2, before.vector_size)
    return cosines(pairs[:, 0], pairs[:, 1])
