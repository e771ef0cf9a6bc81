import json
from dataclasses import replace

import pytest

from elmo_case import SIZES
from symvec.contextual import Architecture
from symvec.errors import InputError


def test_metadata_goes_through_json_and_back():
    assert Architecture.from_metadata(json.loads(json.dumps(SIZES.to_metadata()))) == SIZES


def test_metadata_that_lacks_a_size_is_refused():
    metadata = SIZES.to_metadata()
    del metadata["cell_size"]
    with pytest.raises(InputError, match=r"lacks or does not know: cell_size"):
        Architecture.from_metadata(metadata)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": 0}, r"layers must be a whole number from 1 to"),
        ({"most_characters": 2}, r"most_characters must be a whole number from 3"),
        ({"filters": ()}, r"at least one filter"),
        ({"filters": ((10, 3),)}, r"a filter's width must be a whole number from 1 to 9, got 10"),
        ({"filters": ((2, 0),)}, r"the number of filters of a width must be .* got 0"),
        ({"activation": "selu"}, r"activation must be 'relu' or 'tanh', got 'selu'"),
        ({"cell_clip": 0.0}, r"cell_clip must be positive or None, got 0.0"),
        ({"projection_clip": float("nan")}, r"projection_clip must be positive or None, got nan"),
        ({"cell_size": True}, r"cell_size must be a whole number"),
    ],
)
def test_sizes_that_cannot_be_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        replace(SIZES, **change)


def test_filters_from_json_must_be_pairs():
    with pytest.raises(InputError, match=r"a filter must be \[width, number\], got \[1\]"):
        Architecture.from_metadata(SIZES.to_metadata() | {"filters": [[1]]})
    with pytest.raises(InputError, match=r"filters must be a list of \[width, number\], got 3"):
        Architecture.from_metadata(SIZES.to_metadata() | {"filters": 3})
