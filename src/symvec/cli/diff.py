"""``symvec diff``: two models compared, the words that moved most first."""

from __future__ import annotations

from typing import Annotated

import typer

from symvec.cli.options import AnswersOption, FormatOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Cell, Table
from symvec.cli.words import asked_words

EXAMPLES = """Examples:

\b
  symvec diff city.safetensors city.safetensors -k 5
  symvec diff city.safetensors city.safetensors --word tea --format json
"""


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A file of vectors ...")],
    second: Annotated[str, typer.Argument(metavar="B", help="... and another one.")],
    k: AnswersOption = 20,
    neighbours: Annotated[int, typer.Option(help="How many neighbours to compare.")] = 10,
    restrict_vocabulary: Annotated[
        int, typer.Option(metavar="N", help="Compare the N words that come first in A; 0 for all.")
    ] = 10_000,
    word: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="Show this word instead. May be given again."),
    ] = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Compare the models A and B on the words that both have, the most moved words first.

    B is turned onto A as a whole (orthogonal Procrustes); similarity is the cosine of a word's
    two vectors then. Overlap is the part of its neighbours that both models share.
    """
    from symvec.evaluation import compare_models
    from symvec.formats import load

    found = compare_models(
        load(first),
        load(second),
        topn=k,
        neighbours=neighbours,
        restrict_vocabulary=restrict_vocabulary or None,
        words=None if word is None else asked_words(word),
    )
    records = [
        {
            "word": moved.word,
            "similarity": moved.similarity,
            "overlap": moved.overlap,
            "neighbours_in_a": list(moved.first_neighbours),
            "neighbours_in_b": list(moved.second_neighbours),
        }
        for moved in found.moved
    ]
    whole = {
        "common_words": found.common_words,
        "compared_words": found.compared_words,
        "mean_similarity": found.mean_similarity,
        "mean_overlap": found.mean_overlap,
    }
    rows: list[list[Cell]] = [
        [
            moved.word,
            " ".join(moved.first_neighbours[:5]),
            " ".join(moved.second_neighbours[:5]),
            moved.similarity,
            moved.overlap,
        ]
        for moved in found.moved
    ]
    facts = Table(["", ""], [[name.replace("_", " "), value] for name, value in whole.items()])
    columns = ["word", "near it in A", "near it in B", "similarity", "overlap"]
    write(Output({**whole, "moved": records}, records, [facts, Table(columns, rows, 3)]), format)
