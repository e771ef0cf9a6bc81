"""``symvec convert``: the vectors of a file in another format."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from symvec.cli.notes import note
from symvec.cli.options import ModelArgument, VocabularyOption

EXAMPLES = """Examples:

\b
  symvec convert glove.6B.300d.txt glove.safetensors
  symvec convert wiki.ko.bin wiki.fifu
  symvec convert city.safetensors city.bin --to word2vec-binary
"""

OutArgument = Annotated[str, typer.Argument(metavar="OUT", help="The file to write.")]
ToOption = Annotated[
    Literal[
        "native",
        "word2vec",
        "word2vec-binary",
        "glove",
        "fasttext",
        "fasttext-text",
        "floret",
        "finalfusion",
        "npy",
        "safetensors",
        "parquet",
    ]
    | None,
    typer.Option("--to", help="Its format.  [default: as its name ends]"),
]
WordsOnlyOption = Annotated[
    bool,
    typer.Option("--words-only", help="Write words alone, where they are made of n-grams."),
]


def convert(
    model: ModelArgument,
    out: OutArgument,
    to: ToOption = None,
    words_only: WordsOnlyOption = False,
    vocabulary: VocabularyOption = None,
) -> None:
    """Write the vectors of MODEL, of any format, to OUT.

    What a format cannot hold (a word with a space, n-grams) is refused before anything is
    written. OUT is there as a whole or not at all.
    """
    from symvec.formats import convert as convert_file

    vectors = convert_file(model, out, to=to, words_only=words_only, vocabulary=vocabulary)
    note(f"{out}: {len(vectors):,} words of {vectors.vector_size:,} dimensions")
