"""The arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import typer

Format: TypeAlias = Literal["table", "json", "jsonl", "tsv"]

ModelArgument = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="A file of vectors: symvec's own or another program's."),
]
VocabularyOption = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The words of a table that has none: one a line, or JSON."),
]
FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How the answer is written on standard output.")
]
AnswersOption = Annotated[int, typer.Option("-k", metavar="K", help="How many answers.")]
AmongOption = Annotated[
    int | None,
    typer.Option(
        "--restrict-vocabulary",
        metavar="N",
        help="Choose among the N most frequent words.",
    ),
]
AmongWordsOption = Annotated[
    str | None,
    typer.Option(
        "--restrict-to",
        metavar="FILE",
        help="Choose among the words of FILE, one a line; '-' is standard input.",
    ),
]
VerifyOption = Annotated[
    bool,
    typer.Option(
        "--verify", help="Compare every byte with its checksum, also in files above 256 MiB."
    ),
]
