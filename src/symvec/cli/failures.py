"""Errors as a person at a terminal meets them: one line and an exit code.

0 done, 1 failed, 2 usage, 3 bad input file, 4 not in the vocabulary, 130 interrupted. What is
not foreseen keeps its traceback: it is a fault of the program.
"""

from __future__ import annotations

import errno
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

from symvec.cli.notes import complain, warn
from symvec.errors import SymvecError

INTERRUPTED = 130  # 128 + SIGINT, as shells count


@contextmanager
def explained() -> Iterator[None]:
    """Turn what is raised inside into a message on standard error and an exit code."""
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            yield
            sys.stdout.flush()
    except SymvecError as error:
        complain(str(error))
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as error:
        complain("interrupted")
        raise typer.Exit(INTERRUPTED) from error
    except MemoryError as error:
        complain(f"not enough memory: {error}")
        raise typer.Exit(1) from error
    except OSError as error:
        raise typer.Exit(_explain_system_error(error)) from error


def _explain_system_error(error: OSError) -> int:
    """Say what the system refused, and return the exit code."""
    _discard_unwritten()
    # Whoever reads our output has read enough, as `head` has: that is no failure.
    if isinstance(error, BrokenPipeError) or error.errno == errno.EPIPE:
        return 0
    complain(str(error))
    return 1


def _discard_unwritten() -> None:
    """Keep the interpreter from trying once more, at its end, to write what could not be."""
    try:
        descriptor = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del category, filename, lineno, file, line  # of interest to programmers
    warn(str(message))
