"""The threads that torch keeps awake, for kernels that take turns with it."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from pathlib import Path
from threading import Event

import torch

from symvec.kernels.row_threads import Team, Threads

# OpenMP's threads do not live on in a forked child, and its runtime does not notice.
_FORKED = Event()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_FORKED.set)


@cache
def _address() -> int:
    """Return where the OpenMP that torch itself calls starts a team, or 0 if that is not known.

    The library of torch is asked, since a process may have several OpenMP libraries.
    """
    ending = {"darwin": "dylib", "win32": "dll"}.get(sys.platform, "so")
    name = "torch_cpu.dll" if ending == "dll" else f"libtorch_cpu.{ending}"
    try:
        library = ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / name))
        return ctypes.cast(library.GOMP_parallel, ctypes.c_void_p).value or 0
    except (OSError, AttributeError):
        return 0


def torch_threads() -> Threads:
    """Return torch's own threads, or their number where they cannot be had."""
    count = torch.get_num_threads()
    if count == 1 or _FORKED.is_set() or not _address():
        return count
    return _team(count, _address())


@cache
def _team(count: int, address: int) -> Team:
    return Team(count, address)
