"""Tables for people."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import Final, Literal, TypeAlias

from symvec.cli.escaping import visible

Cell: TypeAlias = str | int | float | None

# Where there is no terminal nothing is cut or folded: somebody may search the lines.
_NO_TERMINAL_COLUMNS: Final = 100_000
_SPACE_AT_LINE_END: Final = re.compile(r" +$", re.MULTILINE)


@dataclass(frozen=True)
class Table:
    """Rows under column names.

    Args:
        columns: their names; none are shown where all are empty.
        rows: a cell for each column.
        text_columns: how many are text; those after them are numbers, aligned at the right.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    text_columns: int = 1


def write_table(table: Table) -> None:
    """Write a table to standard output, in colour only on a terminal (and never with NO_COLOR)."""
    # rich takes a fifth of a second that no other way of writing an answer needs.
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(
        box=SIMPLE_HEAD, show_edge=False, show_header=any(table.columns), pad_edge=False
    )
    for place, name in enumerate(table.columns):
        justify: Literal["right", "left"] = "left" if place < table.text_columns else "right"
        shown.add_column(Text(visible(name)), justify=justify, overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(visible(cell_text(cell))) for cell in row))
    width = get_terminal_size().columns if sys.stdout.isatty() else _NO_TERMINAL_COLUMNS
    console = Console(file=sys.stdout, width=width, highlight=False)
    with console.capture() as capture:
        console.print(shown)
    sys.stdout.write(_SPACE_AT_LINE_END.sub("", capture.get()))


def cell_text(cell: Cell) -> str:
    """Return a cell as people read it.

    Example:
        >>> cell_text(1234567), cell_text(0.51234), cell_text(None)
        ('1,234,567', '0.512', '–')
    """
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:.3f}" if isinstance(cell, float) else cell
