"""``symvec evaluate``: how well the vectors agree with people and with facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.notes import warn
from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, Record, write
from symvec.cli.tables import Table

if TYPE_CHECKING:
    from symvec.evaluation import AnalogiesScore, BadLine, PairsScore, SectionScore

EXAMPLES = """Examples:

\b
  symvec evaluate city.safetensors --pairs ws353.txt --analogies questions-words.txt
  symvec evaluate city.safetensors --pairs ws353.txt --format json
"""

PairsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--pairs",
        metavar="FILE",
        help="Lines of two words and how alike people find them. May be given again.",
    ),
]
AnalogiesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--analogies",
        metavar="FILE",
        help="Lines of four words, a : b = c : d, in sections ': name'. May be given again.",
    ),
]
RestrictOption = Annotated[
    int,
    typer.Option(
        "--restrict-vocabulary",
        metavar="N",
        help="Analogies: ask for and choose among the N most frequent words; 0 for all.",
    ),
]


def evaluate(
    model: ModelArgument,
    pairs: PairsOption = None,
    analogies: AnalogiesOption = None,
    restrict_vocabulary: RestrictOption = 30_000,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Score MODEL by word pairs (rank correlation) and by analogies (accuracy).

    Only what has all its words in the vocabulary counts; how much that is, is shown.
    """
    if not pairs and not analogies:
        raise typer.BadParameter("give at least one FILE", param_hint="--pairs or --analogies")
    from symvec.evaluation import evaluate_analogies, evaluate_pairs
    from symvec.formats import load

    vectors = load(model, verify=verify)
    pair_scores = [evaluate_pairs(vectors, path) for path in pairs or ()]
    limit = restrict_vocabulary or None
    analogy_scores = [
        evaluate_analogies(vectors, path, restrict_vocabulary=limit) for path in analogies or ()
    ]
    for name, bad_lines in (
        *((score.name, score.bad_lines) for score in pair_scores),
        *((score.name, score.bad_lines) for score in analogy_scores),
    ):
        _warn_of_bad_lines(name, bad_lines)
    write(scores_output(pair_scores, analogy_scores), format)


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


def _warn_of_bad_lines(name: str, bad_lines: tuple[BadLine, ...]) -> None:
    if bad_lines:
        counted = "1 line was" if len(bad_lines) == 1 else f"{len(bad_lines):,} lines were"
        first = bad_lines[0]
        warn(f"{name}: {counted} passed over; line {first.number}: {first.reason}")
