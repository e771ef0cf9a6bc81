"""From the bytes of an n-gram to the rows that it shares with others, for a single word.

``symvec.kernels.hashing`` gives the same for a whole vocabulary.
"""

from __future__ import annotations

from typing import Final

_32: Final = 0xFFFFFFFF
_64: Final = 0xFFFFFFFFFFFFFFFF
FNV_BASIS: Final = 2166136261
FNV_PRIME: Final = 16777619
# Fowler, Noll and Vo's numbers for 64 bits.
_FNV_BASIS_64: Final = 0xCBF29CE484222325
_FNV_PRIME_64: Final = 0x100000001B3
# MurmurHash3, x64, 128 bits (Austin Appleby, public domain).
MURMUR_FACTORS: Final = (0x87C37B91114253D5, 0x4CF5AD432745937F)
MURMUR_ADDENDS: Final = (0x52DCE729, 0x38495AB5)
MURMUR_FINISH: Final = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53)
MOST_HASHES: Final = 4
"""128 bits are four numbers of 32."""


def fnv1a(ngram: bytes) -> int:
    """Return fastText's 32-bit hash: FNV-1a, over bytes that are extended as signed ones.

    Example:
        >>> fnv1a(b"<te"), fnv1a("ü".encode())
        (1669484008, 804934730)
    """
    value = FNV_BASIS
    for byte in ngram:
        extended = byte if byte < 0x80 else byte | 0xFFFFFF00
        value = ((value ^ extended) * FNV_PRIME) & _32
    return value


def fnv1a_of_characters(ngram: str) -> int:
    """Return gensim's hash before 3.8: 32-bit FNV-1a over code points instead of bytes.

    Of ASCII it is fastText's.

    Example:
        >>> fnv1a_of_characters("<te"), fnv1a_of_characters("한")
        (1669484008, 3632679131)
    """
    value = FNV_BASIS
    for character in ngram:
        value = ((value ^ ord(character)) * FNV_PRIME) & _32
    return value


def fnv1a_64_of_characters(ngram: str) -> int:
    """Return finalfusion's hash: 64-bit FNV-1a over the length and the code points.

    The length is 8 bytes, each code point 4, the lowest first.

    Example:
        >>> fnv1a_64_of_characters("<ha") % 2**21, fnv1a_64_of_characters("lo>") % 2**21
        (985859, 75867)
    """
    value = _FNV_BASIS_64
    for byte in len(ngram).to_bytes(8, "little") + ngram.encode("utf-32-le", "surrogatepass"):
        value = ((value ^ byte) * _FNV_PRIME_64) & _64
    return value


def murmur3(ngram: bytes, seed: int, count: int) -> list[int]:
    """Return the first ``count`` of the four 32-bit halves of MurmurHash3 x64 128, as floret.

    Example:
        >>> murmur3(b"", 0, 4)
        [0, 0, 0, 0]
    """
    first = second = seed
    size = len(ngram)
    for start in range(0, size - size % 16, 16):
        low = int.from_bytes(ngram[start : start + 8], "little")
        high = int.from_bytes(ngram[start + 8 : start + 16], "little")
        first ^= _mixed(low, 0)
        first = ((_rotated(first, 27) + second) * 5 + MURMUR_ADDENDS[0]) & _64
        second ^= _mixed(high, 1)
        second = ((_rotated(second, 31) + first) * 5 + MURMUR_ADDENDS[1]) & _64
    tail = ngram[size - size % 16 :]
    second ^= _mixed(int.from_bytes(tail[8:], "little"), 1)
    first ^= _mixed(int.from_bytes(tail[:8], "little"), 0)
    first, second = first ^ size, second ^ size
    first = (first + second) & _64
    second = (second + first) & _64
    first, second = _finished(first), _finished(second)
    first = (first + second) & _64
    second = (second + first) & _64
    return [first & _32, first >> 32, second & _32, second >> 32][:count]


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> (64 - bits)) & _64


def _mixed(value: int, half: int) -> int:
    value = _rotated(value * MURMUR_FACTORS[half] & _64, 31 + 2 * half)
    return value * MURMUR_FACTORS[1 - half] & _64


def _finished(value: int) -> int:
    for factor in MURMUR_FINISH:
        value = (value ^ value >> 33) * factor & _64
    return value ^ value >> 33
