import numpy as np

from symvec.kernels import random as kernels
from symvec.kernels.compiling import kernel
from symvec.kernels.reference import random as twin


@kernel
def _draw(key, counter, limit):
    bits = kernels.draw(key, counter)
    return bits, kernels.low_half(bits), kernels.below(bits, limit)


def test_draws_are_those_of_the_twin():
    for key, counter, limit in [(0, 0, 1), (1, 2, 5), (2**64 - 1, 2**40, 2**31 - 1), (7, 3, 84507)]:
        bits = twin.draw(key, counter)
        expected = bits, twin.low_half(bits), twin.below(bits, limit)
        found = _draw(np.uint64(key), counter, limit)
        assert tuple(map(int, found)) == expected


def test_the_published_sequence():
    # The first outputs of SplitMix64 seeded with 1234567 (Vigna's test vector); they come from
    # the state after a step, so that counters begin at 1.
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [twin.draw(1234567, counter) for counter in (1, 2, 3)] == expected


def test_limits_hold():
    for bits in (0, 2**64 - 1):
        assert 0 <= twin.below(bits, 5) < 5
    assert twin.below(2**64 - 1, 5) == 4
