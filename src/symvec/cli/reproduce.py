"""``symvec reproduce``: a model made again from its text, and compared."""

from __future__ import annotations

import filecmp
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from symvec.cli.facts import facts_output
from symvec.cli.notes import complain
from symvec.cli.options import FormatOption, ModelArgument
from symvec.cli.output import write
from symvec.cli.watching import watching

EXAMPLES = """Examples:

\b
  symvec reproduce city.safetensors --corpus corpus.txt
  symvec reproduce city.safetensors --corpus corpus.txt --threads 1 --format json
"""

CorpusOption = Annotated[
    list[str],
    typer.Option(metavar="TEXT", help="The text that MODEL was trained on; may be given again."),
]
StartOption = Annotated[
    str | None,
    typer.Option(
        "--started-from",
        metavar="FILE",
        help="The file that MODEL began with (--init-from) or went on from (--continue-from).",
    ),
]
ThreadsOption = Annotated[
    int | None,
    typer.Option(metavar="N", help="Any number gives the same vectors.  [default: all cores]"),
]
WorkOption = Annotated[
    str | None,
    typer.Option("--work-dir", metavar="FOLDER", help="Where the model is made again."),
]


def reproduce(
    model: ModelArgument,
    corpus: CorpusOption,
    started_from: StartOption = None,
    threads: ThreadsOption = None,
    work_dir: WorkOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Train MODEL again, with the settings in the file, and compare the two byte by byte.

    The exit code is 0 if they are the same, else 1, and what differs is said: the text, versions
    of programs, words, numbers.
    """
    from symvec.formats import load
    from symvec.training.reproducing import differences, trained_again

    vectors = load(model)
    start = None if started_from is None else load(started_from)
    with tempfile.TemporaryDirectory(prefix="symvec-", dir=work_dir) as folder:
        with watching() as watch:
            again = trained_again(
                vectors,
                corpus,
                threads=threads,
                started_from=start,
                directory=folder,
                progress=watch,
            )
        copy = Path(folder, "again.safetensors")
        again.save(copy)
        same = filecmp.cmp(model, copy, shallow=False)
    told = [] if same else list(differences(vectors, again))
    document = {
        "model": model,
        "same_bytes": same,
        "words": len(again),
        "differences": {str(number): each for number, each in enumerate(told, start=1)},
    }
    write(facts_output(document), format)
    if not same:
        complain(f"{model} is not what its text and settings make here")
        raise typer.Exit(1)
