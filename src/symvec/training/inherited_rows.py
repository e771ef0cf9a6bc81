"""Which rows of a table begin as what another model has learned of the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from symvec.arrays import Float2, Ids64, RaggedRows
from symvec.errors import InputError
from symvec.vectors import Vectors
from symvec.vocabulary import HashedRows, NgramRows, Rows, SubwordRows, WordRows
from symvec.vocabulary.bags import bag_means, offsets_of
from symvec.vocabulary.index import split

_ROWS_AT_ONCE: Final = 1 << 14
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class InheritedRows:
    """Where rows, and vectors of words, come from.

    Args:
        source: the model that they come from.
        rows: of the words that are trained.
        target_rows: (copied,) int64, rows that begin as rows of the source.
        source_rows: (copied,) int64, those of the source.
        target_words: (words,) int64, word ids whose own row is set so that the word begins with
            the vector that it has in the source.
        source_words: (words,) int64, their word ids in the source.
        made_words: (made,) int64, the same for words that the source makes of their n-grams.
        made: (made, D) float32, their vectors.
        told: how many words, and rows of n-grams, were found.
    """

    source: Vectors
    rows: Rows
    target_rows: Ids64
    source_rows: Ids64
    target_words: Ids64
    source_words: Ids64
    made_words: Ids64
    made: Float2
    told: Mapping[str, int]

    def fill(self, inputs: Float2, word_rows: RaggedRows) -> None:
        """Write them over a table that is as training would start without them.

        Args:
            inputs: (rows, >= D) float32.
            word_rows: which rows each word has.

        Raises:
            InputError: one holds NaN or infinity.
        """
        size = self.source.vector_size
        for part in _parts(len(self.target_rows)):
            found = self.source.table[self.source_rows[part]]
            _check_finite(found)
            inputs[self.target_rows[part], :size] = found
        for part in _parts(len(self.target_words)):
            found = self.source.word_matrix[self.source_words[part]]
            _set_words(inputs, word_rows, self.target_words[part], found)
        for part in _parts(len(self.made_words)):
            _set_words(inputs, word_rows, self.made_words[part], self.made[part])

    def frozen(self) -> npt.NDArray[np.bool_]:
        """Return the rows that are the source's own, (rows,) bool; none that it had to make up."""
        frozen = np.zeros(self.rows.row_count, np.bool_)
        frozen[self.target_rows] = True
        frozen[self.target_words] = True  # a word's own row has its number
        return frozen


def inherited_rows(rows: Rows, source: Vectors) -> InheritedRows:
    """Return what rows take over from a model.

    Where both have the same scheme of n-grams (or none), rows are copied: those of words by word,
    those of n-grams by their bucket or by the n-gram. Otherwise a word's own row is set so that
    the word begins with its vector; fastText's ``-pretrainedVectors`` takes the vector for the
    row, so that the word begins with a fraction of it.

    Args:
        rows: of the words that are to be trained.
        source: any vectors.

    Raises:
        InputError: nothing can be taken over.
    """
    words = rows.vocabulary
    there = source.vocabulary.find(split(words.blob, words.offsets))
    known = np.flatnonzero(there >= 0)
    if _is_same_scheme(rows, source.rows):
        return _copied(rows, source, known, there[known])
    if isinstance(rows, HashedRows):
        raise InputError(
            "words of hashed rows have no row of their own: they can only start from a model with "
            f"the same n-grams, buckets and hashes, not from rows of the kind {source.rows.kind!r}"
            f" {dict(source.rows.to_metadata())}"
        )
    return _by_word(rows, source, known, there)


def _is_same_scheme(rows: Rows, other: Rows) -> bool:
    return rows.kind == other.kind and dict(rows.to_metadata()) == dict(other.to_metadata())


