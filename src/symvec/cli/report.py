"""``symvec report``: models side by side on test sets, and which differences are real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from symvec.cli.comparison_tables import comparison_output, write_scores
from symvec.cli.evaluation_sets import (
    AnalogiesOption,
    AssociationsOption,
    CategoriesOption,
    ContextPairsOption,
    LexiconOption,
    ListsOption,
    OddOption,
    OpenModel,
    PairsOption,
    RestrictOption,
    ScoresFormatOption,
    TargetOption,
    TestFiles,
    of_vectors,
)

EXAMPLES = """Examples:

\b
  symvec report city.safetensors --pairs ws353.txt --analogies questions-words.txt
  symvec report old=city.safetensors new=city.safetensors --pairs ws353.txt --format markdown
  symvec report city.safetensors --lexicon dictionary.txt --target city.safetensors
"""

ModelsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="MODEL",
        help="A file of vectors, or NAME=FILE,FILE for models that differ in their seed.",
    ),
]


def report(
    models: ModelsArgument,
    pairs: PairsOption = None,
    analogies: AnalogiesOption = None,
    categories: CategoriesOption = None,
    odd_words: OddOption = None,
    weat: ListsOption = None,
    associations: AssociationsOption = None,
    lexicon: LexiconOption = None,
    target: TargetOption = None,
    context_pairs: ContextPairsOption = None,
    restrict_vocabulary: RestrictOption = 30_000,
    resamples: Annotated[int, typer.Option(help="Of the bootstrap.")] = 1000,
    format: ScoresFormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Score MODELs on test sets, with 95 % intervals, and compare each with the first.

    A difference is called real where its interval, over items that all models were asked and
    over their seeds, does not hold 0.
    """
    from symvec import evaluation

    limit = restrict_vocabulary or None
    tests = [of_vectors(partial(evaluation.pair_items, pairs=path)) for path in pairs or ()]
    tests += [
        of_vectors(partial(evaluation.analogy_items, questions=path, restrict_vocabulary=limit))
        for path in analogies or ()
    ]
    tests += TestFiles(
        categories or (),
        odd_words or (),
        weat,
        associations or (),
        lexicon or (),
        target,
        context_pairs or (),
    ).tests()
    if not tests:
        raise typer.BadParameter(
            "give at least one test set", param_hint="--pairs, --analogies ..."
        )
    groups = {name: _opened(paths) for name, paths in _groups(models).items()}
    compared = evaluation.compare_on(groups, tests, resamples=resamples)
    write_scores(comparison_output(compared), format)


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


def _opened(paths: Sequence[str]) -> Iterator[OpenModel]:
    from symvec.formats import load

    for path in paths:
        yield OpenModel(load(path), path)
