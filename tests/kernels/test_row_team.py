import ctypes
import ctypes.util

import numba as nb
import numpy as np
import pytest

from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.row_gather import gather, gather_by_team
from symvec.kernels.row_team import launcher_of, on_team
from symvec.kernels.row_threads import Ranges, Team, run_ranges

TABLE = np.arange(40, dtype=np.float32).reshape(10, 4)


def openmp():
    found = ctypes.util.find_library("gomp")
    if found is None:
        pytest.skip("no OpenMP library is installed")
    return ctypes.cast(ctypes.CDLL(found).GOMP_parallel, ctypes.c_void_p).value


@pytest.mark.parametrize("edges", [[0, 6], [0, 2, 2, 5, 6], [0, 0]])
@pytest.mark.parametrize("awake", [False, True], ids=["alone", "openmp"])
def test_each_range_is_worked_on_once(edges, awake):
    address = openmp() if awake else 0
    row_ids, out = np.array([3, 0, 9, 9, 1, 5]), np.full((6, 4), np.nan, np.float32)
    assert gather_by_team(address, np.array(edges), TABLE, row_ids, out) == 0
    np.testing.assert_array_equal(out[: edges[-1]], TABLE[row_ids[: edges[-1]]])
    assert np.isnan(out[edges[-1] :]).all()


def test_the_launcher_is_found_by_its_kernel():
    out = np.empty((6, 4), np.float32)
    assert launcher_of(gather) is gather_by_team
    assert launcher_of(len) is None
    run_ranges(gather, Ranges([0, 1, 6], Team(2, 0)), TABLE, np.arange(6), out)
    np.testing.assert_array_equal(out, TABLE[:6])


def test_a_kernel_without_a_launcher_runs_on_threads_of_our_own():
    seen = np.zeros(5, int)

    def kernel(target, start, stop):
        target[start:stop] += 1

    run_ranges(kernel, Ranges([0, 2, 5], Team(2, 0)), seen)
    assert seen.tolist() == [1] * 5


@nb.njit(nogil=True)
def refuse_second_half(numbers, start, stop):
    if start >= numbers.size // 2:
        raise MemoryError
    numbers[start:stop] = 1


@nb.njit(nogil=True)
def refuse_by_team(team, edges, numbers):
    return on_team(team, edges, refuse_second_half, (numbers,))


@pytest.mark.skipif(UNCOMPILED, reason="uncompiled, the error itself is raised")
def test_a_failure_in_any_range_is_told():
    numbers = np.zeros(8)
    assert refuse_by_team(0, np.array([0, 2, 4]), numbers) == 0
    assert refuse_by_team(0, np.array([0, 4, 6, 8]), numbers) == 1
    assert numbers.tolist() == [1] * 4 + [0] * 4
