"""``symvec similar``: the words that are used alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.notes import complain
from symvec.cli.options import AmongOption, AnswersOption, FormatOption, ModelArgument, VerifyOption
from symvec.cli.output import Output, write
from symvec.cli.tables import Table
from symvec.cli.words import asked_words
from symvec.errors import UnknownSymbolError

if TYPE_CHECKING:
    from symvec.vectors import Answer, Vectors

EXAMPLES = """Examples:

\b
  symvec similar city.safetensors tübingen
  symvec similar city.safetensors coffee tea -k 5 --format json
  echo coffee | symvec similar city.safetensors - --format tsv
"""

WordsArgument = Annotated[
    list[str], typer.Argument(metavar="WORD", help="Words; '-' reads them from standard input.")
]


def similar(
    model: ModelArgument,
    words: WordsArgument,
    k: AnswersOption = 10,
    restrict_vocabulary: AmongOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
    verify: VerifyOption = False,
) -> None:
    """Find the words nearest to each WORD, by the cosine of their vectors.

    Words that are not there are named on standard error; the others are answered all the same,
    and the exit code is 4.
    """
    from symvec.formats import load

    vectors = load(model, verify=verify)
    asked = asked_words(words)
    known = [word for word in asked if word in vectors]
    unknown = [_unknown(vectors, word) for word in dict.fromkeys(asked) if word not in vectors]
    answers = vectors.most_similar(known, k, restrict_to=restrict_vocabulary) if known else []
    if known or format == "json":
        write(similar_output(vectors, dict(zip(known, answers, strict=True)), unknown), format)
    for error in unknown:
        complain(str(error))
    if unknown:
        raise typer.Exit(UnknownSymbolError.exit_code)


def _unknown(vectors: Vectors, word: str) -> UnknownSymbolError:
    return UnknownSymbolError(word, vectors.vocabulary.suggestions(vectors.resolve(word)))


def similar_output(
    vectors: Vectors, answers: dict[str, Answer], unknown: list[UnknownSymbolError]
) -> Output:
    """Return neighbours, by the word that was asked for, to be written."""
    found = {word: vectors.resolve(word) for word in answers}
    document = {
        "answers": [
            {
                "word": word,
                "found_as": found[word],
                "neighbours": [
                    {"word": neighbour, "similarity": similarity}
                    for neighbour, similarity in answer
                ],
            }
            for word, answer in answers.items()
        ],
        "unknown": [
            {"word": error.symbol, "suggestions": list(error.suggestions)} for error in unknown
        ],
    }
    records = [
        {"word": word, "rank": rank, "neighbour": neighbour, "similarity": similarity}
        for word, answer in answers.items()
        for rank, (neighbour, similarity) in enumerate(answer, start=1)
    ]
    tables = [Table([found[word], "similarity"], answer) for word, answer in answers.items()]
    return Output(document, records, tables)
