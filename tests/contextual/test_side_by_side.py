import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from symvec.contextual.side_by_side import (
    _libraries,
    one_by_one,
    one_thread_a_product,
    side_by_side,
)


@pytest.fixture(autouse=True)
def all_libraries_that_are_there_by_now():
    np.ones((2, 2)) @ np.ones((2, 2))
    _libraries.cache_clear()


def blas_threads():
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


@pytest.mark.parametrize("both", [one_by_one, side_by_side])
def test_both_are_done_and_come_in_order(both):
    assert both(lambda number: ("left", "right")[number]) == ("left", "right")


def test_both_run_at_once():
    meeting = threading.Barrier(2, timeout=20)
    assert side_by_side(lambda _: meeting.wait() in (0, 1)) == (True, True)


@pytest.mark.parametrize("failing", [0, 1])
def test_an_error_of_either_is_raised_when_both_have_ended(failing):
    ended = []

    def work(number):
        if number == failing:
            raise ValueError(f"of {number}")
        ended.append(number)

    with pytest.raises(ValueError, match=f"of {failing}"):
        side_by_side(work)
    assert ended == [1 - failing]


def test_products_have_one_thread_until_the_last_one_is_done():
    before = blas_threads()
    inner, outer = one_thread_a_product(), one_thread_a_product()
    with outer:
        assert set(blas_threads()) <= {1}
        with inner:
            assert set(blas_threads()) <= {1}
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before


def test_an_error_gives_the_threads_back():
    before = blas_threads()
    with pytest.raises(KeyError), one_thread_a_product():
        raise KeyError
    assert blas_threads() == before


FORKING = """
import os, sys, warnings
from symvec.contextual.side_by_side import side_by_side
warnings.simplefilter("ignore")
side_by_side(str)
child = os.fork()
if child == 0:
    os._exit(side_by_side(str) != ("0", "1"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_has_a_second_thread_too():
    # a process of its own: what other tests imported may not be forked
    assert subprocess.run([sys.executable, "-c", FORKING], timeout=120).returncode == 0
