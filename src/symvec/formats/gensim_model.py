"""Models that gensim saved: a pickle, and beside it ``.npy`` files for the large arrays.

Every version from 0.12 to 4 is read: what was stored differs, but not by much. A model's words
(``wv``) are opened; what trains it further is left behind.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from symvec.arrays import AnyArray, Float2, Ids64
from symvec.errors import FileError, FormatError, InputError
from symvec.formats.assembly import Words, checked
from symvec.formats.content import Content, open_content
from symvec.formats.gensim_ngrams import float_rows, has_places, ngram_places, stored_rows
from symvec.formats.npy import read_npy
from symvec.formats.pickle_data import Array, Pairs, Record
from symvec.formats.pickle_machine import RECIPE
from symvec.formats.pickle_opcodes import read_pickle
from symvec.text.ngrams import Characters
from symvec.vectors import Vectors
from symvec.vocabulary import Rows, SubwordRows, Vocabulary, WordOrNgramRows, WordRows
from symvec.vocabulary.index import encode

_WORD_LISTS = ("index_to_key", "index2entity", "index2word")
_TABLES = ("vectors", "syn0")
# Of versions since 3.3, of 3.2, and of those before, which put n-grams where words had been.
_NGRAM_TABLES = ("vectors_ngrams", "syn0_ngrams", "syn0_all")
# Rows that are made of each that is stored: beyond that, only stored ones are kept.
_MOST_BUCKETS_A_ROW = 16
_FEW_ROWS = 1 << 10


@dataclass(frozen=True)
class _Part:
    """An object of a model with its attributes, and where its side files lie.

    Args:
        name: of its class.
        attributes: what was stored.
        stem: the beginning of its side files' names.
    """

    name: str
    attributes: Mapping[str, object]
    stem: str

    def number(self, name: str) -> int:
        """Return a whole number, 0 where there is none."""
        value = self.attributes.get(name)
        return value if isinstance(value, int) else 0

    def array(self, name: str) -> AnyArray | None:
        """Return an array, from its side file if it lies in one.

        Raises:
            FileError: the side file is not there.
        """
        value = self.attributes.get(name)
        if isinstance(value, Array):
            return value.numbers
        listed = self.attributes.get("__numpys")
        if not isinstance(listed, list) or name not in listed:
            return None
        path = f"{self.stem}.{name}.npy"
        if not os.path.exists(path):  # noqa: PTH110 - a text like the others
            raise FileError(
                f"{path} is not there; the model's array {name!r} lies in it: keep the files that "
                "gensim wrote together"
            )
        return read_npy(open_content(path, lambda _: None))


def read_gensim(content: Content) -> Vectors:
    """Read the words of a model that gensim saved.

    Raises:
        FileError: a side file is missing.
        FormatError: the file was cut off or changed, is no model of words, or names what is not
            known; nothing of it is run in any case.
    """
    part = _word_part(read_pickle(content.octets.data, content.path), content.path)
    try:
        words = _words(part, content.path)
        vocabulary = Vocabulary.from_blob(words.blob, words.offsets, words.counts)
        rows, table = _rows(part, vocabulary, content.path)
        provenance = {"source_format": f"gensim {part.name}"}
        return checked(Vectors(rows, table, provenance=provenance), content.path)
    except InputError as error:
        raise FormatError(f"{content.path}: its parts do not fit together: {error}") from error


def _word_part(root: object, path: str) -> _Part:
    """Return the object that has the words: the model itself in old versions, else its ``wv``."""
    if not isinstance(root, Record):
        raise FormatError(f"{path}: it is a pickle, but not of a gensim model; {RECIPE}")
    attributes = root.attributes()
    for name in ("wv", "kv"):
        inner = attributes.get(name)
        if isinstance(inner, Record):
            return _Part(inner.name.name, inner.attributes(), f"{path}.{name}")
    return _Part(root.name.name, attributes, path)


def _words(part: _Part, path: str) -> Words:
    """Return the words by word id, with their counts where they were stored."""
    found = _old_vocabulary(part)
    keys = next((part.attributes[name] for name in _WORD_LISTS if name in part.attributes), None)
    if not isinstance(keys, list):
        keys = sorted(found, key=lambda word: found[word][0])
    if not keys and part.array(_TABLES[0]) is None and part.array(_TABLES[1]) is None:
        raise FormatError(f"{path}: gensim's {part.name} has no words with vectors; {RECIPE}")
    odd = next((key for key in keys if not isinstance(key, str | bytes)), None)
    if odd is not None:
        raise FormatError(f"{path}: its keys are not words but of type {type(odd).__name__}")
    return Words.of([encode(key) for key in keys], _counts(part, keys, found))


def _old_vocabulary(part: _Part) -> dict[str, tuple[int, int]]:
    """Return index and count of each word as versions before 4 stored them."""
    vocabulary = part.attributes.get("vocab")
    if not isinstance(vocabulary, Pairs):
        return {}
    found = {}
    for word, entry in vocabulary.items:
        numbers = entry.attributes() if isinstance(entry, Record) else {}
        index, count = numbers.get("index"), numbers.get("count", 0)
        if isinstance(word, str) and isinstance(index, int):
            found[word] = (index, count if isinstance(count, int) else 0)
    return found


def _counts(part: _Part, keys: list[str], found: dict[str, tuple[int, int]]) -> Ids64 | None:
    if found:
        seen = [min(max(found.get(key, (0, 0))[1], 0), 2**62) for key in keys]
        return np.array(seen, dtype=np.int64)
    extra = part.attributes.get("expandos")
    stored = dict(extra.items).get("count") if isinstance(extra, Pairs) else None
    numbers = stored.numbers if isinstance(stored, Array) else None
    if numbers is None or numbers.shape != (len(keys),) or numbers.dtype.kind not in "iu":
        return None
    counts: Ids64 = numbers.astype(np.int64)
    return counts


def _rows(part: _Part, vocabulary: Vocabulary, path: str) -> tuple[Rows, Float2]:
    """Return the words' rows, and those of n-grams where the model has them.

    Since 3.8 a word is its own row and those of its n-grams, as in fastText; before, words and
    n-grams were kept apart, and which n-gram has which row was listed or hashed in another way.
    """
    ngrams = next((array for array in map(part.array, _NGRAM_TABLES) if array is not None), None)
    if ngrams is not None and part.number("max_n") > 0 and has_places(part.attributes, path):
        cutting = Characters(max(1, part.number("min_n")), part.number("max_n"))
        own = part.array("vectors_vocab")
        if own is not None and _is_fasttexts(part, ngrams):
            buckets = _unpacked(part, ngrams, path)
            own = float_rows(own, len(vocabulary), path)
            rows = SubwordRows(vocabulary, cutting, part.number("bucket"))
            return rows, np.concatenate([own, buckets])
        places, kept = ngram_places(part.attributes, cutting, ngrams, path)
        table = _word_table(part, len(vocabulary), path)
        return WordOrNgramRows(vocabulary, places), np.concatenate([table, kept])
    return WordRows(vocabulary), _word_table(part, len(vocabulary), path)


def _word_table(part: _Part, words: int, path: str) -> Float2:
    table = next((array for array in map(part.array, _TABLES) if array is not None), None)
    if table is None:
        raise FormatError(f"{path}: gensim's {part.name} has no vectors; {RECIPE}")
    return float_rows(table, words, path)


def _is_fasttexts(part: _Part, ngrams: AnyArray) -> bool:
    """Return whether n-grams are fastText's, and a row for each bucket is not far too many."""
    bucket = part.number("bucket")
    is_known = part.attributes.get("compatible_hash") is True and bucket > 0
    return is_known and bucket <= _MOST_BUCKETS_A_ROW * max(len(ngrams), _FEW_ROWS)


def _unpacked(part: _Part, ngrams: AnyArray, path: str) -> Float2:
    """Return a row for each bucket: gensim up to 3.7 stored those alone that were trained.

    The others get zeros, so that they do not turn the vectors of unseen words.
    """
    bucket = part.number("bucket")
    if "hash2index" not in part.attributes:
        return float_rows(ngrams, bucket, path)
    buckets, kept = stored_rows(part.attributes["hash2index"], bucket, ngrams, path)
    rows = np.zeros((bucket, ngrams.shape[1]), dtype=np.float32)
    rows[buckets] = kept
    return rows
