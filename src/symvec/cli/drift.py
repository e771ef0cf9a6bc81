"""``symvec drift``: the words whose meaning moved over time."""

from __future__ import annotations

from typing import Annotated

import typer

from symvec.cli.options import AnswersOption, FormatOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Cell, Table

EXAMPLES = """Examples:

\b
  symvec drift city.safetensors city.safetensors -k 5
  symvec drift city.safetensors city.safetensors city.safetensors --word tea --format json
"""


def drift(
    models: Annotated[
        list[str],
        typer.Argument(metavar="MODEL", help="Files of vectors of one language, oldest first."),
    ],
    k: AnswersOption = 20,
    word: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="Show this word instead. May be given again."),
    ] = None,
    min_count: Annotated[
        int, typer.Option(metavar="N", help="Look at words seen N times in each period.")
    ] = 20,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Lay the MODELs of successive periods on each other, the words that moved most first.

    Each model is turned onto the one before (orthogonal Procrustes). Similarity is the cosine of
    a word's first and last vector.
    """
    from symvec.formats import load
    from symvec.vectors.alignment import align_chain

    chain = align_chain([load(path) for path in models], min_count=min_count)
    found = chain.moved(k, words=word)
    records = [
        {
            "word": moved.word,
            "similarity": moved.similarity,
            "steps": list(moved.steps),
            "neighbours": [list(words) for words in moved.neighbours],
        }
        for moved in found
    ]
    rows: list[list[Cell]] = [
        [
            moved.word,
            " ".join(moved.neighbours[0]),
            " ".join(moved.neighbours[-1]),
            moved.similarity,
        ]
        for moved in found
    ]
    table = Table(["word", "near it at first", "near it at last", "similarity"], rows, 3)
    document = {"periods": len(models), "words": len(chain.words), "moved": records}
    write(Output(document, records, [table]), format)
