"""Scores, as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symvec.cli.output import Output, Record
from symvec.cli.tables import Table

if TYPE_CHECKING:
    from symvec.evaluation import AnalogiesScore, BadLine, PairsScore, SectionScore


def scores_output(pairs: list[PairsScore], analogies: list[AnalogiesScore]) -> Output:
    """Return scores, to be written."""
    document = {
        "pairs": [_pairs_document(score) for score in pairs],
        "analogies": [_analogies_document(score) for score in analogies],
    }
    records = [record for score in pairs for record in _pairs_records(score)]
    records += [record for score in analogies for record in _analogies_records(score)]
    tables = [_pairs_table(pairs)] if pairs else []
    return Output(document, records, [*tables, *map(analogies_table, analogies)])


def analogies_table(score: AnalogiesScore) -> Table:
    """Return the score of each section, and of all together, as a table."""
    sections = [*score.sections, *_sums(score)]
    rows = [
        [part.name, *(_percent(part.accuracy(method)) for method in score.methods), _found(part)]
        for part in sections
    ]
    return Table([score.name, *score.methods, "questions"], rows)


def _pairs_table(scores: list[PairsScore]) -> Table:
    rows = [
        [score.name, score.spearman, score.pearson, f"{score.found:,} of {score.total:,}"]
        for score in scores
    ]
    return Table(["word pairs", "Spearman", "Pearson", "pairs"], rows)


def _sums(score: AnalogiesScore) -> list[SectionScore]:
    """Return what is summed over sections, where there are several to sum."""
    kinds = [part for part in (score.semantic, score.syntactic) if part.total]
    return [*(kinds if len(kinds) > 1 else []), score.all]


def _found(part: SectionScore) -> str:
    return f"{part.asked:,} of {part.total:,}"


def _percent(accuracy: float | None) -> str | None:
    return None if accuracy is None else f"{100 * accuracy:.1f} %"


def _pairs_document(score: PairsScore) -> Record:
    return {
        "name": score.name,
        "spearman": score.spearman,
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
    accuracy = {method: part.accuracy(method) for method in score.methods}
    return {
        "name": part.name,
        "accuracy": accuracy,
        "correct": dict(part.correct),
        "asked": part.asked,
        "total": part.total,
    }


def _pairs_records(score: PairsScore) -> list[Record]:
    return [
        _record(score.name, "all", measure, value, score.found, score.total)
        for measure, value in (("spearman", score.spearman), ("pearson", score.pearson))
    ]


def _analogies_records(score: AnalogiesScore) -> list[Record]:
    return [
        _record(score.name, part.name, method, part.accuracy(method), part.asked, part.total)
        for part in (*score.sections, score.semantic, score.syntactic, score.all)
        for method in score.methods
    ]


def _record(
    name: str, section: str, measure: str, value: float | None, found: int, total: int
) -> Record:
    numbers = {"measure": measure, "value": value, "found": found, "total": total}
    return {"test_set": name, "section": section, **numbers}


def _lines(bad_lines: tuple[BadLine, ...]) -> list[Record]:
    return [{"line": line.number, "reason": line.reason} for line in bad_lines]
