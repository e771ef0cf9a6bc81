"""Scores of models on test sets, as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from symvec.cli.markdown import write_markdown
from symvec.cli.output import Output, Record, write
from symvec.cli.tables import Cell, Table

if TYPE_CHECKING:
    from symvec.evaluation import GroupScore, TestSetComparison
    from symvec.evaluation.bootstrap import Interval


def write_scores(
    output: Output,
    format: Literal["table", "markdown", "json", "jsonl", "tsv"],  # noqa: A002 - as the option
) -> None:
    """Write scores to standard output."""
    if format == "markdown":
        write_markdown(output.tables)
    else:
        write(output, format)


def comparison_output(compared: Sequence[TestSetComparison]) -> Output:
    """Return scores of models side by side, to be written."""
    records = [_record(part, group) for part in compared for group in part.groups]
    document: Record = {"scores": records}
    return Output(document, records, [_table(part) for part in compared])


def range_text(interval: Interval) -> str | None:
    """Return an interval's ends, None where it has none."""
    if interval.low is None or interval.high is None:
        return None
    return f"{interval.low:.3f} to {interval.high:.3f}"


def _record(part: TestSetComparison, group: GroupScore) -> Record:
    against = group.against_first
    return {
        "test_set": part.name,
        "measure": part.measure,
        "model": group.group,
        "value": group.interval.value,
        "low": group.interval.low,
        "high": group.interval.high,
        "values": list(group.values),
        "spread": group.spread,
        "found": list(group.found),
        "total": part.total,
        "difference": None if against is None else against.value,
        "difference_low": None if against is None else against.low,
        "difference_high": None if against is None else against.high,
        "real": group.is_real,
        "p_value": group.details.get("p_value"),
    }


def _table(part: TestSetComparison) -> Table:
    has_p = any("p_value" in group.details for group in part.groups)
    columns = [part.name, part.measure, "95 %", "spread", "found"]
    columns += ["p"] * has_p + ["against the first", "real"] * (len(part.groups) > 1)
    return Table(columns, [_row(part, group, has_p) for group in part.groups])


def _row(part: TestSetComparison, group: GroupScore, has_p: bool) -> list[Cell]:
    found = "/".join(f"{number:,}" for number in dict.fromkeys(group.found))
    row: list[Cell] = [group.group, group.interval.value, range_text(group.interval), group.spread]
    row.append(f"{found} of {part.total:,}")
    if has_p:
        value = group.details.get("p_value")
        row.append(f"{value:.4f}" if isinstance(value, float) else None)
    if len(part.groups) > 1:
        row += [_signed(group.against_first), group.is_real]
    return row


def _signed(interval: Interval | None) -> str | None:
    if interval is None or interval.value is None:
        return None
    return f"{interval.value:+.3f} ({range_text(interval)})"
