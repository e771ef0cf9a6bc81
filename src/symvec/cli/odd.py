"""``symvec odd``: the word that does not belong to the others."""

from __future__ import annotations

from typing import Annotated

import typer

from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Table
from symvec.cli.words import asked_words

EXAMPLES = """Examples:

\b
  symvec odd city.safetensors coffee tea milk king
  symvec odd city.safetensors coffee tea milk king --format json
"""


def odd(
    model: ModelArgument,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORD", help="Words; '-' reads them from standard input."),
    ],
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Find the WORD that does not belong to the others, and show how well each one fits.

    A word fits by its cosine with the mean of them all.
    """
    from symvec.formats import load
    from symvec.vectors.matrix import fits

    vectors = load(model, verify=verify)
    asked = asked_words(words)
    values = fits(vectors, asked).tolist()
    ranked = sorted(zip(asked, values, strict=True), key=lambda pair: pair[1])
    records = [{"word": word, "fit": value} for word, value in ranked]
    document = {"odd": ranked[0][0], "words": records}
    write(Output(document, records, [Table(["odd one first", "fit"], ranked)]), format)
