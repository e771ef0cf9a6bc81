"""``symvec train``: text to a file of vectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symvec.cli.facts import facts_output
from symvec.cli.notes import note
from symvec.cli.options import FormatOption
from symvec.cli.output import write
from symvec.cli.setting_options import with_setting_options
from symvec.cli.trained import next_commands, summary, train_to_file
from symvec.text.tokeniser_names import AnyTokeniserName

if TYPE_CHECKING:
    from symvec.vectors import Vectors

EXAMPLES = """Examples:

\b
  symvec train corpus.txt -o city.safetensors
  symvec train corpus.txt -o city.safetensors --algorithm cbow --vector-size 200
  cat corpus.txt | symvec train - -o city.safetensors --min-count 2 --epochs 10
  symvec train corpus.txt -o city.safetensors --checkpoint-every 60
  symvec train corpus.txt -o elmo.safetensors --algorithm elmo --epochs 1 --minutes 10
  symvec train corpus.txt -o grown.safetensors --continue-from city.safetensors
"""

RUNNING = "Running"
STARTING = "Starting from a model"

TextsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="TEXT",
        help="Files (plain, gz, bz2, xz, zst), folders, 'patterns*', '-' for standard input.",
    ),
]
OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="MODEL", help="The file to write.")
]
ThreadsOption = Annotated[
    int | None,
    typer.Option(metavar="N", help="Any number gives the same vectors.  [default: all cores]"),
]
TokeniserOption = Annotated[
    AnyTokeniserName,
    typer.Option(
        help="The words of any script, what white space separates, or the words that a library "
        "finds: kiwi (Korean), fugashi (Japanese), jieba (Chinese)."
    ),
]
LowercaseOption = Annotated[
    bool | None,
    typer.Option(
        "--lowercase/--no-lowercase",
        help="Whether case is dropped.  [default: lowercase, elmo: no-lowercase]",
    ),
]
ItemsOption = Annotated[
    bool,
    typer.Option(
        "--items",
        help="A line is a session or basket of ids, which are not changed. Other defaults: "
        "windows over the line (100 ids each side), no --sample, --ns-exponent -0.5, 20 epochs.",
    ),
]
SeparatorOption = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="What stands between items.  [default: white space]"),
]
CheckpointOption = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        help="Time between two checkpoints, kept beside MODEL; 0: only when interrupted.",
        rich_help_panel=RUNNING,
    ),
]
ResumeOption = Annotated[
    bool,
    typer.Option(
        "--resume", help="Go on from the latest checkpoint of MODEL.", rich_help_panel=RUNNING
    ),
]
InitOption = Annotated[
    str | None,
    typer.Option(
        "--init-from",
        metavar="FILE",
        help="Begin with the vectors of FILE, of any format, where it has the word.",
        rich_help_panel=STARTING,
    ),
]
ContinueOption = Annotated[
    str | None,
    typer.Option(
        "--continue-from",
        metavar="FILE",
        help="Go on from FILE, of 'symvec train' or a .bin of fastText, with new text: its words "
        "stay, new ones are added, its settings hold where you give no others.",
        rich_help_panel=STARTING,
    ),
]
FreezeOption = Annotated[
    bool,
    typer.Option(
        "--freeze",
        help="Leave what comes from FILE as it is; learn the rest.",
        rich_help_panel=STARTING,
    ),
]
WorkOption = Annotated[
    str | None,
    typer.Option(
        "--work-dir",
        metavar="FOLDER",
        help="Where working files go, 4 bytes a word.  [default: the system's]",
    ),
]


@with_setting_options
def train(
    texts: TextsArgument,
    output: OutputOption,
    threads: ThreadsOption = None,
    tokeniser: TokeniserOption = "words",
    lowercase: LowercaseOption = None,
    items: ItemsOption = False,
    separator: SeparatorOption = None,
    work_dir: WorkOption = None,
    checkpoint_every: CheckpointOption = 300,
    resume: ResumeOption = False,
    init_from: InitOption = None,
    continue_from: ContinueOption = None,
    freeze: FreezeOption = False,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    **settings: Any,  # noqa: ANN401 - whatever the algorithms' parts hold
) -> None:
    """Learn a vector for each word of TEXT and save them all to MODEL. A line is a sentence.

    With --algorithm elmo MODEL gives each word of a sentence its own vectors (needs PyTorch).

    On a terminal you see how far it is and, at the end, what was learned; --format json, jsonl
    or tsv writes that to standard output. Ctrl-C ends it with a checkpoint, --resume goes on.
    """
    models = {"init_from": init_from, "continue_from": continue_from}
    trained = train_to_file(
        texts,
        output,
        tokeniser=tokeniser,
        lowercase=lowercase,
        items=items,
        separator=separator,
        threads=threads,
        directory=work_dir,
        checkpoint=output,
        checkpoint_every=checkpoint_every,
        resume=resume,
        freeze=freeze,
        **_opened(models),
        **settings,
    )
    if format != "table":
        write(facts_output(trained.document()), format)
    note(summary(trained))
    note(next_commands(trained))


def _opened(paths: Mapping[str, str | None]) -> dict[str, Vectors]:
    """Return the vectors of the files that are given, by the name of the option."""
    if not any(paths.values()):
        return {}
    from symvec.formats import load

    return {name: load(path) for name, path in paths.items() if path is not None}
