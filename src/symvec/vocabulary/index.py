"""From a word to its word id: a binary search that becomes a dictionary when asked often."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from symvec.arrays import AnyArray, Bytes1, Ids64
from symvec.errors import InputError

# A dictionary entry costs about as much to make as a thirtieth of a binary search, so once a
# thirtieth of the words was searched for, making the dictionary cannot cost more than it did.
_SEARCHES_PER_DICTIONARY = 32


def encode(word: str | bytes) -> bytes:
    """Return the bytes of a word, those that are not valid UTF-8 included (PEP 383).

    Raises:
        InputError: it is not a word but another object.
    """
    if isinstance(word, bytes):
        return word
    if not isinstance(word, str):
        raise InputError(f"a word must be text, got {word!r} of type {type(word).__name__}")
    try:
        return word.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # Surrogates that do not stand for a byte come from text such as JSON "\ud83d".
        return word.encode("utf-8", "surrogatepass")


def decode(key: bytes) -> str:
    """Return the text of a word; bytes that are not valid UTF-8 become lone surrogates."""
    return key.decode("utf-8", "surrogateescape")


def split(blob: Bytes1, offsets: Ids64) -> Iterator[bytes]:
    """Go through the words of a blob; see ``Vocabulary``."""
    data = blob.tobytes()
    for start, end in pairwise(offsets.tolist()):
        yield data[start:end]


def sorted_order(blob: Bytes1, offsets: Ids64) -> AnyArray:
    """Return the word ids sorted by the bytes of their words, as int32 where that suffices.

    Raises:
        InputError: two words are the same.
    """
    keys = list(split(blob, offsets))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    for first, second in pairwise(order):
        if keys[first] == keys[second]:
            raise InputError(
                f"the word {decode(keys[first])!r} comes twice, as word {first} and as word "
                f"{second}; each word must be there once"
            )
    fits = len(keys) <= np.iinfo(np.int32).max
    return np.array(order, dtype=np.int32 if fits else np.int64)


class WordIndex:
    """Finds words by their bytes.

    The first searches are binary ones in ``order``, so that a single question to a file of
    three million words touches a few pages of it; after many a dictionary is made.

    Args:
        blob: (bytes,) uint8, the words one after another.
        offsets: (words + 1,) int64, where each word begins.
        order: (words,) integers, the word ids sorted by the bytes of their words.
    """

    def __init__(self, blob: Bytes1, offsets: Ids64, order: AnyArray) -> None:
        # Memory views hand out Python's own integers, several times faster than arrays do.
        # Those of arrays that a file has at odd places do not, so such arrays are copied.
        self._blob: memoryview = np.require(blob, requirements=["C", "A"]).data
        self._offsets: memoryview = np.require(offsets, requirements=["C", "A"]).data
        self._order: memoryview = np.require(order, requirements=["C", "A"]).data
        self._searches = 0
        self._word_ids: dict[bytes, int] | None = None

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self._order)

    def key(self, word_id: int) -> bytes:
        """Return the bytes of a word."""
        return bytes(self._blob[self._offsets[word_id] : self._offsets[word_id + 1]])

    def place(self, key: bytes) -> int:
        """Return how many words are smaller than ``key`` by their bytes."""
        order = self._order
        return bisect_left(order, key, key=self.key)

    def between(self, first: bytes, end: bytes, limit: int) -> list[int]:
        """Return the smallest ``limit`` word ids of the words from ``first`` to before ``end``."""
        places = np.asarray(self._order[self.place(first) : self.place(end)])
        if places.size > limit:
            places = np.partition(places, limit)[:limit]
        found: list[int] = np.sort(places).tolist()
        return found

    def find(self, key: bytes) -> int | None:
        """Return the word id, or None."""
        word_id = self.find_all([key])[0]
        return None if word_id < 0 else word_id

    def find_all(self, wanted: Sequence[bytes]) -> list[int]:
        """Return the word id of each of the keys, -1 for those that are not there."""
        self._searches += len(wanted)
        if self._word_ids is None and self._searches * _SEARCHES_PER_DICTIONARY < len(self):
            return [self._search(key) for key in wanted]
        if self._word_ids is None:
            keys = split(np.asarray(self._blob), np.asarray(self._offsets))
            self._word_ids = {key: word_id for word_id, key in enumerate(keys)}
        word_ids = self._word_ids
        return [word_ids.get(key, -1) for key in wanted]

    def _search(self, key: bytes) -> int:
        place = self.place(key)
        if place == len(self):
            return -1
        word_id = self._order[place]
        return word_id if self.key(word_id) == key else -1
