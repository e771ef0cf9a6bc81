"""Random numbers that are a function of a key and a counter, and of nothing else.

A draw does not depend on which thread makes it, or on what was drawn before: that is what makes
training give the same bytes at any number of threads.
"""

from __future__ import annotations

import numpy as np

from symvec.kernels.compiling import Scalar, merged, wraps_around

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@wraps_around
@merged
def draw(key: Scalar, counter: Scalar) -> Scalar:
    """Return 64 random bits: the ``counter``-th output of SplitMix64 started at ``key``.

    Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", section 3.
    """
    z = key + np.uint64(counter) * _GOLDEN
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@merged
def low_half(bits: Scalar) -> Scalar:
    """Return the lower 32 of 64 random bits, as uint64."""
    return bits & _LOW


@merged
def below(bits: Scalar, limit: Scalar) -> Scalar:
    """Return an integer in [0, limit) from the upper 32 of 64 random bits (limit < 2^31).

    The bias is below limit / 2^32 (Lemire 2019, "Fast random integer generation in an interval").
    """
    return np.int64(((bits >> _32) * np.uint64(limit)) >> _32)
