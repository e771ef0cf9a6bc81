import threading

import numpy as np
import pytest

from symvec.kernels.compiling import UNCOMPILED, kernel
from symvec.kernels.threads import CONTROL_SIZE, NEXT_BLOCK, atomic_add, wait_for_all

pytestmark = pytest.mark.skipif(UNCOMPILED, reason="uncompiled code runs on one thread")


@kernel
def _count(thread, threads, control, seen, rounds):
    for step in range(rounds):
        atomic_add(control, NEXT_BLOCK, 1)
        wait_for_all(control, threads)
        seen[thread, step] = control[NEXT_BLOCK]
        wait_for_all(control, threads)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_nobody_passes_before_all_have_come(threads):
    control, seen = np.zeros(CONTROL_SIZE, np.int64), np.zeros((threads, 50), np.int64)
    running = [
        threading.Thread(target=_count, args=(thread, threads, control, seen, 50))
        for thread in range(threads)
    ]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    np.testing.assert_array_equal(seen, np.tile(np.arange(1, 51) * threads, (threads, 1)))
