"""Tables in Markdown, to be put into a report."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from symvec.cli.escaping import visible
from symvec.cli.tables import Cell, Table, cell_text

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#"})


def write_markdown(tables: Sequence[Table]) -> None:
    """Write tables to standard output."""
    for place, table in enumerate(tables):
        if place:
            sys.stdout.write("\n")
        for line in markdown_lines(table):
            sys.stdout.write(line + "\n")


def markdown_lines(table: Table) -> list[str]:
    r"""Return the lines of a table; what Markdown would read as its own is escaped.

    Example:
        >>> print(*markdown_lines(Table(["word", "n"], [["a|b", 3]])), sep="\n")
        | word | n |
        | --- | ---: |
        | a\|b | 3 |
    """
    aligned = ["---" if i < table.text_columns else "---:" for i in range(len(table.columns))]
    rows = [table.columns, *table.rows]
    lines = [_line([_cell(cell) for cell in row]) for row in rows]
    return [lines[0], _line(aligned), *lines[1:]]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return visible(cell_text(cell)).translate(_SPECIAL)
