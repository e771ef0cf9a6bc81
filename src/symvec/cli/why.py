"""``symvec why``: what supports the neighbours of a word."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from symvec.cli.options import AmongOption, AnswersOption, FormatOption, ModelArgument
from symvec.cli.output import Output, Record, write
from symvec.cli.tables import Cell, Table
from symvec.errors import InputError

if TYPE_CHECKING:
    from symvec.vectors import Vectors
    from symvec.vectors.why import Support

EXAMPLES = """Examples:

\b
  symvec why city.safetensors tea --corpus corpus.txt
  symvec why city.safetensors tea -k 3 --also city.safetensors --format json
  symvec why city.safetensors tea -k 3 --corpus corpus.txt --bootstraps 2
"""

CorpusOption = Annotated[
    str | None, typer.Option(metavar="FILE", help="A text, for contexts in common.")
]
AlsoOption = Annotated[
    list[str] | None,
    typer.Option(metavar="MODEL", help="Show the ranks in this model, too. May be given again."),
]
BootstrapsOption = Annotated[
    int,
    typer.Option(
        metavar="N",
        help="Train so many models again, each on lines of --corpus drawn anew, and show the "
        "ranks in them.",
    ),
]


def why(
    model: ModelArgument,
    word: Annotated[str, typer.Argument(metavar="WORD", help="The word.")],
    k: AnswersOption = 10,
    corpus: CorpusOption = None,
    also: AlsoOption = None,
    bootstraps: BootstrapsOption = 0,
    restrict_vocabulary: AmongOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Show beside each neighbour of WORD what supports it.

    That is: n-grams in common, words of a text that stand beside both, with a line of each, and
    the neighbour's rank in models of other seeds, or of the text's lines drawn anew. 'symvec
    similar --why' shows the same.
    """
    from symvec.formats import load

    vectors = load(model)
    near = [name for name, _ in vectors.most_similar(word, k, restrict_to=restrict_vocabulary)]
    write(why_output(vectors, {word: near}, corpus, also or (), bootstraps), format)


def why_output(
    vectors: Vectors,
    answers: dict[str, list[str]],
    corpus: str | None,
    also: Sequence[str],
    bootstraps: int,
) -> Output:
    """Return what supports the neighbours of each word, to be written.

    Raises:
        InputError: resamples are wanted, but there is no text to draw from.
    """
    from symvec.formats import load
    from symvec.vectors.senses import read_sentences
    from symvec.vectors.why import explain_neighbours

    others = [load(path) for path in also] + _resampled(vectors, corpus, bootstraps)
    documents: list[Record] = []
    records: list[Record] = []
    tables = []
    for word, near in answers.items():
        sentences = None if corpus is None else read_sentences(vectors, corpus)
        found = explain_neighbours(vectors, word, near, sentences=sentences, others=others)
        neighbours = [_record(support, len(also)) for support in found]
        documents.append(
            {"word": word, "found_as": vectors.resolve(word), "neighbours": neighbours}
        )
        records += [{"word": word, **record} for record in neighbours]
        tables.append(_table(vectors.resolve(word), found, len(also), bootstraps))
    document = documents[0] if len(documents) == 1 else {"answers": documents}
    return Output(document, records, tables)


def _resampled(vectors: Vectors, corpus: str | None, count: int) -> list[Vectors]:
    if not count:
        return []
    if corpus is None:
        raise InputError("--bootstraps draws lines of a text anew: give it, --corpus FILE")
    from symvec.training.resampling import models_of_resamples

    return list(models_of_resamples(vectors, corpus, count))


def _record(support: Support, models: int) -> Record:
    return {
        "neighbour": support.neighbour,
        "similarity": support.similarity,
        "shared_rows": support.shared_rows,
        "shared_contexts": list(support.shared_contexts),
        "lines": list(support.lines),
        "ranks": list(support.ranks[:models]),
        "bootstrap_ranks": list(support.ranks[models:]),
    }


def _table(word: str, found: Sequence[Support], models: int, bootstraps: int) -> Table:
    rows: list[list[Cell]] = [
        [
            support.neighbour,
            " ".join(support.shared_contexts),
            " / ".join(support.lines),
            *([_spread(support.ranks[models:])] if bootstraps else []),
            support.similarity,
            support.shared_rows,
            *support.ranks[:models],
        ]
        for support in found
    ]
    columns = [word, "beside both", "lines", *(["rank in resamples"] if bootstraps else [])]
    columns += ["similarity", "shared rows", *(f"rank {n}" for n in range(1, models + 1))]
    return Table(columns, rows, text_columns=4 if bootstraps else 3)


def _spread(ranks: Sequence[int | None]) -> str:
    """Return the median rank, the least and the largest, and in how many models there is one."""
    there = [rank for rank in ranks if rank is not None]
    if not there:
        return f"in none of {len(ranks)}"
    middle = statistics.median(there)
    return f"{middle:g} ({min(there)}-{max(there)}), in {len(there)} of {len(ranks)}"
