"""``symvec walkthrough``: from one-hot to the Embedding layer, with the numbers in front of you."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from symvec.cli.escaping import visible
from symvec.cli.options import FormatOption
from symvec.cli.output import Output, write

EXAMPLES = """Examples:

\b
  symvec walkthrough
  symvec walkthrough "we sat on the bank of the river"
  symvec walkthrough --format json
"""


def walkthrough(
    sentence: Annotated[
        list[str] | None, typer.Argument(metavar="SENTENCE", help="Words to walk with.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the weights that are shown.")] = 0,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Walk from one-hot vectors to a trained Embedding layer, on SENTENCE if one is given."""
    from symvec.walkthrough import Step, walk

    steps = walk(" ".join(sentence) if sentence else None, seed=seed)
    if format == "table":
        for step in steps:  # shown as they come: the last ones measure
            _show(step.title, step.lines)
        return
    listed: list[Step] = list(steps)
    records = [{"title": step.title, "text": "\n".join(step.lines)} for step in listed]
    write(Output({"steps": [asdict(step) for step in listed]}, records, []), format)


def _show(title: str, lines: tuple[str, ...]) -> None:
    sys.stdout.write(f"{visible(title)}\n\n")
    for line in lines:
        sys.stdout.write(f"{visible(line)}\n")
    sys.stdout.write("\n")
    sys.stdout.flush()
