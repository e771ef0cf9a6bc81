"""``symvec attributes``: a word as a sum of attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.in_sentence import (
    ContextsOption,
    EncoderOption,
    SentencesOption,
    refuse_without_sentence,
    sentence_reader,
)
from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Cell, Table
from symvec.cli.words import asked_words
from symvec.errors import InputError

if TYPE_CHECKING:
    from symvec.vectors import Vectors
    from symvec.vectors.attributes import Atoms

EXAMPLES = """Examples:

\b
  symvec attributes city.safetensors king tea
  symvec attributes city.safetensors sea --in "ships sail the sea to spain"
  symvec attributes city.safetensors milk --axes king-tea sea,ships-tea,coffee
"""


def attributes(
    model: ModelArgument,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORD", help="Words; '-' reads them from standard input."),
    ],
    axes: Annotated[
        bool,
        typer.Option(
            "--axes",
            help="Place the words on axes instead, which stand among them: small,tiny-big,large.",
        ),
    ] = False,
    atoms: Annotated[int, typer.Option(help="How many attributes there are in all.")] = 200,
    most: Annotated[int, typer.Option(help="How many attributes a word may have.")] = 6,
    seed: Annotated[int, typer.Option(help="Of the beginnings.")] = 1,
    sentences: SentencesOption = None,
    contexts: ContextsOption = None,
    encoder: EncoderOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Show each WORD as a sum of attributes, with the share that is left unexplained.

    Attributes are directions learned from the vectors themselves (and kept in the cache folder),
    named by the words most like them. With --axes, what holds a hyphen and is no word is
    an axis between the seed words on its two sides, and the words are placed on it. With --in,
    what the sentence added to the attributes of the word alone, and what it removed.
    """
    from symvec.formats import load

    vectors = load(model, verify=verify)
    asked = asked_words(words)
    if not sentences:
        refuse_without_sentence(contexts, encoder)
    elif axes:
        raise InputError("--in shows attributes, not places on --axes; give one of them")
    if axes:
        write(_axes_output(vectors, asked, seed), format)
        return
    from symvec.vectors.attributes.atoms import default_cache, learn_atoms

    if not sentences:
        vectors.indices([word for word in asked if word not in vectors])
    learned = learn_atoms(vectors, atoms=atoms, most=most, seed=seed, cache=default_cache())
    if sentences:
        from symvec.cli.attributes_in import attributes_in_output

        reader = sentence_reader(vectors, model, contexts, encoder)
        write(attributes_in_output(learned, reader, asked, sentences), format)
        return
    write(_atoms_output(learned, asked), format)


def _atoms_output(atoms: Atoms, words: list[str]) -> Output:
    found = {word: atoms.attributes(word) for word in words}
    documents = [
        {
            "word": word,
            "unexplained": rest,
            "attributes": [
                {"atom": part.atom, "weight": part.weight, "names": list(part.names)}
                for part in parts
            ],
        }
        for word, (parts, rest) in found.items()
    ]
    records = [
        {
            "word": word,
            "atom": part.atom,
            "weight": part.weight,
            "names": " ".join(part.names),
        }
        for word, (parts, _) in found.items()
        for part in parts
    ]
    tables = []
    for word, (parts, rest) in found.items():
        rows: list[list[Cell]] = [[" ".join(part.names), part.weight] for part in parts]
        tables.append(Table([word, "weight"], [*rows, ["left unexplained (share)", rest]]))
    return Output({"words": documents}, records, tables)


def _axes_output(vectors: Vectors, asked: list[str], seed: int) -> Output:
    from symvec.vectors.attributes import parse_axis

    words = [text for text in asked if text in vectors]
    names = [text for text in asked if text not in vectors and ("-" in text or ":" in text)]
    vectors.indices([text for text in asked if text not in vectors and text not in names])
    if not words or not names:
        raise InputError("--axes needs a word to place and an axis such as small-big")
    records = []
    tables = []
    for name in names:
        places = parse_axis(vectors, name).places(words, seed=seed)
        rows: list[list[Cell]] = []
        for word, place in zip(words, places, strict=True):
            records.append(
                {
                    "axis": name,
                    "word": word,
                    "position": place.position,
                    "low": place.low,
                    "high": place.high,
                    "percentile": place.percentile,
                }
            )
            interval = None if place.low is None else f"{place.low:.3f} to {place.high:.3f}"
            rows.append([word, place.position, interval, f"{place.percentile:.0f}"])
        rows.sort(key=lambda row: row[1] if isinstance(row[1], float) else 0.0)
        tables.append(Table([name, "position", "95 %", "percentile"], rows))
    return Output({"axes": names, "places": records}, records, tables)
