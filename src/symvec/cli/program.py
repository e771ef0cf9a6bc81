"""The command line as a whole: which commands there are, and what holds for all of them."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from symvec.cli import (
    align,
    analogy,
    attributes,
    check,
    compare,
    compress,
    contexts,
    convert,
    demo,
    diff,
    doctor,
    drift,
    encode,
    evaluate,
    info,
    links,
    matrix,
    odd,
    phrases,
    report,
    reproduce,
    senses,
    sentences,
    similar,
    train,
    walkthrough,
    why,
)
from symvec.cli.failures import explained
from symvec.cli.panels import PanelledCommand

EXAMPLES = """Examples:

\b
  symvec demo
  symvec train corpus.txt -o city.safetensors
  symvec similar city.safetensors tübingen
"""


class Commands(TyperGroup):
    """Commands whose errors end in a message and an exit code, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's context has no public type
        """Run a command."""
        with explained():
            return super().invoke(ctx)


# Plain help: it comes in half the time, can be copied, and is shown as it is written.
program = typer.Typer(
    name="symvec",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from symvec import __version__

        typer.echo(f"symvec {__version__}")
        raise typer.Exit


@program.callback(epilog=EXAMPLES)
def symvec(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Turn words into vectors, and ask them.

    Answers go to standard output, progress and notes to standard error. Exit codes: 0 done,
    1 failed, 2 wrong usage, 3 bad input file, 4 word not in the vocabulary, 130 interrupted.
    """


_SUMMARIES = (
    (demo, "Train on real text, ask and score it: no file needed."),
    (train, "Learn a vector for each word of a text."),
    (similar, "Find the words that are used alike."),
    (analogy, "Answer: a is to b as c is to what?"),
    (why, "Show what supports the neighbours of a word."),
    (odd, "Find the word that does not belong to the others."),
    (matrix, "Show the similarity of each word with each other one."),
    (compare, "Compare two short texts by the vectors of their words."),
    (sentences, "Find the lines of a text that are about the same."),
    (evaluate, "Score vectors by word pairs and analogies."),
    (report, "Score models side by side, with intervals."),
    (diff, "Compare two models, the most moved words first."),
    (align, "Lay one language's words on another's by a dictionary."),
    (links, "Link the words of two sentences."),
    (drift, "Find the words whose meaning moved over time."),
    (attributes, "Show a word as a sum of attributes, or on axes."),
    (reproduce, "Make a model again from its text, and compare."),
    (senses, "Find the senses of a word in a text."),
    (encode, "Write the vectors of each word of a text in its place."),
    (contexts, "Fit what gives a word in its sentence a vector."),
    (compress, "Write a smaller file, after showing what that costs."),
    (info, "Tell what a file of vectors holds."),
    (phrases, "List the phrases that a model learned."),
    (check, "Tell what is wrong with a file of vectors, and repair it."),
    (convert, "Write vectors in the format of another program."),
    (walkthrough, "Walk from one-hot vectors to the Embedding layer."),
    (doctor, "Tell versions, processors and extras."),
)
COMMANDS = tuple(command for command, _ in _SUMMARIES)

for _command, _summary in _SUMMARIES:
    _name = _command.__name__.rpartition(".")[2]
    program.command(_name, cls=PanelledCommand, short_help=_summary, epilog=_command.EXAMPLES)(
        getattr(_command, _name)
    )


def run() -> None:
    """Run the command line with this process's arguments."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal of another encoding shows escapes
            stream.reconfigure(errors="backslashreplace")
    program()
