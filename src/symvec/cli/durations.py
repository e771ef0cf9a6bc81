"""Lengths of time and amounts, as people read them."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return a length of time.

    Example:
        >>> duration(8.04), duration(75), duration(7384)
        ('8.0 s', '1:15 min', '2:03 h')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02} min"
    return f"{minutes // 60}:{minutes % 60:02} h"


def amount(number: float) -> str:
    """Return a large number, shortened.

    Example:
        >>> amount(950), amount(41_200), amount(2_002_458), amount(3.1e9)
        ('950', '41.2 k', '2.00 M', '3.10 G')
    """
    for unit, size, digits in (("G", 1e9, 2), ("M", 1e6, 2), ("k", 1e3, 1)):
        if number >= size:
            return f"{number / size:.{digits}f} {unit}"
    return f"{number:.0f}"
