"""Opening a file whatever it holds: vectors of words, or an ELMo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from symvec.contextual.saving import FORMAT_NAME
from symvec.errors import FileError
from symvec.files import PathLike, open_tensors
from symvec.files.tensors import FORMAT_KEY
from symvec.formats import detect
from symvec.formats.native import FileSummary

if TYPE_CHECKING:
    from symvec.formats.encoder_summary import EncoderSummary

Opened: TypeAlias = Any
"""`Vectors`, or a `ContextualEncoder`: what it is depends on the file."""


def load(path: PathLike, *, verify: bool = False, vocabulary: PathLike | None = None) -> Opened:
    """Open a file of vectors or an ELMo, whatever program wrote it.

    Vectors are told apart and opened as ``symvec.formats.load`` describes. An ELMo is symvec's
    own file of one, or a folder with the options and weights that AllenNLP and bilm-tf use (which
    needs the extra ``elmo``). Nothing in a file is ever run.

    Args:
        path: the file or the folder.
        verify: compare every byte of a larger file of vectors with its checksum, too.
        vocabulary: for a table without words, the file that has them.

    Returns:
        `Vectors`, or a `ContextualEncoder`.

    Raises:
        FileError: it is not there or cannot be read.
        FormatError: it is of no known format, was cut off or changed.

    Example:
        >>> load("no such file")
        Traceback (most recent call last):
        symvec.errors.FileError: cannot read no such file: No such file or directory
    """
    place = Path(path)
    if place.is_dir():
        from symvec.formats import allennlp

        if allennlp.holds_options(place):
            return allennlp.open_published_elmo(place)
    elif _is_encoder(place):
        from symvec.formats.elmo import open_encoder

        return open_encoder(place)
    return detect.load(path, verify=verify, vocabulary=vocabulary)


def summarise(path: PathLike, *, verify: bool = False) -> FileSummary | EncoderSummary:
    """Return what a file of vectors or an ELMo holds; see ``load``.

    Raises:
        FileError: it is not there or cannot be read.
        FormatError: it is of no known format, was cut off or changed.
    """
    place = Path(path)
    if place.is_dir():
        from symvec.formats import allennlp, encoder_summary

        if allennlp.holds_options(place):
            return encoder_summary.summarise_published(place)
    elif _is_encoder(place):
        from symvec.formats.encoder_summary import summarise_encoder

        return summarise_encoder(place)
    return detect.summarise(path, verify=verify)


def _is_encoder(path: Path) -> bool:
    """Return whether the header says so; what is wrong with a file is said where it is opened."""
    try:
        with path.open("rb") as file:
            begins_like_safetensors = file.read(9)[8:] == b"{"
        if not begins_like_safetensors:
            return False
        return open_tensors(path).metadata.get(FORMAT_KEY, "").startswith(FORMAT_NAME)
    except (OSError, FileError):
        return False
