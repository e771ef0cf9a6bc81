import numpy as np
import pytest

from symvec.arrays import RaggedRows
from symvec.errors import IdError, InputError
from symvec.layers.bags import Bags, bags_of_symbols

LAST = {"include_last_offset": True}


def test_offsets_ragged_rows_and_padding_say_the_same():
    rows = RaggedRows(np.array([3, 1, 4]), np.array([0, 2, 2, 3]))
    padded = [[3, 1], [0, 0], [0, 4]]
    mask = np.array([[True, True], [False, False], [False, True]])
    made = [
        Bags.from_offsets([3, 1, 4], [0, 2, 2], row_count=5),
        Bags.from_offsets([3, 1, 4], [0, 2, 2, 3], row_count=5, include_last_offset=True),
        Bags.from_ragged(rows, row_count=5),
        Bags.from_padded(padded, row_count=5, mask=mask),
        Bags.from_padded(padded, row_count=5).without(0),
    ]
    for bags in made:
        assert bags.row_ids.tolist() == [3, 1, 4]
        assert bags.offsets.tolist() == [0, 2, 2, 3]
        assert bags.bag_of_position.tolist() == [0, 0, 2]


def test_ids_under_the_mask_need_not_be_rows_of_the_table():
    bags = Bags.from_padded([[1, 99]], row_count=5, mask=np.array([[True, False]]))
    assert bags.row_ids.tolist() == [1]
    with pytest.raises(IdError, match=r"id 99 at position \(0, 1\)"):
        Bags.from_padded([[1, 99]], row_count=5)


def test_missing_ids_leave_the_bag_or_become_a_row():
    zero = Bags.from_offsets([1, 9, 2], [0, 2], row_count=5, missing="zero")
    assert (zero.row_ids.tolist(), zero.offsets.tolist()) == ([1, 2], [0, 1, 2])
    row = Bags.from_padded([[1, 9]], row_count=5, missing="row", unknown_row=4)
    assert row.row_ids.tolist() == [1, 4]


def test_weights_follow_their_positions():
    weights = np.array([0.5, 2.0, 3.0])
    bags = Bags.from_offsets([1, 0, 2], [0, 1], row_count=5, weights=weights).without(0)
    assert bags.weights.tolist() == [0.5, 3.0]


def test_bags_of_nothing():
    for bags in (
        Bags.from_offsets([], [], row_count=5),
        Bags.from_padded(np.empty((0, 3), int), row_count=5),
    ):
        assert len(bags) == 0
    assert len(Bags.from_offsets([], [0, 0], row_count=5)) == 2
    assert len(Bags.from_padded(np.empty((2, 0), int), row_count=5)) == 2


@pytest.mark.parametrize(
    ("offsets", "options", "text"),
    [
        ([1, 2], {}, "offsets[0] must be 0, got 1: the first bag begins with the first id"),
        ([0, 2, 1], {}, "offsets must not fall, but offsets[2] is 1 after 2"),
        ([0, 4], {}, "the last offset is 4, but there are only 3 ids"),
        ([[0]], {}, "offsets must be one-dimensional, got shape (1, 1)"),
        ([], {}, "offsets are empty, but 3 ids came: which bag are they in?"),
        ([], LAST, "include_last_offset needs at least one offset, got none"),
        ([0, 2], LAST, "the last offset must be the number of ids, 3, not 2"),
        (
            [0],
            {"weights": np.ones(2)},
            "per-sample weights must have the shape of the ids, (3,), got (2,)",
        ),
    ],
)
def test_offsets_that_make_no_bags_are_told(offsets, options, text):
    with pytest.raises(InputError) as caught:
        Bags.from_offsets([0, 1, 2], offsets, row_count=5, **options)
    assert str(caught.value) == text


def test_shapes_that_make_no_bags_are_told():
    with pytest.raises(InputError, match=r"padded bags must have the shape \(bags, length\)"):
        Bags.from_padded([1, 2], row_count=5)
    with pytest.raises(InputError, match=r"ids with offsets must be flat, got shape \(1, 2\)"):
        Bags.from_offsets([[1, 2]], [0], row_count=5)
    with pytest.raises(InputError, match=r"mask must be booleans of shape \(1, 2\), got int64"):
        Bags.from_padded([[1, 2]], row_count=5, mask=np.array([[0, 1]]))


def test_symbols_become_the_bags_of_their_rows():
    rows = RaggedRows(np.array([7, 2, 3, 9]), np.array([0, 1, 1, 4]))
    bags = bags_of_symbols(rows, np.array([2, 0, 1, 2]))
    assert bags.row_ids.tolist() == [2, 3, 9, 7, 2, 3, 9]
    assert bags.offsets.tolist() == [0, 3, 4, 4, 7]
    assert len(bags_of_symbols(rows, np.empty(0, np.int64))) == 0
