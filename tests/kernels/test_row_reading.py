import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symvec.kernels import row_reading as kernels
from symvec.kernels.reference import row_reading as twins
from symvec.kernels.row_sorting import sort_positions, space_to_sort


def sorted_by(sort, row_ids, row_count):
    """Return the order, the distinct ids and the edges that a sort writes, and its answer."""
    count = row_ids.size
    bits = count.bit_length(), max(row_count - 1, 0).bit_length()
    space = np.full(space_to_sort(count, bits[1]), -7)
    found, inside = sort(row_ids, row_count, *bits, space)
    edges = space[2 * count : 2 * count + found + 1]
    return space[:count].tolist(), space[count : count + found].tolist(), edges.tolist(), inside


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([1, 2, 7, 3000, 2**23, 2**40]), st.lists(st.integers(0, 2**40), max_size=50))
def test_the_sort_agrees_with_numpy_for_any_number_of_digits(row_count, ids):
    row_ids = np.array(ids, np.int64) % row_count
    ours, theirs = (
        sorted_by(sort, row_ids, row_count) for sort in (sort_positions, twins.sort_positions)
    )
    assert ours == theirs


@pytest.mark.parametrize(
    ("row_ids", "inside"), [([], True), ([0, 4], True), ([5], False), ([3, -1], False)]
)
def test_ids_that_the_table_does_not_have_are_noticed_and_not_read(row_ids, inside):
    table = np.arange(10.0).reshape(5, 2)
    ids = np.array(row_ids, np.int64)
    for module in (kernels, twins):
        out, found = np.full((ids.size, 2), -1.0), np.empty(2, np.int64)
        space = np.empty(space_to_sort(ids.size, 3), np.int64)
        module.read_and_sort(table, ids, 2, 3, out, space, found, 0, ids.size)
        assert found[1] == inside
        for row_id, row in zip(row_ids, out, strict=True):
            np.testing.assert_array_equal(row, table[row_id] if 0 <= row_id < 5 else -1)


def test_a_range_reads_what_it_owns_and_only_the_first_one_sorts():
    table = np.arange(12, dtype=np.float32).reshape(4, 3)
    ids = np.array([3, 1, 3, 0])
    for module in (kernels, twins):
        out, found = np.full((4, 3), -1, np.float32), np.full(2, -7)
        space = np.full(space_to_sort(4, 2), -7)
        module.read_and_sort(table, ids, 3, 2, out, space, found, 2, 4)
        assert (space == -7).all()
        assert (found == -7).all()
        np.testing.assert_array_equal(out[:2], -1)
        module.read_and_sort(table, ids, 3, 2, out, space, found, 0, 2)
        np.testing.assert_array_equal(out, table[ids])
        assert space[:4].tolist() == [3, 1, 0, 2]
        assert space[4:7].tolist() == [0, 1, 3]
        assert found.tolist() == [3, 1]
