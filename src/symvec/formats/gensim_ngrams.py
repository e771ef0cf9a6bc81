"""Where gensim's models before 3.8 keep the vectors of n-grams.

Until 3.2 each n-gram of the words is listed with its row; from 3.3 on n-grams are hashed into
buckets, of which those that training had met were stored. Until 3.7 the hash took code points for
bytes, which is fastText's hash for ASCII alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64
from symvec.errors import FormatError
from symvec.formats.assembly import Words
from symvec.formats.pickle_data import Pairs
from symvec.text.ngrams import Characters
from symvec.vocabulary import Vocabulary
from symvec.vocabulary.index import encode
from symvec.vocabulary.listed_places import ListedPlaces
from symvec.vocabulary.ngram_places import HashedPlaces, NgramPlaces
from symvec.vocabulary.stored_places import StoredPlaces


def has_places(attributes: Mapping[str, object], path: str) -> bool:
    """Return whether the rows of n-grams can be found, after a warning if they can not."""
    bucket = attributes.get("bucket")
    if isinstance(attributes.get("ngrams"), Pairs) or (isinstance(bucket, int) and bucket > 0):
        return True
    if bucket is None:
        warnings.warn(
            f"{path}: it has vectors of n-grams, but does not say whose each is, so only its words "
            "are opened; others have no vector",
            stacklevel=6,
        )
    return False


def ngram_places(
    attributes: Mapping[str, object], cutting: Characters, ngrams: AnyArray, path: str
) -> tuple[NgramPlaces, Float2]:
    """Return where n-grams lie, and the rows that they lie in.

    Args:
        attributes: of the object that holds the words.
        cutting: how long n-grams are.
        ngrams: (rows, D) floats, the table of n-grams.
        path: the file.

    Raises:
        FormatError: the lists do not fit the table, or there are none.
        InputError: a number is out of its bounds.
    """
    listed, stored = attributes.get("ngrams"), attributes.get("hash2index")
    if isinstance(listed, Pairs):
        return _listed(listed, cutting, ngrams, path)
    bucket = attributes.get("bucket")
    bucket = bucket if isinstance(bucket, int) else 0
    name = "fasttext" if attributes.get("compatible_hash") is True else "gensim"
    hashed = HashedPlaces(cutting, bucket, name)
    if stored is None:
        return hashed, float_rows(ngrams, bucket, path)
    buckets, rows = stored_rows(stored, bucket, ngrams, path)
    return StoredPlaces(hashed, buckets), rows


def stored_rows(stored: object, bucket: int, ngrams: AnyArray, path: str) -> tuple[Ids64, Float2]:
    """Return the (rows,) int64 buckets that were stored, rising, and the (rows, D) row of each.

    Raises:
        FormatError: the list is none, or names what is not there.
    """
    pairs = stored.items if isinstance(stored, Pairs) else [(None, None)]
    places = np.array(list(pairs), dtype=object).reshape(-1, 2)
    if not all(isinstance(number, int) for number in places.flat):
        raise FormatError(f"{path}: its hash2index holds other things than whole numbers")
    numbers = np.clip(places, -1, 2**62).astype(np.int64)
    if numbers.size and (
        numbers.min() < 0 or numbers[:, 0].max() >= bucket or numbers[:, 1].max() >= len(ngrams)
    ):
        raise FormatError(f"{path}: its hash2index names rows that are not there")
    buckets, first = np.unique(numbers[:, 0], return_index=True)
    return buckets, float_rows(ngrams, len(ngrams), path)[numbers[first, 1]]


def _listed(
    listed: Pairs, cutting: Characters, ngrams: AnyArray, path: str
) -> tuple[NgramPlaces, Float2]:
    pairs = list(listed.items)
    if not all(isinstance(ngram, str) and isinstance(row, int) for ngram, row in pairs):
        raise FormatError(f"{path}: its list of n-grams holds other things than texts and rows")
    words = Words.of([encode(str(ngram)) for ngram, _ in pairs])
    numbers = (row for _, row in pairs if isinstance(row, int))
    rows = np.array([min(max(row, -1), 2**62) for row in numbers], dtype=np.int64)
    names = Vocabulary.from_blob(words.blob, words.offsets)
    places = ListedPlaces(cutting, names, rows, len(ngrams))
    return places, float_rows(ngrams, len(ngrams), path)


def float_rows(table: AnyArray, rows: int, path: str) -> Float2:
    """Return the first ``rows`` rows of an array as float32; gensim may keep room for more.

    Raises:
        FormatError: it has fewer, or holds no floats.
    """
    if table.ndim != 2 or len(table) < rows or table.dtype.kind != "f":
        raise FormatError(
            f"{path}: its table has the shape {table.shape} and type {table.dtype}, expected "
            f"{rows:,} rows of floats"
        )
    with np.errstate(over="ignore"):
        return np.require(table[:rows], np.float32, ["C", "A"])
