"""``symvec matrix``: the similarity of each word with each other one."""

from __future__ import annotations

from typing import Annotated

import typer

from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Table
from symvec.cli.words import asked_words, lines_of

EXAMPLES = """Examples:

\b
  symvec matrix city.safetensors coffee tea king queen
  symvec matrix city.safetensors coffee tea king --format tsv
"""


def matrix(
    model: ModelArgument,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORD", help="Words; '-' reads them from standard input."),
    ],
    against: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Compare with the words of FILE, one a line."),
    ] = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Show the cosine of each WORD with each other WORD, or with each word of a file."""
    from symvec.formats import load
    from symvec.vectors.matrix import similarity_matrix

    vectors = load(model, verify=verify)
    rows = asked_words(words)
    columns = rows if against is None else lines_of(against)
    values = similarity_matrix(vectors, rows, columns).tolist()
    document = {"words": rows, "others": columns, "similarities": values}
    records = [
        {"word": word, "other": other, "similarity": value}
        for word, line in zip(rows, values, strict=True)
        for other, value in zip(columns, line, strict=True)
    ]
    table = Table(["", *columns], [[word, *line] for word, line in zip(rows, values, strict=True)])
    write(Output(document, records, [table]), format)
