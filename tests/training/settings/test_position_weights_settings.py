import pytest

from symvec.errors import InputError
from symvec.training.algorithms import settings_of
from symvec.training.settings import PositionWeights


def test_nothing_is_weighted_unless_asked():
    assert PositionWeights().weighted(100) == 0
    assert PositionWeights(position_weights=True).weighted(100) == 100
    assert PositionWeights(position_weights=True, position_dimensions=20).weighted(100) == 20


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"position_weights": "yes"}, "position_weights must be True or False, got 'yes'"),
        ({"position_dimensions": 0}, "position_dimensions must be 1 or more, got 0"),
    ],
)
def test_each_value_is_checked(setting, message):
    with pytest.raises(InputError) as caught:
        PositionWeights(**setting)
    assert message in str(caught.value)


def test_no_more_numbers_are_weighted_than_a_vector_has():
    weights = PositionWeights(position_weights=True, position_dimensions=101)
    with pytest.raises(InputError) as caught:
        weights.weighted(100)
    assert "position_dimensions must be at most vector_size=100, got 101" in str(caught.value)


@pytest.mark.parametrize(
    ("algorithm", "given", "message"),
    [
        ("cbow", {"position_dimensions": 3}, "position_dimensions is not used with no position"),
        ("skipgram", {"position_weights": True}, "only with cbow"),
    ],
)
def test_what_is_not_used_is_an_error(algorithm, given, message):
    with pytest.raises(InputError) as caught:
        settings_of(algorithm, given)
    assert message in str(caught.value)
