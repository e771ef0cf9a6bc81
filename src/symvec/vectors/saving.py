"""Saving vectors to symvec's own file; ``docs/reference/native-file.md`` describes each byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from symvec.arrays import AnyArray
from symvec.errors import InputError
from symvec.files import PathLike, write_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY
from symvec.vocabulary import WordOrNgramRows, WordRows

if TYPE_CHECKING:
    from symvec.vectors.vectors import Vectors

FORMAT_NAME = "symvec vectors"
FORMAT_VERSION = 1
# Small besides the table, and verified each time the file is opened.
SMALL_TENSORS = ("counts", "norms", "order", "vocabulary", "vocabulary_offsets")
TABLE = "table"
WORD_VECTORS = "word_vectors"
OUTPUTS = "word_outputs"


def save_vectors(vectors: Vectors, path: PathLike) -> None:
    """Save vectors; see ``Vectors.save``.

    Raises:
        OutputError: the file cannot be written; the one that was there is unchanged.
        InputError: the provenance is not what JSON can hold.
    """
    tensors, description = native_parts(vectors)
    metadata = {FORMAT_KEY: f"{FORMAT_NAME} {FORMAT_VERSION}", DESCRIPTION_KEY: description}
    write_tensors(path, tensors, metadata)


def native_parts(vectors: Vectors) -> tuple[dict[str, AnyArray], str]:
    """Return the tensors of a file by name, and its description as JSON.

    Raises:
        InputError: the provenance is not what JSON can hold.
    """
    vocabulary = vectors.vocabulary
    tensors: dict[str, AnyArray] = {
        TABLE: vectors.table,
        "norms": vectors.norms,
        "vocabulary": vocabulary.blob,
        "vocabulary_offsets": vocabulary.offsets,
        "order": vocabulary.order,
        "counts": vocabulary.counts,
    }
    if not isinstance(vectors.rows, WordRows | WordOrNgramRows):
        tensors[WORD_VECTORS] = vectors.word_matrix
    if vectors.outputs is not None:
        tensors[OUTPUTS] = vectors.outputs
    tensors |= vectors.rows.to_tensors()
    return tensors, _json(_description(vectors))


def _description(vectors: Vectors) -> Mapping[str, object]:
    tokeniser = vectors.tokeniser
    return {
        "rows": {"kind": vectors.rows.kind, "settings": dict(vectors.rows.to_metadata())},
        "tokeniser": None if tokeniser is None else dict(tokeniser.to_metadata()),
        "provenance": dict(vectors.provenance),
    }


def _json(value: Mapping[str, object]) -> str:
    try:
        return json.dumps(value, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the provenance cannot be stored as JSON: {error}") from error