def _copied(rows: Rows, source: Vectors, known: Ids64, there: Ids64) -> InheritedRows:
    ngrams, ngrams_there = _ngram_rows(rows, source.rows)
    if isinstance(rows, HashedRows):  # words have no rows but those
        known_rows = there_rows = _NONE
    else:
        known_rows, there_rows = known, there
    told = _told(rows, len(known), 0, len(ngrams))
    return InheritedRows(
        source,
        rows,
        np.concatenate([known_rows, ngrams]),
        np.concatenate([there_rows, ngrams_there]),
        _NONE,
        _NONE,
        _NONE,
        np.zeros((0, source.vector_size), np.float32),
        told,
    )


def _ngram_rows(rows: Rows, other: Rows) -> tuple[Ids64, Ids64]:
    """Return the rows of n-grams that both have, here and there."""
    if isinstance(rows, HashedRows):
        every = np.arange(rows.bucket)
        return every, every
    if isinstance(rows, SubwordRows):
        every = np.arange(rows.bucket)
        return len(rows.vocabulary) + every, len(other.vocabulary) + every
    if isinstance(rows, NgramRows) and isinstance(other, NgramRows):
        here = rows.ngrams
        there = other.ngrams.find(split(here.blob, here.offsets))
        known = np.flatnonzero(there >= 0)
        return len(rows.vocabulary) + known, len(other.vocabulary) + there[known]
    return _NONE, _NONE


def _by_word(rows: Rows, source: Vectors, known: Ids64, there: Ids64) -> InheritedRows:
    unknown = np.flatnonzero(there < 0).tolist()
    made_words, made = _made_of_ngrams(rows, source, unknown)
    told = _told(rows, len(known), len(made_words), 0)
    return InheritedRows(source, rows, _NONE, _NONE, known, there[known], made_words, made, told)


def _made_of_ngrams(rows: Rows, source: Vectors, unknown: list[int]) -> tuple[Ids64, Float2]:
    """Return the words that the source has no vector of but can make one for."""
    if isinstance(source.rows, WordRows):
        unknown = []
    words = {word_id: rows.vocabulary.word(word_id) for word_id in unknown}
    covered = [word_id for word_id, word in words.items() if source.rows.covers(word)]
    made = np.empty((len(covered), source.vector_size), np.float32)
    for place, word_id in enumerate(covered):
        made[place] = source.table[source.rows.rows_of(words[word_id])].mean(axis=0)
    return np.array(covered, np.int64), made


def _told(rows: Rows, words: int, made: int, ngram_rows: int) -> dict[str, int]:
    if words + made + ngram_rows == 0:
        raise InputError(
            f"none of the {len(rows.vocabulary):,} words is in the model to start from; see "
            "whether both were cut and lower-cased alike"
        )
    told = {"words": words, "other_words": len(rows.vocabulary) - words - made}
    if not isinstance(rows, WordRows):
        told["ngram_rows"] = ngram_rows
    return told | ({"words_made_of_ngrams": made} if made else {})


def _set_words(inputs: Float2, rows: RaggedRows, word_ids: Ids64, vectors: Float2) -> None:
    """Set the own rows of words so that the mean of all their rows is a given vector."""
    _check_finite(vectors)
    size = vectors.shape[1]
    if len(rows.row_ids) == len(rows):
        inputs[word_ids, :size] = vectors
        return
    bags = _bags(rows, word_ids)
    inputs[word_ids] = 0
    others = bag_means(inputs, bags)[:, :size]
    inputs[word_ids, :size] = bags.lengths[:, np.newaxis].astype(np.float32) * (vectors - others)


def _bags(rows: RaggedRows, word_ids: Ids64) -> RaggedRows:
    lengths = rows.offsets[word_ids + 1] - rows.offsets[word_ids]
    offsets = offsets_of(lengths)
    places = np.arange(offsets[-1]) + np.repeat(rows.offsets[word_ids] - offsets[:-1], lengths)
    return RaggedRows(rows.row_ids[places], offsets)


def _parts(length: int) -> Iterator[slice]:
    for start in range(0, length, _ROWS_AT_ONCE):
        yield slice(start, start + _ROWS_AT_ONCE)


def _check_finite(vectors: Float2) -> None:
    if not np.isfinite(vectors).all():
        raise InputError(
            "the model to start from has vectors that hold NaN or infinity; 'symvec check FILE "
            "--fix OUT' writes it without them"
        )
