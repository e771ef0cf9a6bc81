"""``symvec encode``: the vectors of each word of a text in its place, in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from symvec.cli.facts import facts_output
from symvec.cli.notes import warn
from symvec.cli.options import FormatOption
from symvec.cli.output import write
from symvec.cli.reading_words import reading_words
from symvec.errors import InputError
from symvec.text.tokeniser_names import AnyTokeniserName

if TYPE_CHECKING:
    from symvec.contextual import ContextualEncoder
    from symvec.text.tokenising import TextTokeniser

EXAMPLES = """Examples:

\b
  symvec encode elmo.safetensors corpus.txt -o encoded
  symvec encode elmo.safetensors corpus.txt -o all-layers --layers all --dtype float32
"""

# An ELMo holds a sentence as a whole; a line of a million words is a text without its line ends.
_LONGEST: Final = 100_000


def encode(
    elmo: Annotated[
        str, typer.Argument(metavar="ELMO", help="An ELMo: symvec's file, or a published folder.")
    ],
    texts: Annotated[
        list[str],
        typer.Argument(metavar="TEXT", help="Files, folders, 'patterns*', '-'; as for train."),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="The folder to write, new.")
    ],
    layers: Annotated[
        str,
        typer.Option(
            metavar="LAYERS",
            help="'mixed' for one vector a word, the mean of all layers; 'all'; or numbers such "
            "as 0,2, where 0 is the word by itself.",
        ),
    ] = "mixed",
    dtype: Annotated[
        Literal["float16", "float32"], typer.Option(help="Two or four bytes a number.")
    ] = "float16",
    state: Annotated[
        Literal["reset", "carry"],
        typer.Option(
            help="Begin each sentence from nothing, or go on as the published programs did."
        ),
    ] = "reset",
    batch_size: Annotated[
        int | None, typer.Option(metavar="N", help="Sentences of a batch, for --state carry.")
    ] = None,
    precision: Annotated[
        Literal["float32", "bfloat16"],
        typer.Option(
            help="Multiply in float32, or in bfloat16: three digits, twice as fast where the "
            "processor has it."
        ),
    ] = "float32",
    tokeniser: Annotated[
        AnyTokeniserName | None,
        typer.Option(help="How lines are cut.  [default: as the ELMo's text was, or words]"),
    ] = None,
    lowercase: Annotated[
        bool, typer.Option("--lowercase/--no-lowercase", help="For --tokeniser.")
    ] = False,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Write the vectors of each word of TEXT in its sentence to FOLDER, a row a word.

    A line is a sentence. Memory does not grow with the text. What is written is mapped into
    memory by symvec.formats.encoded.open_encoded, or by numpy.load: rows.npy has a row for each
    word, offsets.npy the row at which each sentence begins.
    """
    from symvec.contextual import ContextualEncoder, export
    from symvec.formats.anything import load

    encoder = load(elmo)
    if not isinstance(encoder, ContextualEncoder):
        raise InputError(f"{elmo} holds vectors of words; encode wants an ELMo")
    cutter = _tokeniser(encoder, tokeniser, lowercase)
    if precision == "bfloat16":
        _warn_if_slow()
    with reading_words() as read:
        exported = export(
            encoder.with_precision(precision),
            _sentences(texts, cutter),
            output,
            layers=_layers(layers),
            dtype=dtype,
            state=state,
            batch_size=batch_size,
            on_sentence=read.add,
        )
    document = {"folder": output, "dtype": dtype, **asdict(exported)}
    write(facts_output(document), format)


def _warn_if_slow() -> None:
    from symvec.kernels.bfloat16_products import multiplies_bfloat16

    if not multiplies_bfloat16():
        warn(
            "this processor does not multiply bfloat16 itself (AVX512_BF16): it is no faster than "
            "float32, and less exact; take --precision float32"
        )


def _layers(text: str) -> Literal["mixed", "all"] | list[int]:
    named: dict[str, Literal["mixed", "all"]] = {"mixed": "mixed", "all": "all"}
    if text in named:
        return named[text]
    try:
        return [int(number) for number in text.split(",")]
    except ValueError as error:
        raise InputError(
            f"--layers must be 'mixed', 'all' or numbers such as 0,2, got {text!r}"
        ) from error


def _tokeniser(encoder: ContextualEncoder, name: str | None, lowercase: bool) -> TextTokeniser:
    from symvec.text.tokeniser_choice import tokeniser_from_metadata, tokeniser_named

    stated = encoder.provenance.get("tokeniser")
    if name is None and isinstance(stated, dict):
        return tokeniser_from_metadata(stated)
    return tokeniser_named(name or "words", lowercase=lowercase)


def _sentences(texts: list[str], cutter: TextTokeniser) -> Iterator[list[str]]:
    from symvec.text.lines import read_lines
    from symvec.text.sources import expand_sources

    for source in expand_sources(texts):
        for number, line in enumerate(read_lines(source), start=1):
            words = cutter.tokens(line)
            if len(words) > _LONGEST:
                raise InputError(
                    f"line {number} of {source} has {len(words):,} words, and a line is a "
                    f"sentence, of {_LONGEST:,} words at most; put line ends into the text"
                )
            if words:
                yield words
