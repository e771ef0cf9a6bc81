import mmap
from pathlib import Path

import numpy as np
import pytest

from symvec.vocabulary.mapped import release


def resident_kilobytes():
    with Path("/proc/self/smaps_rollup").open() as file:
        return int(next(line for line in file if line.startswith("Rss")).split()[1])


@pytest.mark.parametrize("mode", ["r", "r+"])
def test_what_is_released_is_still_there(tmp_path, mode):
    path = tmp_path / "ids"
    expected = np.arange(100_000, dtype=np.int32)
    expected.tofile(path)
    ids = np.memmap(path, np.int32, mode)
    if mode == "r+":
        ids[:] += 1
        expected += 1
    for stop in (0, 1, 50_000, 100_000):
        release(ids, stop)
        np.testing.assert_array_equal(ids, expected)


@pytest.mark.skipif(not hasattr(mmap, "MADV_DONTNEED"), reason="the system cannot unload")
def test_memory_is_given_back(tmp_path):
    path = tmp_path / "ids"
    np.zeros(20_000_000, np.int32).tofile(path)
    ids = np.memmap(path, np.int32, "r")
    before = resident_kilobytes()
    assert ids.sum() == 0
    assert resident_kilobytes() - before > 60_000
    release(ids, len(ids))
    assert resident_kilobytes() - before < 20_000


def test_arrays_in_memory_stay_as_they_are():
    array = np.arange(5)
    release(array, 5)
    assert array.tolist() == [0, 1, 2, 3, 4]
