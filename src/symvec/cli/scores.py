"""Scores, as they are written."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from symvec.cli.comparison_tables import range_text
from symvec.cli.output import Output, Record
from symvec.cli.tables import Cell, Table

if TYPE_CHECKING:
    from symvec.evaluation import AnalogiesScore, BadLine, Interval, PairsScore, SectionScore
    from symvec.vectors import Method


def scores_output(
    pairs: list[tuple[PairsScore, Interval]], analogies: list[AnalogiesScore]
) -> Output:
    """Return scores, to be written; those of pairs with the interval of Spearman's."""
    document = {
        "pairs": [_pairs_document(*score) for score in pairs],
        "analogies": [_analogies_document(score) for score in analogies],
    }
    records = [record for score in pairs for record in _pairs_records(*score)]
    records += [record for score in analogies for record in _analogies_records(score)]
    tables = [_pairs_table(pairs)] if pairs else []
    return Output(document, records, [*tables, *map(analogies_table, analogies)])


def analogies_table(score: AnalogiesScore) -> Table:
    """Return the score of each section, and of all together, as a table."""
    sections = [*score.sections, *_sums(score)]
    rows = [
        [part.name, *(_percent(part, method) for method in score.methods), _found(part)]
        for part in sections
    ]
    return Table([score.name, *score.methods, "questions"], rows)


def _pairs_table(scores: list[tuple[PairsScore, Interval]]) -> Table:
    rows: list[list[Cell]] = [
        [
            score.name,
            score.spearman,
            range_text(interval),
            score.pearson,
            f"{score.found:,} of {score.total:,}",
        ]
        for score, interval in scores
    ]
    return Table(["word pairs", "Spearman", "95 %", "Pearson", "pairs"], rows)


def _sums(score: AnalogiesScore) -> list[SectionScore]:
    """Return what is summed over sections, where there are several to sum."""
    kinds = [part for part in (score.semantic, score.syntactic) if part.total]
    return [*(kinds if len(kinds) > 1 else []), score.all]


def _found(part: SectionScore) -> str:
    return f"{part.asked:,} of {part.total:,}"


def _percent(part: SectionScore, method: Method) -> str | None:
    interval = _interval(part, method)
    if interval.value is None or interval.low is None or interval.high is None:
        return None
    # A terminal of 80 columns has room for no more.
    return f"{interval.value:.1%} ({100 * interval.low:.0f} to {100 * interval.high:.0f})"


def _interval(part: SectionScore, method: Method) -> Interval:
    from symvec.evaluation.bootstrap import share_interval

    return share_interval(part.correct[method], part.asked)


def _pairs_document(score: PairsScore, interval: Interval) -> Record:
    return {
        "name": score.name,
        "spearman": score.spearman,
        "spearman_low": interval.low,
        "spearman_high": interval.high,
        "pearson": score.pearson,
        "found": score.found,
        "total": score.total,
        "bad_lines": _lines(score.bad_lines),
    }


def _analogies_document(score: AnalogiesScore) -> Record:
    return {
        "name": score.name,
        "restrict_vocabulary": score.restrict_vocabulary,
        "sections": [_section_document(part, score) for part in score.sections],
        "semantic": _section_document(score.semantic, score),
        "syntactic": _section_document(score.syntactic, score),
        "all": _section_document(score.all, score),
        "bad_lines": _lines(score.bad_lines),
    }


def _section_document(part: SectionScore, score: AnalogiesScore) -> Record:
    intervals = {method: _interval(part, method) for method in score.methods}
    return {
        "name": part.name,
        "accuracy": {method: interval.value for method, interval in intervals.items()},
        "low": {method: interval.low for method, interval in intervals.items()},
        "high": {method: interval.high for method, interval in intervals.items()},
        "correct": dict(part.correct),
        "asked": part.asked,
        "total": part.total,
    }


def _pairs_records(score: PairsScore, interval: Interval) -> list[Record]:
    numbers = {"found": score.found, "total": score.total}
    measures = (
        ("spearman", score.spearman, interval.low, interval.high),
        ("pearson", score.pearson, None, None),
    )
    return [
        {
            "test_set": score.name,
            "section": "all",
            "measure": measure,
            "value": value,
            "low": low,
            "high": high,
            **numbers,
        }
        for measure, value, low, high in measures
    ]


def _analogies_records(score: AnalogiesScore) -> list[Record]:
    return [
        _record(score.name, part, method)
        for part in (*score.sections, score.semantic, score.syntactic, score.all)
        for method in score.methods
    ]


def _record(name: str, part: SectionScore, method: Method) -> Record:
    numbers = asdict(_interval(part, method))
    counts = {"found": part.asked, "total": part.total}
    return {"test_set": name, "section": part.name, "measure": method, **numbers, **counts}


def _lines(bad_lines: tuple[BadLine, ...]) -> list[Record]:
    return [{"line": line.number, "reason": line.reason} for line in bad_lines]
