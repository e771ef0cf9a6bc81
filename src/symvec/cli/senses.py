"""``symvec senses``: what a word means in a text, and in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.in_sentence import EncoderOption, sentence_reader
from symvec.cli.options import FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Cell, Table

if TYPE_CHECKING:
    from symvec.vectors import Vectors
    from symvec.vectors.contexts import Contexts
    from symvec.vectors.senses import SenseInventory

EXAMPLES = """Examples:

\b
  symvec senses city.safetensors sea --corpus corpus.txt
  symvec senses city.safetensors sea --corpus corpus.txt --in "ships sail the sea" --format json
"""


def senses(
    model: ModelArgument,
    word: Annotated[str, typer.Argument(metavar="WORD", help="The word.")],
    corpus: Annotated[str, typer.Option(metavar="FILE", help="A text that uses the word.")],
    sentence: Annotated[
        str | None,
        typer.Option("--in", metavar="TEXT", help="Tell which sense WORD has in this sentence."),
    ] = None,
    strength: Annotated[
        float, typer.Option(help="How clearly senses must differ, 0 to 1; less finds more.")
    ] = 0.8,
    examples: Annotated[int, typer.Option(help="How many lines to show of each sense.")] = 3,
    attributes: Annotated[
        bool, typer.Option("--attributes", help="Show the attributes of each sense, too.")
    ] = False,
    contexts: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What `symvec contexts` wrote, to read by.  [default: fitted on the same text]",
        ),
    ] = None,
    encoder: EncoderOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Group the occurrences of WORD in a text into senses; how many there are is found.

    Each occurrence gets a vector from the words around it, by a map that is fitted on the same
    text, or from an ELMo by a map of `symvec contexts`. Senses are shown with the words near
    them and with the most typical lines.
    """
    from symvec.formats import load
    from symvec.vectors.senses import find_senses, fit_context_map, read_sentences

    vectors = load(model, verify=verify)
    asked = vectors.resolve(word)
    if contexts is None and encoder is None:
        reader: Contexts = fit_context_map(vectors, read_sentences(vectors, corpus), min_count=5)
    else:
        reader = sentence_reader(vectors, model, contexts, encoder)
    lines = read_sentences(vectors, corpus, containing=asked)
    inventory = find_senses(reader, asked, lines, strength=strength)
    meant = None if sentence is None else _meant(vectors, inventory, sentence)
    write(_output(inventory, meant, examples, attributes), format)


def _meant(vectors: Vectors, inventory: SenseInventory, sentence: str) -> dict[str, object]:
    from symvec.vectors.contexts.places import position_of
    from symvec.vectors.texts.word_bag import tokens_of

    words = tokens_of(vectors, sentence)
    number, cosines = inventory.sense_of(words, position_of(words, inventory.word))
    return {"text": sentence, "sense": number + 1, "cosines": cosines.tolist()}


def _output(
    inventory: SenseInventory, meant: dict[str, object] | None, examples: int, attributes: bool
) -> Output:
    named = _attributes(inventory) if attributes else [None] * len(inventory.senses)
    records = []
    tables = []
    for number, sense in enumerate(inventory.senses):
        near = [word for word, _ in inventory.neighbours(number)]
        records.append(
            {
                "sense": number + 1,
                "share": sense.share,
                "occurrences": sense.occurrences,
                "neighbours": near,
                **({} if named[number] is None else {"attributes": named[number]}),
                "examples": list(sense.examples[:examples]),
            }
        )
        rows: list[list[Cell]] = [["near it", " ".join(near)]]
        rows += [["attribute", line] for line in named[number] or ()]
        rows += [["", line] for line in sense.examples[:examples]]
        title = f"{inventory.word} {number + 1}"
        tables.append(
            Table([title, f"{100 * sense.share:.0f} % of the occurrences"], rows, text_columns=2)
        )
    document: dict[str, object] = {"word": inventory.word, "senses": records}
    if meant is not None:
        document["sentence"] = meant
        tables.append(Table(["meant is", ""], [[f"{inventory.word} {meant['sense']}", ""]], 2))
    return Output(document, records, tables)


def _attributes(inventory: SenseInventory) -> list[list[str]]:
    """Return the attributes of each sense, as weight and names."""
    from symvec.vectors.attributes.atoms import default_cache, learn_atoms

    atoms = learn_atoms(inventory.context_map.vectors, cache=default_cache())
    return [
        [
            f"{part.weight:.2f} {' '.join(part.names)}"
            for part in atoms.attributes_of(sense.vector)[0]
        ]
        for sense in inventory.senses
    ]
