import numpy as np
import pytest

from symvec.errors import IdError, InputError
from symvec.ids import check_ids, check_missing, kind_error, resolve_ids


@pytest.mark.parametrize(
    "dtype", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3), (2, 1, 2, 2)])
def test_every_rank_and_integer_type_is_taken(dtype, shape):
    ids = np.ones(shape, dtype)
    checked = check_ids(ids, 2)
    assert checked.shape == shape
    assert checked.dtype == np.int64


def test_an_empty_list_is_no_ids():
    assert check_ids([], 5).shape == (0,)
    assert check_ids([[], []], 5).shape == (2, 0)


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        (
            [[1, 2], [3, 10]],
            "id 10 at position (1, 1) is out of range: the table has 10 rows, valid ids are 0 to 9",
        ),
        (
            [4, -1, -2],
            "id -1 at position (1) is out of range: the table has 10 rows, valid ids are 0 to 9; "
            "negative ids do not count from the end",
        ),
        (
            np.array([2**64 - 1], np.uint64),
            "id 18446744073709551615 at position (0) is out of range: the table has 10 rows, "
            "valid ids are 0 to 9",
        ),
        (
            [0.0, 1.0],
            "ids must be integers, got float64; an embedding is not differentiable with respect "
            "to its input, so it cannot follow another layer: attach it to the ids directly",
        ),
        (
            [True, False],
            "ids must be integers, got bool; a mask is not a list of ids: pass the ids that it "
            "selects",
        ),
        (
            ["coffee"],
            "ids must be integers, got text; look the words up in their vocabulary first",
        ),
        (
            [[1, 2], [3]],
            "ids must be integers in an array of one shape, got lists of different lengths or "
            "objects; pad them to one length, or pass bags with offsets",
        ),
        (
            [None],
            "ids must be integers in an array of one shape, got lists of different lengths "
            "or objects; pad them to one length, or pass bags with offsets",
        ),
        (np.array(["2020"], "M8[Y]"), "ids must be integers, got datetime64[Y]"),
    ],
)
def test_each_bad_id_says_what_came_and_what_to_do(ids, text):
    with pytest.raises(IdError) as caught:
        check_ids(ids, 10)
    assert str(caught.value) == text


def test_a_table_without_rows_has_no_valid_id():
    with pytest.raises(IdError, match="the table has no rows, no id is valid"):
        check_ids([0], 0)
    assert check_ids([], 0).size == 0


def test_frameworks_names_of_kinds():
    assert kind_error("torch.int32") is None
    assert "not differentiable" in str(kind_error("torch.bfloat16"))
    assert "mask" in str(kind_error("torch.bool"))


def test_missing_ids_are_zero_or_a_row_by_name():
    ids, zeroed = resolve_ids([[3, -1], [9, 0]], 5, "zero")
    assert ids.tolist() == [[3, 0], [0, 0]]
    assert zeroed.tolist() == [[False, True], [True, False]]
    ids, zeroed = resolve_ids([3, 9, -7], 5, "row", 4)
    assert ids.tolist() == [3, 4, 4]
    assert zeroed is None
    assert resolve_ids([1], 5, "zero")[1] is None
    with pytest.raises(IdError, match="not differentiable"):
        resolve_ids([0.5], 5, "zero")


def test_the_choice_itself_is_checked():
    with pytest.raises(InputError, match="missing must be one of raise, zero, row, got 'clamp'"):
        check_missing("clamp", None, 3)
    with pytest.raises(InputError, match="missing='row' needs unknown_row, a row of the table"):
        check_missing("row", None, 3)
    with pytest.raises(InputError, match="got 3"):
        check_missing("row", 3, 3)
