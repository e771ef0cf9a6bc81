"""``symvec sentences``: the lines of a text that are about the same as another line."""

from __future__ import annotations

from typing import Annotated

import typer

from symvec.cli.options import AnswersOption, FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Table
from symvec.cli.words import lines_of

EXAMPLES = """Examples:

\b
  symvec sentences city.safetensors corpus.txt "tea and coffee" -k 3
  symvec sentences city.safetensors corpus.txt "the king" --format jsonl
"""


def sentences(
    model: ModelArgument,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A text, a sentence a line; '-' reads it.")
    ],
    query: Annotated[str, typer.Argument(metavar="TEXT", help="What is looked for.")],
    k: AnswersOption = 10,
    smoothing: Annotated[float, typer.Option(help="Larger lets rare words stand out less.")] = 1e-3,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Find the lines of FILE nearest to TEXT, by sentence vectors (SIF).

    A sentence's vector is the mean of its words', rare words weighing more, less what all lines
    of FILE have in common.
    """
    from symvec.formats import load
    from symvec.vectors import SearchSpace, nearest, row_norms
    from symvec.vectors.texts import fit_sentence_encoder

    vectors = load(model, verify=verify)
    lines = lines_of(file)
    encoder = fit_sentence_encoder(vectors, lines, smoothing=smoothing)
    encoded = encoder.encode(lines)
    space = SearchSpace(encoded, row_norms(encoded))
    places, values = nearest(space, encoder.encode([query]), k)
    records = [
        {"rank": rank, "similarity": value, "text": lines[place]}
        for rank, (place, value) in enumerate(
            zip(places[0].tolist(), values[0].tolist(), strict=True), start=1
        )
    ]
    table = Table(
        ["line", "similarity"], [[record["text"], record["similarity"]] for record in records]
    )
    write(Output({"query": query, "lines": records}, records, [table]), format)
