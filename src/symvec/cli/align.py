"""``symvec align``: two models in one space, by a dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symvec.cli.comparison_tables import range_text
from symvec.cli.options import AnswersOption, FormatOption
from symvec.cli.output import Output, Record, write
from symvec.cli.tables import Table

if TYPE_CHECKING:
    from symvec.evaluation import ItemScores
    from symvec.evaluation.bootstrap import Interval
    from symvec.vectors.alignment import AlignedSpaces

EXAMPLES = """Examples:

\b
  symvec align city.safetensors city.safetensors --dictionary dictionary.txt --word tea
  symvec align city.safetensors city.safetensors --dictionary dictionary.txt -o aligned
"""


def align(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A file of vectors ...")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="... and another one.")],
    dictionary: Annotated[
        str, typer.Option(metavar="FILE", help="Lines of a word of SOURCE and one of TARGET.")
    ],
    word: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="Translate this word. May be given again."),
    ] = None,
    k: AnswersOption = 5,
    held_out: Annotated[
        float, typer.Option(help="The part of the dictionary to test with, 0 for none.")
    ] = 0.2,
    refinements: Annotated[int, typer.Option(help="How often to look for new pairs.")] = 5,
    method: Annotated[
        Literal["procrustes", "least-squares"], typer.Option(help="How the map is fitted.")
    ] = "procrustes",
    restrict_vocabulary: Annotated[
        int, typer.Option(metavar="N", help="Look at the N most frequent words of each.")
    ] = 20_000,
    seed: Annotated[int, typer.Option(help="Of the draw of the test part.")] = 1,
    output: Annotated[
        str | None,
        typer.Option("-o", metavar="FOLDER", help="Write both models in the common space here."),
    ] = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Lay SOURCE on TARGET by a dictionary, and measure what is found of a held-out part.

    The map turns without stretching (orthogonal Procrustes) and is refined by words that are
    each other's best translation. Translations are chosen by CSLS.
    """
    from symvec.evaluation.lexicons import evaluate_lexicon, read_lexicon
    from symvec.formats import load
    from symvec.vectors.alignment import align_spaces, least_squares_map, orthogonal_map

    models = load(source), load(target)
    learned, tested = read_lexicon(dictionary).split(held_out, seed=seed)
    aligned = align_spaces(
        *models,
        learned.pairs(*models),
        refinements=refinements,
        fit=orthogonal_map if method == "procrustes" else least_squares_map,
        words=restrict_vocabulary,
    )
    scores = evaluate_lexicon(aligned, tested) if tested.entries else []
    if output is not None:
        _save(aligned, output)
    write(_output(aligned, scores, word or [], k), format)


def _save(aligned: AlignedSpaces, folder: str) -> None:
    from symvec.errors import OutputError

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror or error}") from error
    for vectors, name in zip(aligned.mapped(), ("source", "target"), strict=True):
        vectors.save(Path(folder, f"{name}.safetensors"))


def _output(aligned: AlignedSpaces, scores: list[ItemScores], words: list[str], k: int) -> Output:
    from symvec.evaluation import score_interval

    measured = [(score, score_interval([score])) for score in scores]
    translated = {word: aligned.translations(word, k) for word in words}
    records: list[Record] = [_score_record(score, interval) for score, interval in measured]
    answers = [
        {
            "word": word,
            "translations": [{"word": other, "score": value} for other, value in answer],
        }
        for word, answer in translated.items()
    ]
    document = {"pairs": len(aligned.pairs), "precision": records, "translations": answers}
    flat = records or [
        {"word": word, "translation": other, "score": value}
        for word, answer in translated.items()
        for other, value in answer
    ]
    tables = [Table([word, "CSLS"], answer) for word, answer in translated.items()]
    if records:
        rows = [
            [
                score.measure,
                interval.value,
                range_text(interval),
                f"{score.found:,} of {len(score.items):,}",
            ]
            for score, interval in measured
        ]
        tables.insert(0, Table(["held-out words", "share", "95 %", "asked"], rows))
    tables.insert(0, Table(["", ""], [["pairs that the map was fitted to", len(aligned.pairs)]]))
    return Output(document, flat, tables)


def _score_record(score: ItemScores, interval: Interval) -> Record:
    return {
        "measure": score.measure,
        "value": interval.value,
        "low": interval.low,
        "high": interval.high,
        "found": score.found,
        "total": len(score.items),
    }
