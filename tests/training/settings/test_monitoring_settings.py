import pytest

from symvec.errors import InputError
from symvec.training.algorithms import settings_of
from symvec.training.settings import MonitoringSettings


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"held_out": -0.1}, "held_out must be 0 or more, got -0.1"),
        ({"held_out": 0.9}, "held_out must be 0.5 or less, got 0.9"),
        ({"early_stop": 0}, "early_stop must be 1 or more, got 0"),
        ({"probe": "tea"}, "probe must be a list of words, got 'tea'"),
        ({"probe": [3]}, "probe must be a list of words, got [3]"),
    ],
)
def test_each_value_is_checked(setting, message):
    with pytest.raises(InputError) as caught:
        MonitoringSettings(**setting)
    assert str(caught.value) == message


def test_nothing_stops_early_where_nothing_is_held_out():
    with pytest.raises(InputError, match="early_stop is not used with held_out=0; leave it out"):
        settings_of("skipgram", {"early_stop": 3})


def test_what_is_only_looked_at_is_not_recorded():
    assert MonitoringSettings(probe=("tea",)).to_metadata() == {"held_out": 0.0}
