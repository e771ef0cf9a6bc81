import subprocess
import sys

import pytest

from symvec.kernels.compiling import UNCOMPILED

PROGRAM = """
from numba import njit
from symvec.kernels.compiler_pages import _unchanged_maps, release_compiler_pages

def kilobytes():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("RssFile")).split()[1])

@njit
def twice(x):
    return x + x

@njit
def thrice(x):
    return x + x + x

assert twice(2) == 4
before = kilobytes()
release_compiler_pages()
after = kilobytes()
assert thrice(2.5) == 7.5  # what was let go of is read again
print(before, after, len(list(_unchanged_maps())))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is mapped")
@pytest.mark.skipif(UNCOMPILED, reason="there is no compiler with NUMBA_DISABLE_JIT")
def test_the_pages_go_and_come_back():
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    before, after, maps = (int(number) for number in ended.stdout.split())
    assert maps >= 1
    assert after < before - 20_000
