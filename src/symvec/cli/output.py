"""What a command answers, and the four ways to write it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from symvec.cli.escaping import json_text, tsv_field
from symvec.cli.options import Format
from symvec.cli.tables import Table, write_table

Record = Mapping[str, object]


@dataclass(frozen=True)
class Output:
    """The answer of a command.

    Args:
        document: all of it, as one JSON object.
        records: flat parts of it, all with the same keys: a line each as jsonl and as tsv.
        tables: it for people.
    """

    document: Record
    records: Sequence[Record]
    tables: Sequence[Table]


def write(output: Output, format: Format) -> None:  # noqa: A002 - as the option is called
    """Write an answer to standard output."""
    match format:
        case "json":
            _write_lines([_json(output.document, indent=2)])
        case "jsonl":
            _write_lines(_json(record) for record in output.records)
        case "tsv":
            _write_lines(_tsv_lines(output.records))
        case "table":
            _write_tables(output.tables)


def _write_tables(tables: Sequence[Table]) -> None:
    for place, table in enumerate(tables):
        if place:
            sys.stdout.write("\n")
        write_table(table)


def _write_lines(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


def _json(value: Record, indent: int | None = None) -> str:
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not is_unicode, allow_nan=False, indent=indent)
    return json_text(text)


def _tsv_lines(records: Sequence[Record]) -> Iterable[str]:
    if records:
        yield "\t".join(records[0])
    for record in records:
        yield "\t".join(_tsv_value(value) for value in record.values())


def _tsv_value(value: object) -> str:
    return "" if value is None else tsv_field(str(value))
