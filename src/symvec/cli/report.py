"""``symvec report``: models side by side on test sets, and which differences are real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symvec.cli.evaluate import AnalogiesOption, PairsOption, RestrictOption
from symvec.cli.markdown import write_markdown
from symvec.cli.output import Output, Record, write
from symvec.cli.tables import Cell, Table

if TYPE_CHECKING:
    from symvec.evaluation import GroupScore, TestSetComparison
    from symvec.evaluation.bootstrap import Interval
    from symvec.evaluation.comparison import TestSet
    from symvec.vectors import Vectors

EXAMPLES = """Examples:

\b
  symvec report city.safetensors --pairs ws353.txt --analogies questions-words.txt
  symvec report old=city.safetensors new=city.safetensors --pairs ws353.txt --format markdown
"""

ModelsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="MODEL",
        help="A file of vectors, or NAME=FILE,FILE for models that differ in their seed.",
    ),
]
CategoriesOption = Annotated[
    list[str] | None,
    typer.Option("--categories", metavar="FILE", help="Lines of a word and its category."),
]
OddOption = Annotated[
    list[str] | None,
    typer.Option("--odd-words", metavar="FILE", help="Lines of words, the odd one last."),
]
ListsOption = Annotated[
    str | None,
    typer.Option("--weat", metavar="FILE", help="A JSON object of lists of words, for WEAT."),
]
AssociationsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--associations",
        metavar="X,Y,A,B",
        help="Of --weat, the names of two lists of targets and two of attributes.",
    ),
]
ReportFormatOption = Annotated[
    Literal["table", "markdown", "json", "jsonl", "tsv"],
    typer.Option("--format", "-f", help="How the answer is written on standard output."),
]


def report(
    models: ModelsArgument,
    pairs: PairsOption = None,
    analogies: AnalogiesOption = None,
    categories: CategoriesOption = None,
    odd_words: OddOption = None,
    weat: ListsOption = None,
    associations: AssociationsOption = None,
    restrict_vocabulary: RestrictOption = 30_000,
    resamples: Annotated[int, typer.Option(help="Of the bootstrap.")] = 1000,
    format: ReportFormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Score MODELs on test sets, with 95 % intervals, and compare each with the first.

    A difference is called real where its interval, over items that all models were asked and
    over their seeds, does not hold 0.
    """
    from symvec import evaluation

    limit = restrict_vocabulary or None
    test_sets: list[TestSet] = [partial(evaluation.pair_items, pairs=path) for path in pairs or ()]
    test_sets += [
        partial(evaluation.analogy_items, questions=path, restrict_vocabulary=limit)
        for path in analogies or ()
    ]
    test_sets += [
        partial(evaluation.evaluate_categories, members=path) for path in categories or ()
    ]
    test_sets += [
        partial(evaluation.evaluate_odd_words, questions=path) for path in odd_words or ()
    ]
    test_sets += _associations(weat, associations or ())
    if not test_sets:
        raise typer.BadParameter(
            "give at least one test set", param_hint="--pairs, --analogies ..."
        )
    groups = {name: _opened(paths) for name, paths in _groups(models).items()}
    compared = evaluation.compare_on(groups, test_sets, resamples=resamples)
    output = _output(compared)
    if format == "markdown":
        write_markdown(output.tables)
    else:
        write(output, format)


def _associations(file: str | None, tests: Sequence[str]) -> list[TestSet]:
    if (file is None) != (not tests):
        raise typer.BadParameter("give both of them", param_hint="--weat and --associations")
    if file is None:
        return []
    from symvec.evaluation import evaluate_associations, read_word_lists

    lists = read_word_lists(file)
    return [partial(evaluate_associations, lists=lists, names=test.split(",")) for test in tests]


def _groups(models: Sequence[str]) -> dict[str, list[str]]:
    """Return the files of each group, by its name."""
    groups: dict[str, list[str]] = {}
    for model in models:
        name, separator, files = model.partition("=")
        if not separator or Path(model).exists():
            name, files = model, model
            paths = [model]
        else:
            paths = files.split(",")
        if name in groups:
            raise typer.BadParameter(
                f"{name!r} is there twice; name them: a={name}", param_hint="MODEL"
            )
        groups[name] = paths
    return groups


def _opened(paths: Sequence[str]) -> Iterator[Vectors]:
    from symvec.formats import load

    for path in paths:
        yield load(path)


def _output(compared: Sequence[TestSetComparison]) -> Output:
    records = [_record(part, group) for part in compared for group in part.groups]
    document: Record = {"scores": records}
    return Output(document, records, [_table(part) for part in compared])


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
    row: list[Cell] = [group.group, group.interval.value, _range(group.interval), group.spread]
    row.append(f"{found} of {part.total:,}")
    if has_p:
        value = group.details.get("p_value")
        row.append(f"{value:.4f}" if isinstance(value, float) else None)
    if len(part.groups) > 1:
        row += [_signed(group.against_first), group.is_real]
    return row


def _range(interval: Interval) -> str | None:
    if interval.low is None or interval.high is None:
        return None
    return f"{interval.low:.3f} to {interval.high:.3f}"


def _signed(interval: Interval | None) -> str | None:
    if interval is None or interval.value is None:
        return None
    return f"{interval.value:+.3f} ({_range(interval)})"
