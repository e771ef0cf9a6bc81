"""Opening symvec's own file of an ELMo; ``docs/reference/elmo-file.md`` describes it."""

from __future__ import annotations

import json

from symvec.contextual import Architecture, ContextualEncoder, Weights
from symvec.contextual.inventory import characters_from_metadata
from symvec.contextual.saving import FORMAT_NAME, FORMAT_VERSION
from symvec.errors import FormatError, InputError
from symvec.files import PathLike, TensorFile, open_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY


def open_encoder(path: PathLike) -> ContextualEncoder:
    """Open the file that ``ContextualEncoder.save`` wrote; every byte is verified.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is not an ELMo of symvec's, was made by a later version, cut off or changed.
    """
    file = open_tensors(path)
    name, _, version = file.metadata.get(FORMAT_KEY, "").rpartition(" ")
    if name != FORMAT_NAME:
        raise FormatError(f"{file.path} is a safetensors file, but not one of symvec's ELMos")
    if version != str(FORMAT_VERSION):
        raise FormatError(
            f"{file.path} has version {version} of the format, this symvec reads version "
            f"{FORMAT_VERSION}; install a newer symvec"
        )
    file.verify(file.tensors)
    return _from_own(file)


def _from_own(file: TensorFile) -> ContextualEncoder:
    try:
        description = json.loads(file.metadata[DESCRIPTION_KEY])
        architecture = Architecture.from_metadata(description["architecture"])
        weights = Weights.from_tensors(file.tensors, architecture)
        characters = characters_from_metadata(description["characters"])
        provenance = dict(description["provenance"])
        return ContextualEncoder(architecture, weights, characters, provenance=provenance)
    except (InputError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise FormatError(f"{file.path}: its parts do not fit together: {error}") from error
