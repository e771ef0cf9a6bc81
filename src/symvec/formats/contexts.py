"""The file of a map from a word's context to its vector; ``docs/reference/contexts-file.md``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from symvec.arrays import AnyArray
from symvec.contextual import ContextualEncoder
from symvec.errors import FileError, FormatError, InputError
from symvec.files import PathLike, TensorFile, open_tensors, write_tensors
from symvec.files.tensors import DESCRIPTION_KEY, FORMAT_KEY
from symvec.formats.anything import load
from symvec.formats.safetensors import CONTEXTS
from symvec.vectors import Vectors
from symvec.vectors.contexts import ContextMap, Contexts, EncoderMap
from symvec.vectors.contexts.context_map import neighbour_weights

FORMAT_VERSION: Final = 1
_A_LA_CARTE: Final = "neighbours"
_ENCODER: Final = "encoder"
_SAMPLED_ROWS: Final = 1000


def save_contexts(
    contexts: ContextMap | EncoderMap,
    path: PathLike,
    *,
    encoder_name: str | None = None,
    provenance: Mapping[str, object] | None = None,
) -> None:
    """Save a map to one ``.safetensors`` file, which is there as a whole or not at all.

    The model and the encoder are not in it; their fingerprints are.

    Args:
        contexts: from ``fit_context_map`` or ``fit_encoder_map``.
        path: the file.
        encoder_name: the name of the encoder's file, which is looked for beside the map's.
        provenance: where the map comes from, as JSON can hold it.

    Raises:
        OutputError: it cannot be written; the file that was there is unchanged.
        InputError: the provenance is not what JSON can hold, or the encoder is no ELMo.
    """
    description: dict[str, object] = {
        "vectors": vectors_fingerprint(contexts.vectors),
        "provenance": dict(provenance or {}),
    }
    tensors: dict[str, AnyArray] = {"matrix": contexts.matrix}
    if isinstance(contexts, ContextMap):
        description |= {"kind": _A_LA_CARTE, "window": contexts.window}
    else:
        if not isinstance(contexts.encoder, ContextualEncoder):
            raise InputError("only a map that reads with an ELMo can be saved")
        encoder = {"name": encoder_name, "fingerprint": encoder_fingerprint(contexts.encoder)}
        description |= {"kind": _ENCODER, "encoder": encoder}
        tensors |= {name: getattr(contexts, name) for name in _ENCODER_TENSORS}
    try:
        text = json.dumps(description, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the provenance cannot be stored as JSON: {error}") from error
    write_tensors(
        path, tensors, {FORMAT_KEY: f"{CONTEXTS} {FORMAT_VERSION}", DESCRIPTION_KEY: text}
    )


def open_contexts(
    path: PathLike, vectors: Vectors, *, encoder: PathLike | ContextualEncoder | None = None
) -> Contexts:
    """Open what ``save_contexts`` wrote; every byte is verified.

    Args:
        path: the file.
        vectors: the model that it was fitted for.
        encoder: the ELMo that it was fitted with, or its file; when left out, the file that the
            map names, beside the map. A map without one needs none.

    Raises:
        FileError: the file or that of the encoder is not there or cannot be read.
        FormatError: it is no map, was made by a later version, was cut off or changed.
        InputError: it was fitted for another model or with another encoder.
    """
    file = open_tensors(path)
    name, _, version = file.metadata.get(FORMAT_KEY, "").rpartition(" ")
    if name != CONTEXTS:
        raise FormatError(
            f"{file.path} is a safetensors file, but not a map that `symvec contexts` wrote"
        )
    if version != str(FORMAT_VERSION):
        raise FormatError(
            f"{file.path} has version {version} of the format, this symvec reads version "
            f"{FORMAT_VERSION}; install a newer symvec"
        )
    file.verify(file.tensors)
    try:
        description = json.loads(file.metadata[DESCRIPTION_KEY])
        if description["vectors"] != vectors_fingerprint(vectors):
            raise InputError(
                f"{file.path} was fitted for another model; fit one for this model with: "
                "symvec contexts MODEL --corpus TEXT"
            )
        if description["kind"] == _A_LA_CARTE:
            return _neighbours(file, vectors, description)
        if description["kind"] == _ENCODER:
            opened = _encoder(file, description["encoder"], encoder)
            return _read_by(file, vectors, opened)
        raise ValueError(f"there is no kind of map {description['kind']!r}")
    except (KeyError, TypeError, RecursionError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise FormatError(f"{file.path}: its parts do not fit together: {error}") from error


def vectors_fingerprint(vectors: Vectors) -> str:
    """Return what tells a model from others: of its words, their lengths and its first vectors."""
    digest = hashlib.sha256(f"{len(vectors)} {vectors.vector_size}".encode())
    vocabulary = vectors.vocabulary
    first = np.ascontiguousarray(vectors.word_matrix[:_SAMPLED_ROWS])
    for array in (vocabulary.blob, vocabulary.offsets, vectors.norms, first):
        digest.update(np.ascontiguousarray(array).view(np.uint8).reshape(-1).data)
    return digest.hexdigest()


def encoder_fingerprint(encoder: ContextualEncoder) -> str:
    """Return what tells an ELMo from others: of its sizes, its characters and its numbers."""
    stated = [encoder.architecture.to_metadata(), encoder.characters.to_metadata()]
    digest = hashlib.sha256(json.dumps(stated, sort_keys=True).encode())
    for array in encoder.weights.to_tensors().values():
        digest.update(np.ascontiguousarray(array).view(np.uint8).reshape(-1).data)
    return digest.hexdigest()


_ENCODER_TENSORS: Final = ("layer_shares", "mean", "spread")


def _neighbours(file: TensorFile, vectors: Vectors, description: Mapping[str, Any]) -> ContextMap:
    window = description["window"]
    if isinstance(window, bool) or not isinstance(window, int) or window < 1:
        raise ValueError(f"a window of {window!r}")
    matrix = _tensor(file, "matrix", (vectors.vector_size, vectors.vector_size))
    return ContextMap(vectors, neighbour_weights(vectors), matrix, window)


def _read_by(file: TensorFile, vectors: Vectors, encoder: ContextualEncoder) -> EncoderMap:
    size = encoder.vector_size
    return EncoderMap(
        vectors,
        encoder,
        _tensor(file, "layer_shares", (encoder.architecture.layers + 1,)),
        _tensor(file, "mean", (size,)),
        _tensor(file, "spread", (size,)),
        _tensor(file, "matrix", (size, vectors.vector_size)),
    )


def _encoder(
    file: TensorFile, stated: Mapping[str, Any], given: PathLike | ContextualEncoder | None
) -> ContextualEncoder:
    opened: object = given
    if given is None:
        name = stated["name"]
        if not isinstance(name, str) or Path(name).name != name:
            raise InputError(
                f"{file.path} reads with an ELMo whose file it does not name; give it (--encoder)"
            )
        place = Path(file.path).with_name(name)
        if not place.exists():
            raise FileError(
                f"{file.path} reads with the ELMo {name!r}, which is not beside it; give it "
                "(--encoder)"
            )
        opened = load(place)
    elif not isinstance(given, ContextualEncoder):
        opened = load(given)
    if not isinstance(opened, ContextualEncoder):
        raise InputError("the encoder must be an ELMo, got vectors of words")
    if encoder_fingerprint(opened) != stated["fingerprint"]:
        raise InputError(f"{file.path} was fitted with another encoder; fit a new one")
    return opened


def _tensor(file: TensorFile, name: str, shape: tuple[int, ...]) -> AnyArray:
    tensor = file.tensors[name]
    if tensor.shape != shape or tensor.dtype != np.float64:
        raise ValueError(
            f"{name!r} must be float64 of shape {shape}, got {tensor.dtype} of {tensor.shape}"
        )
    return tensor
