"""Checks of single values, and what is said when one of them cannot be."""

from __future__ import annotations

from math import isfinite
from typing import Any, get_args

from symvec.errors import InputError


def check_choice(name: str, value: object, known: Any) -> None:  # noqa: ANN401 - a Literal
    """Check that a value is one of those that a ``Literal`` lists.

    Raises:
        InputError: it is not.
    """
    if value not in get_args(known):
        names = " or ".join(map(repr, get_args(known)))
        raise InputError(f"{name} must be {names}, got {value!r}")


def check_whole(name: str, value: object, least: int, most: int | None = None) -> None:
    """Check that a value is a whole number in its bounds.

    Raises:
        InputError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{name} must be a whole number, got {value!r}")
    if value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise InputError(f"{name} must be {bounds}, got {value}")


def check_number(name: str, value: object, least: float | None = None) -> None:
    """Check that a value is a finite number, and not too low.

    Raises:
        InputError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise InputError(f"{name} must be a finite number, got {value!r}")
    if least is not None and value < least:
        raise InputError(f"{name} must be {least} or more, got {value}")


def check_positive(name: str, value: object) -> None:
    """Check that a value is a finite number above 0.

    Raises:
        InputError: it is not.
    """
    check_number(name, value)
    if float(value) <= 0:  # type: ignore[arg-type]  # checked
        raise InputError(f"{name} must be more than 0, got {value}")


def check_switch(name: str, value: object) -> None:
    """Check that a value is True or False.

    Raises:
        InputError: it is neither.
    """
    if not isinstance(value, bool):
        raise InputError(f"{name} must be True or False, got {value!r}")
