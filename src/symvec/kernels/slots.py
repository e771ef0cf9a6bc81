"""One slot for each distinct word of a block, so that a word's changes meet in one place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from symvec.arrays import Ids
from symvec.kernels.compiling import Scalar, merged

_MULTIPLIER = np.uint64(2654435761)  # Knuth, The Art of Computer Programming 3, section 6.4
_SHIFT = np.uint64(15)


class SlotTable(NamedTuple):
    """An open-addressing table from word ids to slots; both arrays (power of two,) int32."""

    word_ids: Ids
    slots: Ids


@merged
def clear_slots(table: SlotTable) -> None:
    """Forget all words."""
    for place in range(len(table.word_ids)):
        table.word_ids[place] = -1


@merged
def find_slot(table: SlotTable, word_id: Scalar, slot_words: Ids, count: Scalar) -> Scalar:
    """Return the slot of a word; a new word gets slot ``count`` and is noted in slot_words."""
    mask = np.uint64(len(table.word_ids) - 1)
    place = ((np.uint64(word_id) * _MULTIPLIER) >> _SHIFT) & mask
    while table.word_ids[place] != word_id:
        if table.word_ids[place] < 0:
            table.word_ids[place] = word_id
            table.slots[place] = count
            slot_words[count] = word_id
            return count
        place = (place + np.uint64(1)) & mask
    return np.int64(table.slots[place])
