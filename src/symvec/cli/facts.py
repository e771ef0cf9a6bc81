"""Facts with names, as some commands answer with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from symvec.cli.output import Output
from symvec.cli.tables import Cell, Table, cell_text


def facts_output(document: Mapping[str, object]) -> Output:
    """Return a nested document to be written; a fact a line where it is not JSON."""
    records = [{"name": name, "value": value} for name, value in flattened(document)]
    return Output(document, records, [Table(["", ""], list(_groups(document)), text_columns=2)])


def flattened(document: Mapping[str, object], above: str = "") -> Iterator[tuple[str, Cell]]:
    """Go through the values of nested mappings with their names.

    Example:
        >>> list(flattened({"a": 1, "b": {"c": 2, "d": [3, 4]}}))
        [('a', 1), ('b.c', 2), ('b.d', '3 4')]
    """
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{above}{name}.")
        elif isinstance(value, list | tuple):
            yield f"{above}{name}", " ".join(_text(item) for item in value)
        else:
            yield f"{above}{name}", cast(Cell, value)


def _groups(document: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    """Go through the facts for people: those of a nested mapping below its name."""
    nested = {name: value for name, value in document.items() if isinstance(value, Mapping)}
    own = {name: value for name, value in document.items() if name not in nested}
    if above and own:
        yield "", ""
        yield f"{above}:", ""
    for name, value in flattened(own):
        yield f"{'  ' * bool(above)}{_words(name)}", _text(value)
    for name, group in nested.items():
        yield from _groups(group, f"{above} {_words(name)}".strip())


def _words(name: str) -> str:
    return name.replace("_", " ")


def _text(value: Cell) -> str:
    """Return a fact as text, a fraction with as many digits as tell something."""
    return f"{value:.5g}" if isinstance(value, float) else cell_text(value)
