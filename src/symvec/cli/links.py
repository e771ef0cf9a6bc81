"""``symvec links``: the words of two sentences laid beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symvec.cli.link_drawing import matrix_svg, matrix_table
from symvec.cli.options import FormatOption, ModelArgument
from symvec.cli.output import Output, write
from symvec.cli.tables import Table

if TYPE_CHECKING:
    from symvec.vectors.alignment import WordAlignment

EXAMPLES = """Examples:

\b
  symvec links city.safetensors "the king drinks coffee" "tea for the queen"
  symvec links city.safetensors "coffee and tea" "tea and milk" --method transport --svg links.svg
"""


def links(
    model: ModelArgument,
    first: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence ...")],
    second: Annotated[str, typer.Argument(metavar="TEXT", help="... and another one.")],
    target: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="Vectors of the second sentence, in the space of the first."
        ),
    ] = None,
    method: Annotated[
        Literal["argmax", "mutual", "transport"],
        typer.Option(
            help="Link each word with its nearest, words that are each other's nearest, or by "
            "the cheapest way to carry one sentence to the other."
        ),
    ] = "mutual",
    svg: Annotated[
        str | None, typer.Option(metavar="FILE", help="Draw the matrix into this file, too.")
    ] = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Link the words of two sentences by the cosines of their vectors.

    The matrix shows all cosines; the links are in brackets. For two languages, bring their
    vectors into one space first: see 'symvec align -o'.
    """
    from symvec.files import write_atomically
    from symvec.formats import load
    from symvec.vectors.alignment import align_words

    vectors = load(model)
    others = vectors if target is None else load(target)
    alignment = align_words(vectors, others, first, second, method=method)
    if svg is not None:
        with write_atomically(svg) as file:
            file.write(matrix_svg(alignment).encode("utf-8", "surrogateescape"))
    write(_output(alignment, method), format)


def _output(alignment: WordAlignment, method: str) -> Output:
    records = [
        {
            "first": alignment.first[i],
            "second": alignment.second[j],
            "first_position": i,
            "second_position": j,
            "similarity": float(alignment.similarities[i, j]),
        }
        for i, j in alignment.links.tolist()
    ]
    document = {
        "method": method,
        "first": list(alignment.first),
        "second": list(alignment.second),
        "similarities": [
            [None if value != value else value for value in line]  # NaN is not JSON
            for line in alignment.similarities.tolist()
        ],
        "links": records,
    }
    columns, rows = matrix_table(alignment)
    return Output(document, records, [Table(columns, rows)])
