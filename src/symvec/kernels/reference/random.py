"""The random numbers of `symvec.kernels.random`, in Python's own integers."""

from __future__ import annotations

_ALL_BITS = 2**64 - 1


def draw(key: int, counter: int) -> int:
    """Return 64 random bits, a function of key and counter: SplitMix64."""
    z = (key + counter * 0x9E3779B97F4A7C15) & _ALL_BITS
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _ALL_BITS
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _ALL_BITS
    return z ^ (z >> 31)


def low_half(bits: int) -> int:
    """Return the lower 32 of 64 bits."""
    return bits % 2**32


def below(bits: int, limit: int) -> int:
    """Return an integer in [0, limit) from the upper 32 of 64 bits."""
    return (bits >> 32) * limit >> 32
