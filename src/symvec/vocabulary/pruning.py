"""From provisional ids, in the order of first sight, to a vocabulary and its ids."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from symvec.arrays import Ids, Ids64
from symvec.errors import EmptyCorpusError, InputError
from symvec.kernels import scanning
from symvec.vocabulary.corpus import EncodedCorpus
from symvec.vocabulary.first_pass import FirstPass
from symvec.vocabulary.index import decode
from symvec.vocabulary.mapped import release
from symvec.vocabulary.vocabulary import Vocabulary

_IDS_PER_CHUNK: Final = 1 << 22
_ID_BYTES: Final = 4


def check_limits(min_count: int, max_vocabulary: int | None) -> None:
    """Check the settings that decide which words are kept.

    Raises:
        InputError: one of them is not a whole number, or less than 1.
    """
    for name, value in (("min_count", min_count), ("max_vocabulary", max_vocabulary)):
        if value is None and name == "max_vocabulary":
            continue
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise InputError(f"{name} must be a whole number of 1 or more, got {value!r}")


def check_not_empty(first_pass: FirstPass) -> None:
    """Check that there is a word.

    Raises:
        EmptyCorpusError: there is none.
    """
    if first_pass.raw_words == 0:
        raise EmptyCorpusError(
            f"the corpus has no word: {first_pass.bytes_read:,} bytes were read; check that it "
            "is the right text and that the tokeniser suits it"
        )


def kept_words(first_pass: FirstPass, min_count: int, max_vocabulary: int | None) -> Ids64:
    """Return the words that are kept, most frequent first, of equals the one met first.

    Raises:
        EmptyCorpusError: there is no word, or none that is frequent enough.
    """
    counts = first_pass.counts
    check_not_empty(first_pass)
    frequent = np.flatnonzero(counts >= min_count)
    if frequent.size == 0:
        most_frequent = int(counts.argmax())
        highest = int(counts[most_frequent])
        raise EmptyCorpusError(
            f"min_count={min_count} leaves no word: the most frequent one, "
            f"{decode(first_pass.word(most_frequent))!r}, occurs {highest} "
            f"time{'s' if highest > 1 else ''}; give a min_count of {highest} or less, or more text"
        )
    return most_frequent_first(first_pass, frequent)[:max_vocabulary]


def most_frequent_first(first_pass: FirstPass, words: Ids64) -> Ids64:
    """Return words in the order of a vocabulary: of equals the one met first."""
    order = np.lexsort((first_pass.first_seen[words], -first_pass.counts[words]))
    return words[order]


def numbered(first_pass: FirstPass, kept: Ids64) -> Ids:
    """Return the word id of each word, -1 for those that are not kept, (words,) int32."""
    word_ids = np.full(first_pass.counts.size, -1, dtype=np.int32)
    word_ids[kept] = np.arange(kept.size, dtype=np.int32)
    return word_ids


def vocabulary_of(first_pass: FirstPass, kept: Ids64) -> Vocabulary:
    """Return the vocabulary of the kept words, in their order."""
    offsets = np.zeros(kept.size + 1, dtype=np.int64)
    starts, ends = first_pass.offsets[kept], first_pass.offsets[kept + 1]
    np.cumsum(ends - starts, out=offsets[1:])
    spellings = first_pass.blob.tobytes()
    words = [
        spellings[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    blob = np.frombuffer(b"".join(words), dtype=np.uint8)
    return Vocabulary.from_blob(blob, offsets, first_pass.counts[kept])


def rewritten_corpus(ids_path: Path, first_pass: FirstPass, word_ids: Ids) -> EncodedCorpus:
    """Turn a file of provisional ids into the corpus of the kept words, in place.

    Words that are not kept go, and sentences that become empty. Memory does not grow with the
    file: it is mapped, and rewritten from its beginning a part at a time.

    Args:
        ids_path: the file.
        first_pass: the words of the provisional ids.
        word_ids: (words,) int32, the word id of each, -1 for those that are not kept.
    """
    progress = np.zeros(scanning.PROGRESS_SIZE, dtype=np.int64)
    _rewrite(np.memmap(ids_path, dtype=np.int32, mode="r+"), word_ids[first_pass.word_of], progress)
    with ids_path.open("r+b") as file:
        file.truncate(int(progress[scanning.WRITTEN]) * _ID_BYTES)
    return EncodedCorpus(
        ids=np.memmap(ids_path, dtype=np.int32, mode="r"),
        word_count=int(progress[scanning.WORDS]),
        sentence_count=int(progress[scanning.SENTENCES]),
    )


def _rewrite(ids: Ids, new_ids: Ids, progress: Ids64) -> None:
    for start in range(0, ids.size, _IDS_PER_CHUNK):
        stop = min(start + _IDS_PER_CHUNK, ids.size)
        scanning.rewrite_ids(ids, start, stop, new_ids, progress)
        release(ids, stop)
