"""``symvec why``: what supports the neighbours of a word."""

from __future__ import annotations

from typing import Annotated

import typer

from symvec.cli.options import AmongOption, AnswersOption, FormatOption, ModelArgument
from symvec.cli.output import Output, write
from symvec.cli.tables import Cell, Table

EXAMPLES = """Examples:

\b
  symvec why city.safetensors tea --corpus corpus.txt
  symvec why city.safetensors tea -k 3 --also city.safetensors --format json
"""


def why(
    model: ModelArgument,
    word: Annotated[str, typer.Argument(metavar="WORD", help="The word.")],
    k: AnswersOption = 10,
    corpus: Annotated[
        str | None, typer.Option(metavar="FILE", help="A text, for contexts in common.")
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODEL", help="Show the ranks in this model, too. May be given again."
        ),
    ] = None,
    restrict_vocabulary: AmongOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Show beside each neighbour of WORD what supports it.

    That is: n-grams in common, words of a text that stand beside both, with a line of each, and
    the neighbour's rank in models of other seeds.
    """
    from symvec.formats import load
    from symvec.vectors.senses import read_sentences
    from symvec.vectors.why import explain_neighbours

    vectors = load(model)
    near = [name for name, _ in vectors.most_similar(word, k, restrict_to=restrict_vocabulary)]
    found = explain_neighbours(
        vectors,
        word,
        near,
        sentences=None if corpus is None else read_sentences(vectors, corpus),
        others=[load(path) for path in also or ()],
    )
    records = [
        {
            "neighbour": support.neighbour,
            "similarity": support.similarity,
            "shared_rows": support.shared_rows,
            "shared_contexts": list(support.shared_contexts),
            "lines": list(support.lines),
            "ranks": list(support.ranks),
        }
        for support in found
    ]
    rows: list[list[Cell]] = [
        [
            support.neighbour,
            " ".join(support.shared_contexts),
            " / ".join(support.lines),
            support.similarity,
            support.shared_rows,
            *support.ranks,
        ]
        for support in found
    ]
    columns = [vectors.resolve(word), "beside both", "lines", "similarity", "shared rows"]
    columns += [f"rank {number}" for number in range(1, len(also or ()) + 1)]
    document = {"word": word, "neighbours": records}
    write(Output(document, records, [Table(columns, rows, text_columns=3)]), format)
