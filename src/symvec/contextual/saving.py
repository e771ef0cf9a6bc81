"""Saving an ELMo to symvec's own file; ``docs/reference/elmo-file.md`` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from symvec.errors import InputError
from symvec.files import PathLike, write_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY

if TYPE_CHECKING:
    from symvec.contextual.encoder import ContextualEncoder

FORMAT_NAME = "symvec elmo"
FORMAT_VERSION = 1


def save_encoder(encoder: ContextualEncoder, path: PathLike) -> None:
    """Save an encoder; see ``ContextualEncoder.save``.

    Raises:
        OutputError: the file cannot be written; the one that was there is unchanged.
        InputError: the provenance is not what JSON can hold.
    """
    description = {
        "architecture": encoder.architecture.to_metadata(),
        "characters": encoder.characters.to_metadata(),
        "provenance": dict(encoder.provenance),
    }
    try:
        text = json.dumps(description, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the provenance cannot be stored as JSON: {error}") from error
    metadata = {FORMAT_KEY: f"{FORMAT_NAME} {FORMAT_VERSION}", DESCRIPTION_KEY: text}
    write_tensors(path, encoder.weights.to_tensors(), metadata)
