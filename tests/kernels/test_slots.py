import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.kernels import slots as kernels
from symvec.kernels.compiling import kernel
from symvec.kernels.slots import SlotTable


@kernel
def _find_all(table, word_ids, slot_words, slots):
    kernels.clear_slots(table)
    count = 0
    for n in range(len(word_ids)):
        slots[n] = kernels.find_slot(table, word_ids[n], slot_words, count)
        if slots[n] == count:
            count += 1
    return count


@given(st.lists(st.integers(0, 2**31 - 1) | st.integers(0, 9), max_size=16))
@settings(deadline=None)
def test_each_distinct_word_has_a_slot_in_the_order_of_first_sight(words):
    table = SlotTable(np.full(32, 3, np.int32), np.full(32, 3, np.int32))  # left from before
    word_ids = np.array(words, np.int32)
    slot_words, slots = np.zeros(16, np.int32), np.zeros(len(words), np.int64)
    count = _find_all(table, word_ids, slot_words, slots)
    distinct = list(dict.fromkeys(words))
    assert slot_words[:count].tolist() == distinct
    assert slots.tolist() == [distinct.index(word) for word in words]


def test_words_that_collide_are_told_apart():
    table = SlotTable(np.zeros(4, np.int32), np.zeros(4, np.int32))
    word_ids = np.array([0, 1, 2, 0, 1, 2], np.int32)
    slots = np.zeros(6, np.int64)
    assert _find_all(table, word_ids, np.zeros(4, np.int32), slots) == 3
    assert slots.tolist() == [0, 1, 2, 0, 1, 2]
