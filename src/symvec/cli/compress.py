"""``symvec compress``: a smaller file, after showing what that costs."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symvec.cli.evaluation_sets import PairsOption
from symvec.cli.options import FormatOption, ModelArgument
from symvec.cli.output import Output, write
from symvec.cli.tables import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symvec.arrays import AnyArray
    from symvec.vectors import Vectors

EXAMPLES = """Examples:

\b
  symvec compress city.safetensors --codec int8
  symvec compress city.safetensors small.safetensors --codec float16 --dimensions 8
  symvec compress ngrams.safetensors smaller.safetensors --codec none --buckets 500
"""


def compress(
    model: ModelArgument,
    output: Annotated[
        str | None,
        typer.Argument(metavar="OUT", help="The file to write; without it the loss is shown only."),
    ] = None,
    codec: Annotated[
        Literal["none", "float16", "int8", "pq"],
        typer.Option(help="Two bytes a number, one byte, or one byte for four numbers."),
    ] = "int8",
    dimensions: Annotated[
        int | None, typer.Option(metavar="N", help="Keep N dimensions first.")
    ] = None,
    buckets: Annotated[
        int | None,
        typer.Option(metavar="N", help="Let n-grams share N rows first; N divides theirs."),
    ] = None,
    pairs: PairsOption = None,
    format: FormatOption = "table",  # noqa: A002 - as the option is called
) -> None:
    """Show what a smaller file of MODEL costs, and then write it to OUT.

    The loss is that of the vectors as they will be read: which part of the nearest words stays
    the same, how far cosines move, and with --pairs the scores before and after. With --buckets,
    words of the vocabulary keep their vectors, and the cosine that words never seen keep is told.
    """
    from symvec.files import ensure_writable
    from symvec.formats import load
    from symvec.vectors.compression import (
        compression_loss,
        decode,
        encode,
        fewer_buckets,
        fewer_dimensions,
        unseen_word_cosines,
    )

    before = load(model)
    if output is not None:
        ensure_writable(output)
    fewer = before if buckets is None else fewer_buckets(before, buckets)
    reduced = fewer if dimensions is None else fewer_dimensions(fewer, dimensions)
    codes: Mapping[str, AnyArray] = {} if codec == "none" else encode(reduced.table, codec)
    after = reduced if codec == "none" else _decoded(reduced, decode(codes, codec), codec)
    coded = sum(array.nbytes for array in codes.values()) or after.table.nbytes
    loss = asdict(compression_loss(before, after))
    if buckets is not None:
        loss["unseen_words_cosine"] = float(unseen_word_cosines(before, fewer).mean())
    sizes = {"table_bytes_before": before.table.nbytes, "table_bytes_after": coded}
    write(_output({**sizes, **loss}, _scores(before, after, pairs or [])), format)
    if output is not None:
        _save(after, codes, codec, output)


def _decoded(vectors: Vectors, table: AnyArray, codec: str) -> Vectors:
    return replace(
        vectors,
        table=table,
        stored_norms=None,
        stored_word_matrix=None,
        outputs=None,
        provenance={**vectors.provenance, "source_format": f"symvec compressed vectors, {codec}"},
    )


def _save(
    vectors: Vectors, codes: Mapping[str, AnyArray], codec: str, output: str | os.PathLike[str]
) -> None:
    from symvec.formats.compressed import save_compressed

    if codec == "none":
        vectors.save(output)
    else:
        save_compressed(vectors, codes, codec, output)


def _scores(before: Vectors, after: Vectors, files: list[str]) -> list[dict[str, object]]:
    from symvec.evaluation import evaluate_pairs

    return [
        {
            "name": evaluate_pairs(before, path).name,
            "before": evaluate_pairs(before, path).spearman,
            "after": evaluate_pairs(after, path).spearman,
        }
        for path in files
    ]


def _output(facts: dict[str, float], scores: list[dict[str, object]]) -> Output:
    records = [{"name": name, "value": value} for name, value in facts.items()]
    rows: list[list[Cell]] = [[name.replace("_", " "), value] for name, value in facts.items()]
    tables = [Table(["", ""], rows)]
    if scores:
        columns = ["word pairs (Spearman)", "before", "after"]
        pairs: list[list[Cell]] = [
            [str(s["name"]), *(_number(s[side]) for side in columns[1:])] for s in scores
        ]
        tables.append(Table(columns, pairs))
    return Output({**facts, "pairs": scores}, records, tables)


def _number(value: object) -> float | None:
    return value if isinstance(value, float) else None
