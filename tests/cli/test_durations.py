import pytest

from symvec.cli.durations import amount, duration


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1:00 min"),
        (3599.7, "1:00 h"),
        (90061, "25:01 h"),
    ],
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (999, "999"), (1000, "1.0 k"), (12_185_751, "12.19 M")]
)
def test_amounts(number: float, shown: str) -> None:
    assert amount(number) == shown
