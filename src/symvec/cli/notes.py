"""What is said to a person beside the data: on standard error, and only where one may read it."""

from __future__ import annotations

import sys

from symvec.cli.escaping import visible


def is_terminal() -> bool:
    """Return whether standard error is a terminal, which somebody may be looking at."""
    return sys.stderr is not None and sys.stderr.isatty()


def note(text: str = "") -> None:
    """Say something that is good to know; nothing where nobody is looking."""
    if is_terminal():
        _write(text)


def warn(text: str) -> None:
    """Say what somebody has to know, terminal or not."""
    _write(f"warning: {text}")


def complain(text: str) -> None:
    """Say what went wrong."""
    _write(f"error: {text}")


def _write(text: str) -> None:
    if sys.stderr is None:  # closed by whoever started the program
        return
    lines = (visible(line) for line in text.split("\n"))
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
