"""What a file of an ELMo holds, for people and for programs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from symvec.contextual import ContextualEncoder
from symvec.files import PathLike, open_tensors
from symvec.files.tensors import FORMAT_KEY, HEADER_DIGEST, TENSOR_DIGEST
from symvec.formats.allennlp import open_published_elmo
from symvec.formats.elmo import open_encoder

PUBLISHED = "options and weights of AllenNLP and bilm-tf"


@dataclass(frozen=True, slots=True)
class ContentsOfEncoder:
    """What an ELMo is.

    Args:
        layers: vectors of a word, that of the word by itself included.
        vector_size: dimensions of each.
        numbers: how many were learned.
        characters: how words are read.
        architecture: the sizes by name.
        provenance: where it comes from.
    """

    layers: int
    vector_size: int
    numbers: int
    characters: str
    architecture: Mapping[str, object]
    provenance: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class EncoderSummary:
    """A file, or a published folder, of an ELMo.

    Args:
        path: where it lies.
        format: name and version of the format.
        size_bytes: of the file, or of the folder's files together.
        verified: whether every byte was compared with its checksum.
        sha256: the checksum of each tensor, and of the header; none in a published folder.
        encoder: what it holds.
    """

    path: str
    format: str
    size_bytes: int
    verified: bool
    sha256: Mapping[str, str]
    encoder: ContentsOfEncoder


def summarise_encoder(path: PathLike) -> EncoderSummary:
    """Return what symvec's own file of an ELMo holds; every byte is verified.

    Raises:
        FileError: the file is not there or cannot be read.
        FormatError: it is not an ELMo of symvec's, was cut off or changed.
    """
    encoder, file = open_encoder(path), open_tensors(path)
    digests = {name: file.metadata[TENSOR_DIGEST + name] for name in sorted(file.tensors)}
    digests["header"] = file.metadata[HEADER_DIGEST]
    return EncoderSummary(
        file.path, file.metadata[FORMAT_KEY], file.size_bytes, True, digests, _contents(encoder)
    )


def summarise_published(folder: PathLike) -> EncoderSummary:
    """Return what a folder of options and weights holds; see ``open_published_elmo``."""
    encoder = open_published_elmo(folder)
    size = sum(path.stat().st_size for path in Path(folder).iterdir() if path.is_file())
    return EncoderSummary(os.fspath(folder), PUBLISHED, size, False, {}, _contents(encoder))


def _contents(encoder: ContextualEncoder) -> ContentsOfEncoder:
    sizes = encoder.architecture
    return ContentsOfEncoder(
        sizes.layers + 1,
        sizes.vector_size,
        sum(tensor.size for tensor in encoder.weights.to_tensors().values()),
        encoder.characters.kind,
        {name: value for name, value in asdict(sizes).items() if name != "filters"}
        | {"filters": [f"{number} of width {width}" for width, number in sizes.filters]},
        dict(encoder.provenance),
    )
