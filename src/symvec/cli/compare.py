"""``symvec compare``: how alike two short texts are."""

from __future__ import annotations

from typing import Annotated

import typer

from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Table

EXAMPLES = """Examples:

\b
  symvec compare city.safetensors "coffee and milk" "tea in tübingen"
  symvec compare city.safetensors "the king" "the queen" --format json
"""


def compare(
    model: ModelArgument,
    first: Annotated[str, typer.Argument(metavar="TEXT", help="A short text ...")],
    second: Annotated[str, typer.Argument(metavar="TEXT", help="... and another one.")],
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Compare two short TEXTs by the vectors of their words.

    Word Mover's Distance is 0 for texts of the same words and at most 2. Soft cosine, and the
    cosine of sentence vectors (SIF, without a common direction), are 1 for the same words.
    """
    from symvec.formats import load
    from symvec.vectors import cosines
    from symvec.vectors.texts import (
        fit_sentence_encoder,
        soft_cosine,
        word_bag,
        word_movers_distance,
    )

    vectors = load(model, verify=verify)
    encoded = fit_sentence_encoder(vectors, []).encode([first, second])
    missing = [word for text in (first, second) for word in word_bag(vectors, text).missing]
    distance = word_movers_distance(vectors, first, second)
    measures: dict[str, float | None] = {
        "word_movers_distance": distance,
        "soft_cosine": soft_cosine(vectors, first, second),
        "sentence_cosine": None
        if distance is None
        else float(cosines(encoded[:1], encoded[1:])[0]),
    }
    records = [{"measure": name, "value": value} for name, value in measures.items()]
    table = Table(
        ["", "value"], [[name.replace("_", " "), value] for name, value in measures.items()]
    )
    left_out = Table(["not in the vocabulary"], [[word] for word in dict.fromkeys(missing)])
    document = {"texts": [first, second], **measures, "missing": missing}
    write(Output(document, records, [table, left_out] if missing else [table]), format)
