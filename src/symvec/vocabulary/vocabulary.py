"""The words of a model: which they are, how often each was seen, and where each lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from symvec.arrays import AnyArray, Bytes1, Ids64
from symvec.errors import InputError, UnknownSymbolError
from symvec.vocabulary.index import WordIndex, decode, encode, sorted_order, split
from symvec.vocabulary.spelling import near_spellings


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words by word id, stored flat, so that opening three million of them costs nothing.

    Word ``w`` is the bytes ``blob[offsets[w]:offsets[w + 1]]``, UTF-8 as a rule. Bytes that are
    not valid UTF-8 are kept: in a ``str`` they are lone surrogates (PEP 383, surrogateescape).

    Args:
        blob: (bytes,) uint8, the words one after another.
        offsets: (words + 1,) int64, rising from 0 to ``len(blob)``.
        counts: (words,) int64, how often each word was seen; 0 where that is not known.
        order: (words,) int32 or int64, the word ids sorted by the bytes of their words.

    Raises:
        InputError: the four arrays do not describe one list of words.

    Example:
        >>> vocabulary = Vocabulary.from_words(["tea", "coffee"], counts=[9, 7])
        >>> vocabulary.key_to_index["coffee"], vocabulary.word(0), "milk" in vocabulary
        (1, 'tea', False)
    """

    blob: Bytes1
    offsets: Ids64
    counts: Ids64
    order: AnyArray

    def __post_init__(self) -> None:
        """Check that no id and no offset points outside of the arrays."""
        for name, kinds in (("blob", "u"), ("offsets", "i"), ("counts", "i"), ("order", "i")):
            array = getattr(self, name)
            if array.ndim != 1 or array.dtype.kind not in kinds:
                raise InputError(
                    f"{name} must be one-dimensional integers, got shape {array.shape} "
                    f"of {array.dtype}"
                )
        words = self.offsets.size - 1
        if self.counts.size != words or self.order.size != words:
            raise InputError(
                f"{self.offsets.size} offsets stand for {words} words, but there are "
                f"{self.counts.size} counts and {self.order.size} places in the order"
            )
        if self.offsets[0] != 0 or self.offsets[-1] != self.blob.size:
            raise InputError(
                f"offsets must rise from 0 to the {self.blob.size} bytes of the words, they go "
                f"from {self.offsets[0]} to {self.offsets[-1]}"
            )
        if np.any(self.offsets[1:] < self.offsets[:-1]):
            raise InputError("offsets must never fall")
        if not _is_permutation(self.order):
            raise InputError(f"order must hold each word id from 0 to {words - 1} once")

    @classmethod
    def from_words(
        cls, words: Iterable[str] | Iterable[bytes], counts: Sequence[int] | Ids64 | None = None
    ) -> Vocabulary:
        """Return the vocabulary of ``words``, in which the first word has the id 0.

        Args:
            words: distinct words, as text or as bytes.
            counts: how often each was seen; not known when left out.

        Raises:
            InputError: a word comes twice, or there is not one count for each word.

        Example:
            >>> Vocabulary.from_words(["tea", "milk", "tea"])
            Traceback (most recent call last):
            symvec.errors.InputError: the word 'tea' comes twice, as word 0 and as word 2; ...
        """
        keys = [encode(word) for word in words]
        offsets = np.zeros(len(keys) + 1, dtype=np.int64)
        np.cumsum([len(key) for key in keys], out=offsets[1:])
        blob = np.frombuffer(b"".join(keys), dtype=np.uint8)
        return cls.from_blob(blob, offsets, counts)

    @classmethod
    def from_blob(
        cls, blob: Bytes1, offsets: Ids64, counts: Sequence[int] | Ids64 | None = None
    ) -> Vocabulary:
        """Return the vocabulary of words that lie in one array already; see the class.

        Raises:
            InputError: a word comes twice, or there is not one count for each word.
        """
        words = offsets.size - 1
        known = np.zeros(words, dtype=np.int64) if counts is None else np.asarray(counts, np.int64)
        if known.shape != (words,):
            raise InputError(f"expected one count for each of {words} words, got {known.shape}")
        return cls(blob, offsets, known, sorted_order(blob, offsets))

    def __len__(self) -> int:
        """Return the number of words."""
        return int(self.offsets.size - 1)

    def __contains__(self, word: object) -> bool:
        """Return whether the word is there, exactly as given."""
        return isinstance(word, str | bytes) and self._index.find(encode(word)) is not None

    def __iter__(self) -> Iterator[str]:
        """Go through the words by word id."""
        return map(decode, split(self.blob, self.offsets))

    def __repr__(self) -> str:
        """Return the size, not the words."""
        return f"<Vocabulary: {len(self):,} words>"

    def word_bytes(self, word_id: int) -> bytes:
        """Return the bytes of a word.

        Raises:
            InputError: there is no such word id.
        """
        if not 0 <= word_id < len(self):
            raise InputError(f"word ids go from 0 to {len(self) - 1}, got {word_id}")
        return self._index.key(word_id)

    def word(self, word_id: int) -> str:
        """Return the word of a word id.

        Raises:
            InputError: there is no such word id.
        """
        return decode(self.word_bytes(word_id))

    @property
    def key_to_index(self) -> KeyToIndex:
        """The word id of each word, as a mapping that is looked up in place."""
        return KeyToIndex(self)

    def word_id(self, word: str | bytes) -> int:
        """Return the word id of a word.

        Raises:
            UnknownSymbolError: the word is not there; the error holds near spellings.

        Example:
            >>> Vocabulary.from_words(["tea", "coffee"]).word_id("cofee")
            Traceback (most recent call last):
            symvec.errors.UnknownSymbolError: 'cofee' is not in the vocabulary; did you mean 'coffee'?
        """  # noqa: E501 - the message as it is shown
        word_id = self._index.find(encode(word))
        if word_id is None:
            text = decode(encode(word))
            raise UnknownSymbolError(text, self.suggestions(text))
        return word_id

    def find(self, words: Iterable[str] | Iterable[bytes]) -> Ids64:
        """Return the word id of each word, (words,) int64, and -1 where a word is not there."""
        keys = [encode(word) for word in words]
        return np.array(self._index.find_all(keys), dtype=np.int64)

    def indices(self, words: Sequence[str]) -> Ids64:
        """Return the word id of each word, (words,) int64.

        Raises:
            UnknownSymbolError: for the first word that is not there.
        """
        word_ids = self.find(words)
        missing = np.flatnonzero(word_ids < 0)
        if missing.size:
            unknown = words[int(missing[0])]
            raise UnknownSymbolError(unknown, self.suggestions(unknown))
        return word_ids

    def suggestions(self, word: str, n: int = 3) -> list[str]:
        """Return up to ``n`` words that are spelled nearly like ``word``, nearest first.

        Looked at are the most frequent words and those that begin alike, never all of a large
        vocabulary: see ``symvec.vocabulary.spelling``.
        """
        return near_spellings(word, self._index, n)

    @cached_property
    def words(self) -> list[str]:
        """All words by word id, as a list that is made at the first call."""
        return list(self)

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex(self.blob, self.offsets, self.order)


class KeyToIndex(Mapping[str, int]):
    """Words to word ids, by gensim's name; nothing is copied out of the vocabulary.

    Args:
        vocabulary: where the words are.

    Raises:
        UnknownSymbolError: (a KeyError) a word is not there.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __getitem__(self, word: str) -> int:
        """Return the word id of a word."""
        return self._vocabulary.word_id(word)

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self._vocabulary)

    def __iter__(self) -> Iterator[str]:
        """Go through the words by word id."""
        return iter(self._vocabulary)

    def __contains__(self, word: object) -> bool:
        """Return whether the word is there, exactly as given."""
        return word in self._vocabulary


def _is_permutation(order: AnyArray) -> bool:
    if order.size and (order.min() < 0 or order.max() >= order.size):
        return False
    seen = np.zeros(order.size, dtype=np.bool_)
    seen[order] = True
    return bool(seen.all())
