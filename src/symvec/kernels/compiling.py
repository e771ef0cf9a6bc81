"""How the kernels that touch arrays at every byte are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numba import config, njit

from symvec.kernels.disk_cache import told_apart

Scalar: TypeAlias = Any
"""A number, or several, of the type that Numba finds; Python's own where nothing is compiled."""
UNCOMPILED = bool(cast(Any, config).DISABLE_JIT)
"""Whether NUMBA_DISABLE_JIT is set: every kernel is then what its source says, in Python."""
Function = TypeVar("Function", bound=Callable[..., Any])


def _options() -> dict[str, Any]:
    """Return the options, among them one that not each Numba may know."""
    options: dict[str, Any] = {"cache": True, "nogil": True}
    # Numba counts references to arrays, atomically, where a branch reads one, and takes only
    # some of it out again: measured, it slows the scanner down six times. These kernels make no
    # arrays, so there is nothing to count. The option is there but not promised.
    # Nobody asks for a kernel's address either.
    uncounted = {**options, "_nrt": False, "no_cfunc_wrapper": True, "no_cpython_wrapper": False}
    try:
        njit(**uncounted)(_options)
    except (KeyError, TypeError):
        return options
    return uncounted


def _compiled(function: Function, options: dict[str, Any]) -> Function:
    dispatcher = njit(**options)(function)
    told_apart(dispatcher)
    return cast(Function, dispatcher)


_OPTIONS = _options()
_INNER = {**_OPTIONS, "cache": False} | {
    name: True for name in _OPTIONS if name == "no_cpython_wrapper"
}
_NUMERIC: dict[str, Any] = {"fastmath": {"contract", "nsz"}, "error_model": "numpy"}


def kernel(function: Function) -> Function:
    """Compile a function that makes no arrays: it runs beside others, and is kept on disk."""
    return _compiled(function, _OPTIONS)


def numeric_kernel(function: Function) -> Function:
    """Compile as ``kernel`` does, with fused multiply-add and division that does not raise.

    Sums stay in the order that is written, so that the width of the processor's vectors does
    not change a bit of the result.
    """
    return _compiled(function, _NUMERIC | _OPTIONS)


def array_kernel(function: Function) -> Function:
    """Compile a function that makes arrays, with division that does not raise."""
    return _compiled(function, {"nogil": True, "cache": True, "error_model": "numpy"})


def inner_kernel(function: Function) -> Function:
    """Compile as ``kernel`` does, to be called by other kernels only.

    Without the code that takes Python's arguments apart, which is longer than many a kernel.
    """
    return _compiled(function, _INNER)


def inner_numeric_kernel(function: Function) -> Function:
    """Compile as ``numeric_kernel`` does, to be called by other kernels only."""
    return _compiled(function, _NUMERIC | _INNER)


def merged(function: Function) -> Function:
    """Copy a function into its callers before they are compiled, and compile it there only.

    Each kernel is optimised anew within each kernel that calls it, so that a function at the
    bottom of five levels is compiled five times: what has one caller is better merged into it.
    It runs with the options of the caller.
    """
    return _compiled(function, {"inline": "always", **_OPTIONS})


def inlined(function: Function) -> Function:
    """Compile as ``kernel`` does, and put the function into its callers.

    A call hands over seven numbers for each array, which costs more than a short function.
    """
    return _compiled(function, {"forceinline": True, **_OPTIONS})


def wraps_around(function: Function) -> Function:
    """Let NumPy be silent about products that overflow on purpose, where nothing is compiled."""
    return np.errstate(over="ignore")(function) if UNCOMPILED else function
