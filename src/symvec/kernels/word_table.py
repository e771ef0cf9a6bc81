"""A hash table of words that counts them: open addressing in plain arrays.

A slot is four 64-bit numbers: two keys, ``length << 32 | word_id + 1`` (0 in a free slot), and
the count. The keys of a word of up to fifteen bytes are those bytes themselves, so for nearly
all words of a text one slot, half a cache line, is all that is touched; of a longer word they
are hashes, and its bytes are compared.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from symvec.arrays import Bytes1, Ids64
from symvec.kernels.compiling import Scalar, inlined, kernel

Slots: TypeAlias = npt.NDArray[np.uint64]

_BYTE_BITS = np.uint64(8)
_LENGTH_BITS = np.uint64(32)
_ID_MASK = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(1)
_KEY_BYTES = 8
_LONGEST_EXACT = 15
# Odd constants with well spread bits (the golden ratio, and xxHash's second prime); which ones
# they are decides only how evenly the slots fill.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(0xC2B2AE3D27D4EB4F)
_FOLD_SHIFT = np.uint64(29)
_SLOT_SHIFT = np.uint64(32)
NO_KEY = np.uint64(0)

# The columns of a slot.
_KEY, _EARLIER, _ENTRY, _COUNT = range(4)
_FEWEST_SLOTS = 1 << 16
_CACHE_LINE_BYTES = 64

FULL = -1
"""What ``intern`` returns when a new word does not fit."""


class WordTable(NamedTuple):
    """Distinct words in the order in which they were first seen.

    Shapes: ``slots`` (slots, 4) uint64, a power of two; ``ends`` (capacity + 1,) int64, word
    ``w`` is ``spellings[ends[w]:ends[w + 1]]``; ``irregular`` (capacity,) uint8; ``spellings``
    (bytes,) uint8; ``size`` (1,) int64, the words so far.
    """

    slots: Slots
    ends: Ids64
    irregular: Bytes1
    spellings: Bytes1
    size: Ids64


def empty_table(slot_count: int = _FEWEST_SLOTS) -> WordTable:
    """Return a table of so many slots, a power of two; two thirds of them may be filled."""
    capacity = 2 * slot_count // 3
    return WordTable(
        slots=_aligned_slots(slot_count),
        ends=np.zeros(capacity + 1, np.int64),
        irregular=np.zeros(capacity, np.uint8),
        spellings=np.empty(0, np.uint8),
        size=np.zeros(1, np.int64),
    )


def with_room(table: WordTable, *, words: int, spelling_bytes: int) -> WordTable:
    """Return ``table``, or a larger copy that has room for so many more words and bytes."""
    size = int(table.size[0])
    used_bytes = int(table.ends[size])
    if used_bytes + spelling_bytes > table.spellings.size:
        spellings = np.empty(2 * (used_bytes + spelling_bytes), np.uint8)
        spellings[:used_bytes] = table.spellings[:used_bytes]
        table = table._replace(spellings=spellings)
    slot_count = table.slots.shape[0]
    while 2 * slot_count // 3 < size + words:
        slot_count *= 2
    if slot_count == table.slots.shape[0]:
        return table
    larger = empty_table(slot_count)._replace(spellings=table.spellings, size=table.size)
    larger.ends[: size + 1] = table.ends[: size + 1]
    larger.irregular[:size] = table.irregular[:size]
    _fill(table.slots, larger.slots)
    return larger


def word_counts(table: WordTable) -> Ids64:
    """Return how often each word was interned, (words,) int64."""
    entries = table.slots[:, _ENTRY]
    filled = np.flatnonzero(entries)
    counts = np.zeros(int(table.size[0]), dtype=np.int64)
    word_ids = (entries[filled] & _ID_MASK).astype(np.int64) - 1
    counts[word_ids] = table.slots[filled, _COUNT].astype(np.int64)
    return counts


def _aligned_slots(slot_count: int) -> Slots:
    """Return empty slots none of which lies in two cache lines."""
    numbers = np.zeros(4 * slot_count + _CACHE_LINE_BYTES // 8, np.uint64)
    skipped = -numbers.ctypes.data % _CACHE_LINE_BYTES // 8
    return numbers[skipped : skipped + 4 * slot_count].reshape(slot_count, 4)


@inlined
def extended(key: Scalar, earlier: Scalar, length: Scalar, byte: Scalar) -> Scalar:
    """Return ``(key, earlier, length)`` of a word after one more byte; they begin with zeros."""
    key = (key << _BYTE_BITS) | np.uint64(byte)
    length += 1
    if length & (_KEY_BYTES - 1) == 0:
        earlier = (earlier * _FOLD) ^ (earlier >> _FOLD_SHIFT) ^ key
        key = NO_KEY
    return key, earlier, length


@inlined
def _first_slot(key: Scalar, earlier: Scalar, slots: Slots) -> Scalar:
    mixed = (key ^ earlier * _FOLD) * _SPREAD
    mixed ^= mixed >> _SLOT_SHIFT
    return mixed & np.uint64(slots.shape[0] - 1)


@kernel
def _fill(old: Slots, new: Slots) -> None:
    """Put the entries of the slots ``old`` into the empty slots ``new``."""
    for place in range(old.shape[0]):
        if old[place, _ENTRY] != 0:
            slot = _first_slot(old[place, _KEY], old[place, _EARLIER], new)
            while new[slot, _ENTRY] != 0:
                slot = (slot + _ONE) & np.uint64(new.shape[0] - 1)
            for column in range(new.shape[1]):
                new[slot, column] = old[place, column]


@kernel
def _same_bytes(spellings: Bytes1, first: Scalar, second: Scalar, length: Scalar) -> Scalar:
    place = 0
    while place < length and spellings[first + place] == spellings[second + place]:
        place += 1
    return place == length


@inlined
def _is_place(table: WordTable, slot: Scalar, key: Scalar, earlier: Scalar, length: int) -> bool:
    """Return whether a slot is free or holds the word that is spelled behind the last one."""
    entry = table.slots[slot, _ENTRY]
    if entry == 0:
        return True
    # One branch for the three: measured, an eighth of the scanner's time.
    difference = (table.slots[slot, _KEY] ^ key) | (table.slots[slot, _EARLIER] ^ earlier)
    difference |= (entry >> _LENGTH_BITS) ^ np.uint64(length)
    if difference != 0 or length <= _LONGEST_EXACT:
        return bool(difference == 0)
    first = table.ends[np.int64(entry & _ID_MASK) - 1]
    return bool(_same_bytes(table.spellings, first, table.ends[table.size[0]], length))


@inlined
def intern(
    table: WordTable, key: Scalar, earlier: Scalar, length: Scalar, occurrences: Scalar
) -> Scalar:
    """Return the id of a word and count it; FULL if it is new and there is no room.

    ``table.spellings`` holds its ``length`` bytes right behind those of the words so far; a new
    word is made by keeping them. ``key`` and ``earlier`` come from ``extended``.
    """
    slots, size = table.slots, table.size[0]
    slot = _first_slot(key, earlier, slots)
    while not _is_place(table, slot, key, earlier, length):
        slot = (slot + _ONE) & np.uint64(slots.shape[0] - 1)
    word_id = np.int64(slots[slot, _ENTRY] & _ID_MASK) - 1
    if word_id < 0 and size < table.irregular.size:
        word_id = size
        slots[slot, _KEY] = key
        slots[slot, _EARLIER] = earlier
        slots[slot, _ENTRY] = (np.uint64(length) << _LENGTH_BITS) | np.uint64(size + 1)
        table.ends[size + 1] = table.ends[size] + length
        table.size[0] = size + 1
    if word_id >= 0:
        slots[slot, _COUNT] += np.uint64(occurrences)
    return word_id


@kernel
def intern_words(table: WordTable, blob: Bytes1, offsets: Ids64, word_ids: Ids64) -> None:
    """Find or add each word ``blob[offsets[i]:offsets[i + 1]]``, uncounted; ids to ``word_ids``.

    The table must have room for all of them: see ``with_room``.
    """
    for index in range(offsets.size - 1):
        key, earlier, length = NO_KEY, NO_KEY, 0
        at = table.ends[table.size[0]]
        for place in range(offsets[index], offsets[index + 1]):
            table.spellings[at + length] = blob[place]
            key, earlier, length = extended(key, earlier, length, blob[place])
        word_ids[index] = intern(table, key, earlier, length, 0)
