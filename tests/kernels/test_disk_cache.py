import os
import pickle

import numba
import pytest
from numba.core.caching import IndexDataCacheFile

from symvec.kernels.compiling import UNCOMPILED
from symvec.kernels.disk_cache import edition_of, told_apart
from symvec.kernels.row_gather import gather

compiled = pytest.mark.skipif(UNCOMPILED, reason="nothing is compiled, and nothing kept")


def test_an_edition_changes_with_each_file(tmp_path):
    (tmp_path / "a.py").write_text("a = 1")
    (tmp_path / "notes.txt").write_text("no source")
    found = [edition_of(tmp_path)]
    for change in (
        lambda: (tmp_path / "b.py").write_text("b = 1"),
        lambda: (tmp_path / "b.py").write_text("b = 22"),
        lambda: os.utime(tmp_path / "a.py", ns=(5, 5)),
        lambda: (tmp_path / "notes.txt").write_text("still none"),
    ):
        change()
        edition_of.cache_clear()
        found.append(edition_of(tmp_path))
    assert len(set(found)) == 4
    assert found[-1] == found[-2]


@compiled
def test_kernels_are_kept_by_edition():
    file = gather._cache._cache_file
    assert file._version.startswith(numba.__version__ + " ")
    assert len(file._version) == len(numba.__version__) + 17


@compiled
def test_what_another_edition_kept_is_not_even_read(tmp_path):
    index = tmp_path / "kernel.nbi"
    # A class that is gone: to read this raises an AttributeError.
    index.write_bytes(pickle.dumps("0.1 of another edition") + b"cnumba\nNoSuchClass\n.")
    file = IndexDataCacheFile(str(tmp_path), "kernel", "stamp")
    file._version = gather._cache._cache_file._version
    assert file.load("key") is None


def test_a_function_that_is_not_kept_is_left_alone():
    told_apart(lambda: None)
