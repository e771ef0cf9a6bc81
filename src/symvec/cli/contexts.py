"""``symvec contexts``: fits what gives a word in its sentence a vector."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symvec.cli.facts import facts_output
from symvec.cli.in_sentence import contexts_beside
from symvec.cli.notes import note
from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import write
from symvec.cli.reading_words import WordsRead, reading_words
from symvec.errors import InputError

if TYPE_CHECKING:
    from symvec.vectors import Vectors
    from symvec.vectors.contexts import ContextMap, EncoderMap

EXAMPLES = """Examples:

\b
  symvec contexts city.safetensors --corpus corpus.txt
  symvec contexts city.safetensors --corpus corpus.txt -o other.contexts.safetensors --window 5
"""


def contexts(
    model: ModelArgument,
    corpus: Annotated[
        str, typer.Option(metavar="FILE", help="A text like the one MODEL learned from.")
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file to write.  [default: beside MODEL, where --in finds it]",
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="ELMO", help="Read sentences with this ELMo, not by the words around a place."
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(metavar="N", help="Words on each side, without an ELMo.  [default: 10]"),
    ] = None,
    words: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Read N words at most.  [default: 1,000,000; with an ELMo 200,000]"
        ),
    ] = None,
    min_count: Annotated[
        int, typer.Option(metavar="N", help="Fit to words that the text has N times.")
    ] = 5,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Fit, on a text, the map from the words around a place to the vector of the word there.

    With it, --in answers for a word in its sentence: symvec similar, attributes and senses find
    it beside MODEL. It takes seconds; with an ELMo a minute or more.
    """
    from symvec.files import ensure_writable
    from symvec.formats import load
    from symvec.formats.contexts import save_contexts

    vectors = load(model, verify=verify)
    target = output or contexts_beside(model)
    ensure_writable(target)
    given: dict[str, Any] = {"window": window, "words": words, "min_count": min_count}
    settings = {name: value for name, value in given.items() if value is not None}
    started = time.perf_counter()
    fitted, read = _fitted(vectors, corpus, encoder, settings)
    provenance = {"corpus": Path(corpus).name, "words_read": read.words, "settings": settings}
    name = None if encoder is None else Path(encoder).name
    save_contexts(fitted, target, encoder_name=name, provenance=provenance)
    document = {
        "file": target,
        "reads": "the words around a place" if encoder is None else str(encoder),
        "words_read": read.words,
        "seconds": round(time.perf_counter() - started, 3),
    }
    write(facts_output(document), format)
    note(f"next        symvec similar {model} WORD --in 'a sentence that holds WORD'")


def _fitted(
    vectors: Vectors, corpus: str, encoder: str | None, settings: dict[str, Any]
) -> tuple[ContextMap | EncoderMap, WordsRead]:
    from symvec.formats.anything import load
    from symvec.vectors.contexts import fit_context_map, fit_encoder_map
    from symvec.vectors.senses import read_sentences

    if encoder is None:
        with reading_words(settings.get("words")) as read:
            text = read.counting(read_sentences(vectors, corpus))
            return fit_context_map(vectors, text, **settings), read
    if "window" in settings:
        raise InputError("--window belongs to maps without an ELMo, which reads whole sentences")
    opened = load(encoder)
    if not hasattr(opened, "encode_each"):
        raise InputError(f"{encoder} holds vectors of words; --encoder wants an ELMo")
    with reading_words(settings.get("words")) as read:
        text = read.counting(read_sentences(vectors, corpus))
        return fit_encoder_map(vectors, opened, text, **settings), read
