"""What is wrong with a file, and the two ways to take it: to refuse, or to write it down."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from symvec.errors import FormatError

FaultKind: TypeAlias = Literal[
    "cut off", "header", "line", "duplicate", "number", "content", "encoding"
]
# Of each kind so many are kept; the others are only counted.
_KEPT = 20
_STACK_ABOVE = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a file.

    Args:
        kind: what sort of thing.
        place: where: a line, a byte, a row.
        text: what was found there and what was expected.
        count: how many there are of it, this one the first.
        fatal: whether a reader has to refuse the file because of it.
    """

    kind: FaultKind
    place: str
    text: str
    count: int = 1
    fatal: bool = True


class Faults(Protocol):
    """Whoever is told of faults while a file is read."""

    def found(self, fault: Fault) -> None:
        """Take note of a fault; raise to refuse the file."""


@dataclass(frozen=True)
class Refusing:
    """Refuses a file at its first fatal fault, and warns of the others.

    Args:
        path: the file's name, for the messages.
    """

    path: str

    def found(self, fault: Fault) -> None:
        """Raise or warn.

        Raises:
            FormatError: the fault is fatal.
        """
        message = f"{self.path}: {fault.place}: {fault.text}"
        if fault.fatal:
            raise FormatError(
                f"{message}; 'symvec check' tells all that is wrong and '--fix' saves what is not"
            )
        warnings.warn(message, stacklevel=_STACK_ABOVE)


@dataclass(frozen=True)
class Collecting:
    """Writes faults down, so that all that is right in a file is read.

    Args:
        faults: those that were found, at most 20 of a kind.
        counts: how many were found of each kind.
    """

    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def found(self, fault: Fault) -> None:
        """Write the fault down."""
        if self.counts[fault.kind] < _KEPT:
            self.faults.append(fault)
        self.counts[fault.kind] += fault.count
