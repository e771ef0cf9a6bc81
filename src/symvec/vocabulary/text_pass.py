"""The pass over raw text: bytes to provisional word ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from typing import IO, Final

import numpy as np

from symvec.arrays import AnyArray, Bytes1, Ids64
from symvec.kernels import scanning, word_table, words
from symvec.kernels.word_table import WordTable
from symvec.text.background import running_ahead
from symvec.text.character_tokeniser import CharacterTokeniser
from symvec.text.reading import Chunk, read_chunks
from symvec.text.sources import Source, total_bytes
from symvec.vocabulary.first_pass import FirstPass, OnProgress

_CHUNKS_AHEAD: Final = 8
# Lower-casing makes three bytes of two in a few characters; nothing grows more.
_SPELLING_BYTES_PER_BYTE: Final = 2


def scan_sources(
    sources: Sequence[Source],
    tokeniser: CharacterTokeniser,
    ids_file: IO[bytes],
    on_progress: OnProgress,
) -> FirstPass:
    """Write the provisional ids of all words to ``ids_file``, and count the words.

    The ids are int32 in the order in which the words were first met; a sentence ends with -1.

    Raises:
        FileError, FormatError: see ``symvec.text.reading.read_chunks``.
    """
    digest = hashlib.sha256()
    scanner = _Scanner(tokeniser, ids_file)
    text_bytes = source_bytes = 0
    total = total_bytes(sources)

    def note(text: bytes) -> None:
        nonlocal text_bytes
        text_bytes += len(text)
        digest.update(text)

    with running_ahead(_noted(sources, note), ahead=_CHUNKS_AHEAD) as chunks:
        for chunk in tokeniser.prepared(chunks):
            scanner.scan(chunk)
            source_bytes += chunk.source_bytes
            on_progress(source_bytes, total)
    words, word_of = _respelled(scanner.words, tokeniser)
    size = int(words.size[0])
    counts, first_seen = _merged(word_table.word_counts(words)[: word_of.size], word_of, size)
    return FirstPass(
        blob=words.spellings[: words.ends[size]],
        offsets=words.ends[: size + 1],
        counts=counts,
        first_seen=first_seen,
        word_of=word_of,
        bytes_read=text_bytes,
        sentences=int(scanner.progress[scanning.SENTENCES]),
        invalid_bytes=int(scanner.progress[scanning.INVALID_BYTES]),
        sha256=digest.hexdigest(),
    )


def _noted(
    sources: Sequence[Source], note: Callable[[bytes], None]
) -> Generator[Chunk, None, None]:
    """Go through the chunks of all sources; ``note`` is told of each before it is prepared."""
    for source in sources:
        for chunk in read_chunks(source):
            note(chunk.text)
            yield chunk


class _Scanner:
    """Feeds the kernel: keeps the text that it left, and gives the table room when it is full."""

    def __init__(self, tokeniser: CharacterTokeniser, ids_file: IO[bytes]) -> None:
        self.words: WordTable = word_table.empty_table()
        self.progress = np.zeros(scanning.PROGRESS_SIZE, dtype=np.int64)
        self._tables = words.code_point_tables(tokeniser.classes, tokeniser.lowered)
        self._ids_file = ids_file
        self._ids: AnyArray = np.empty(0, dtype=np.int32)
        self._pending = bytearray()
        self._wanted_bytes = 0

    def scan(self, chunk: Chunk) -> None:
        """Write the ids of the words that are complete with this chunk."""
        self._pending += chunk.text
        if len(self._pending) < self._wanted_bytes and not chunk.is_last:
            return
        scanned_bytes = self._scan(np.frombuffer(self._pending, np.uint8), chunk.is_last)
        del self._pending[:scanned_bytes]
        # A word longer than a chunk is scanned from its beginning each time: wait until the
        # text has doubled, so that all those scans together cost no more than two.
        self._wanted_bytes = 2 * len(self._pending)

    def _scan(self, text: Bytes1, is_last: bool) -> int:
        if self._ids.size <= text.size:
            self._ids = np.empty(text.size + 1, dtype=np.int32)
        self.progress[scanning.POSITION] = 0
        spelling_bytes = _SPELLING_BYTES_PER_BYTE * text.size
        self.words = word_table.with_room(self.words, words=0, spelling_bytes=spelling_bytes)
        self.progress[scanning.WRITTEN] = 0
        while not scanning.scan_text(
            text, is_last, self._tables, self.words, self._ids, self.progress
        ):
            self.words = word_table.with_room(self.words, words=1, spelling_bytes=spelling_bytes)
        self._ids_file.write(self._ids[: self.progress[scanning.WRITTEN]].data)
        return int(self.progress[scanning.POSITION])


def _respelled(words: WordTable, tokeniser: CharacterTokeniser) -> tuple[WordTable, Ids64]:
    """Spell the irregular words as the tokeniser does; return the table and each id's word.

    The kernel lower-cases character by character. What depends on neighbours (normal form, the
    Greek sigma at the end of a word) is done here, once for each distinct word.
    """
    size = int(words.size[0])
    word_of = np.arange(size, dtype=np.int64)
    changed: list[int] = []
    spellings: list[bytes] = []
    for word_id in np.flatnonzero(words.irregular[:size]).tolist():
        spelling = words.spellings[words.ends[word_id] : words.ends[word_id + 1]].tobytes()
        text = tokeniser.normalise(spelling.decode("utf-8", "surrogateescape"))
        respelled = text.encode("utf-8", "surrogateescape")
        if respelled != spelling:
            changed.append(word_id)
            spellings.append(respelled)
    if changed:
        blob = np.frombuffer(b"".join(spellings), dtype=np.uint8)
        offsets = np.zeros(len(spellings) + 1, dtype=np.int64)
        np.cumsum([len(spelling) for spelling in spellings], out=offsets[1:])
        words = word_table.with_room(words, words=len(spellings), spelling_bytes=blob.size)
        new_ids = np.empty(len(spellings), dtype=np.int64)
        word_table.intern_words(words, blob, offsets, new_ids)
        word_of[changed] = new_ids
    return words, word_of


def _merged(counts: Ids64, word_of: Ids64, size: int) -> tuple[Ids64, Ids64]:
    """Return the counts of the words and the provisional id at which each was first met."""
    if word_of.size == size and np.array_equal(word_of, np.arange(size)):
        return counts, word_of
    merged = np.zeros(size, dtype=np.int64)
    np.add.at(merged, word_of, counts)
    first_seen = np.full(size, word_of.size, dtype=np.int64)
    np.minimum.at(first_seen, word_of, np.arange(word_of.size))
    return merged, first_seen
