"""Every error that symvec raises on purpose.

    SymvecError
    ├── InputError (also ValueError)       an argument or a text that cannot be used
    │   ├── EmptyCorpusError               nothing to learn from
    │   └── IdError (also IndexError)      ids that a table does not have
    ├── FileError                          a file that cannot be read or written
    │   ├── FormatError                    the file is there, its content is wrong
    │   └── OutputError (also OSError)     the place to write to cannot be written
    ├── UnknownSymbolError (also KeyError) a symbol that the vocabulary does not have
    ├── MissingExtraError (also ImportError)
    └── InterruptedTraining                training stopped by the user

An error's text says what came, what was expected and what to do. The command line turns each
into an exit code: see ``exit_code``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class SymvecError(Exception):
    """The root of symvec's errors; ``exit_code`` is what the command line ends with."""

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        """Return the message as written, also where a base class would quote it (KeyError)."""
        return str(self.args[0]) if self.args else ""


class InputError(SymvecError, ValueError):
    """An argument, a setting or a text that cannot be used."""

    exit_code = 2


class EmptyCorpusError(InputError):
    """A corpus without a word to learn from."""

    exit_code = 3


class IdError(InputError, IndexError):
    """Ids that are not row numbers of the table they are looked up in."""


class FileError(SymvecError):
    """A file that cannot be read or written."""

    exit_code = 3


class FormatError(FileError):
    """A file whose content is not what its format says."""


class OutputError(FileError, OSError):
    """A place that cannot be written to."""

    exit_code = 1


class UnknownSymbolError(SymvecError, KeyError):
    """A symbol that the vocabulary does not have, with the nearest spellings that it has.

    Args:
        symbol: what was asked for.
        suggestions: known symbols with a like spelling, best first.
        reason: what else keeps it from having a vector, as the sentence goes on.
    """

    exit_code = 4

    def __init__(self, symbol: str, suggestions: Sequence[str] = (), *, reason: str = "") -> None:
        hint = f"; did you mean {', '.join(map(repr, suggestions))}?" if suggestions else ""
        super().__init__(f"{symbol!r} is not in the vocabulary{reason}{hint}")
        self.symbol = symbol
        self.suggestions = tuple(suggestions)
        self.reason = reason


class MissingExtraError(SymvecError, ImportError):
    """A package of an extra that is not installed."""

    exit_code = 1


class InterruptedTraining(SymvecError):  # noqa: N818 - not a fault
    """Training that the user stopped before its end."""

    exit_code = 130
