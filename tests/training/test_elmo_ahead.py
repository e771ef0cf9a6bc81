import threading

import pytest

from symvec.training.elmo.ahead import Ahead


def test_the_following_one_is_made_while_the_first_is_used():
    made, made_by = threading.Event(), []

    def make(name):
        made_by.append((name, threading.current_thread().name.startswith("symvec-ahead")))
        if name == "second":
            made.set()
        return name.upper()

    with Ahead(make) as ahead:
        assert ahead.get("first", "second") == "FIRST"
        assert made.wait(10)
        assert ahead.get("second", "never asked for") == "SECOND"
        assert ahead.get("other") == "OTHER"
    assert made_by[:2] == [("first", False), ("second", True)]
    assert made_by[-1] == ("other", False)


def test_an_error_comes_when_its_name_is_asked_for():
    with Ahead(lambda name: 1 / name) as ahead:
        assert ahead.get(2, following=0) == 0.5
        assert ahead.get(4, following=0) == 0.25
        with pytest.raises(ZeroDivisionError):
            ahead.get(0)
