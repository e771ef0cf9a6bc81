"""``symvec train``: text to a file of vectors."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from symvec.cli.facts import facts_output
from symvec.cli.notes import note
from symvec.cli.options import FormatOption
from symvec.cli.output import write
from symvec.cli.trained import next_commands, summary, train_to_file

EXAMPLES = """Examples:

\b
  symvec train corpus.txt -o city.safetensors
  symvec train corpus.txt -o city.safetensors --algorithm cbow --vector-size 200
  cat corpus.txt | symvec train - -o city.safetensors --min-count 2 --epochs 10
"""

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
AlgorithmOption = Annotated[
    Literal["skipgram", "cbow"],
    typer.Option(help="Tell contexts by the word, or the word by its contexts."),
]
VectorSizeOption = Annotated[int, typer.Option(metavar="D", help="Numbers in a vector.")]
WindowOption = Annotated[int, typer.Option(metavar="N", help="Most words on each side.")]
NegativeOption = Annotated[int, typer.Option(metavar="N", help="Noise words a pair.")]
EpochsOption = Annotated[int, typer.Option(metavar="N", help="Passes over the text.")]
MinCountOption = Annotated[int, typer.Option(metavar="N", help="Drop words that are rarer.")]
MaxVocabularyOption = Annotated[
    int | None,
    typer.Option(metavar="N", help="Keep the N most frequent words.  [default: all]"),
]
SampleOption = Annotated[
    float,
    typer.Option(metavar="SHARE", help="Thin out words above this share of the text; 0: none."),
]
ExponentOption = Annotated[
    float, typer.Option(metavar="P", help="Noise words are drawn by their count to the power P.")
]
AlphaOption = Annotated[
    float | None,
    typer.Option(metavar="RATE", help="Learning rate at the start.  [default: the algorithm's]"),
]
MinAlphaOption = Annotated[
    float, typer.Option(metavar="RATE", help="Learning rate at the end; it falls linearly.")
]
UpdateOption = Annotated[
    Literal["word2vec", "exact"],
    typer.Option(help="CBOW: word2vec's own update, or the exact gradient (arXiv:2012.15332)."),
]
ThreadsOption = Annotated[
    int | None,
    typer.Option(metavar="N", help="Any number gives the same vectors.  [default: all cores]"),
]
SeedOption = Annotated[int, typer.Option(metavar="N", help="The same seed, the same bytes.")]
TokeniserOption = Annotated[
    Literal["words", "whitespace"],
    typer.Option(help="The words of any script, or what white space separates."),
]
LowercaseOption = Annotated[
    bool, typer.Option("--lowercase/--no-lowercase", help="Whether case is dropped.")
]
WorkOption = Annotated[
    str | None,
    typer.Option(
        "--work-dir",
        metavar="FOLDER",
        help="Where working files go, 4 bytes a word.  [default: the system's]",
    ),
]


def train(
    texts: TextsArgument,
    output: OutputOption,
    algorithm: AlgorithmOption = "skipgram",
    vector_size: VectorSizeOption = 100,
    window: WindowOption = 5,
    negative: NegativeOption = 5,
    epochs: EpochsOption = 5,
    min_count: MinCountOption = 5,
    max_vocabulary: MaxVocabularyOption = None,
    sample: SampleOption = 1e-3,
    ns_exponent: ExponentOption = 0.75,
    alpha: AlphaOption = None,
    min_alpha: MinAlphaOption = 1e-4,
    cbow_update: UpdateOption = "word2vec",
    threads: ThreadsOption = None,
    seed: SeedOption = 1,
    tokeniser: TokeniserOption = "words",
    lowercase: LowercaseOption = True,
    work_dir: WorkOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Learn a vector for each word of TEXT and save them all to MODEL. A line is a sentence.

    On a terminal you see how far it is and, at the end, what was learned; --format json, jsonl
    or tsv writes that to standard output. Ctrl-C ends it and saves nothing.
    """
    trained = train_to_file(
        texts,
        output,
        tokeniser=tokeniser,
        lowercase=lowercase,
        threads=threads,
        directory=work_dir,
        algorithm=algorithm,
        vector_size=vector_size,
        window=window,
        negative=negative,
        epochs=epochs,
        min_count=min_count,
        max_vocabulary=max_vocabulary,
        sample=sample,
        ns_exponent=ns_exponent,
        alpha=alpha,
        min_alpha=min_alpha,
        cbow_update=cbow_update,
        seed=seed,
    )
    if format != "table":
        write(facts_output(trained.document()), format)
    note(summary(trained))
    note(next_commands(trained))
