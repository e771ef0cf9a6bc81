import os

import numpy as np
import pytest

from symvec.kernels import row_threads


def test_small_work_stays_on_the_calling_thread():
    assert row_threads.even_bounds(100, 10, threads=8).edges == [0, 100]
    assert row_threads.even_bounds(0, 10, threads=8).edges == [0, 0]


def test_large_work_is_cut_for_the_threads_allowed():
    ranges = row_threads.even_bounds(1_000, 10_000, threads=4)
    assert ranges == row_threads.Ranges([0, 250, 500, 750, 1_000])
    assert row_threads.even_bounds(2, 10**9, threads=4).edges == [0, 1, 2]


def test_a_team_has_more_ranges_than_threads():
    team = row_threads.Team(2, 0)
    assert len(row_threads.even_bounds(1_000, 10_000, team).edges) == 17
    assert row_threads.even_bounds(1_000, 10_000, team).team is team
    assert row_threads.even_bounds(100, 10, team).edges == [0, 100]


def test_balanced_bounds_follow_the_positions():
    starts = np.array([0, 900, 950, 1_000])
    assert row_threads.balanced_bounds(starts, 10_000, threads=2).edges == [0, 1, 3]


def test_each_item_is_visited_once():
    seen = np.zeros(1_000, int)

    def kernel(target, start, stop):
        target[start:stop] += 1

    row_threads.run_ranges(kernel, row_threads.Ranges([0, 10, 10, 500, 1_000]), seen)
    assert seen.tolist() == [1] * 1_000


def test_an_error_in_any_range_reaches_the_caller():
    def kernel(start, stop):
        if start == 5:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        row_threads.run_ranges(kernel, row_threads.Ranges([0, 5, 10]))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
# Python 3.12 warns of fork with threads, and so does JAX where another test has imported it.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_threads_work_in_a_forked_child():
    ranges = row_threads.Ranges([0, 1, 2])
    row_threads.run_ranges(lambda start, stop: None, ranges)
    child = os.fork()
    if child == 0:
        row_threads.run_ranges(lambda start, stop: None, ranges)
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
