"""Safetensors files: symvec's own, and those of other programs that hold one table."""

from __future__ import annotations

from typing import Final

from symvec.contextual.saving import FORMAT_NAME as ELMO
from symvec.errors import FormatError
from symvec.files import PathLike, TensorFile, open_tensors
from symvec.files.tensors import FORMAT_KEY
from symvec.formats.compressed import is_compressed, open_compressed
from symvec.formats.content import Content
from symvec.formats.faults import Faults
from symvec.formats.native import open_native
from symvec.formats.room import Room, in_memory
from symvec.formats.tables import table_vectors
from symvec.vectors import Vectors

CONTEXTS: Final = "symvec contexts"
"""What a map of ``symvec.formats.contexts`` calls its format."""

# A file with both was symvec's once, whatever became of its header.
_OWN_TENSORS = frozenset({"vocabulary", "vocabulary_offsets"})


def is_native(file: TensorFile) -> bool:
    """Return whether a safetensors file is one of symvec's, or was one once."""
    own = FORMAT_KEY in file.metadata or set(file.tensors) >= _OWN_TENSORS
    return own and not is_compressed(file)


def format_of(path: str, vectors: Vectors) -> str:
    """Return the name of the format that vectors were read from."""
    try:
        if is_native(open_tensors(path)):
            return "symvec vectors"
    except FormatError:
        pass
    return str(vectors.provenance.get("source_format", "unknown"))


def read_safetensors(
    content: Content,
    faults: Faults,
    vocabulary: PathLike | None,
    *,
    verify: bool,
    room: Room = in_memory,
) -> Vectors:
    """Open symvec's own file, or the one table of another program's and its vocabulary file.

    Raises:
        FileError: there is no vocabulary.
        FormatError: it was cut off or changed, or has not one table.
    """
    file = open_tensors(content.path)
    if file.metadata.get(FORMAT_KEY, "").startswith(ELMO):
        raise FormatError(
            f"{content.path} is an ELMo: its words have vectors only in a sentence; open it by "
            "symvec.load and give sentences to its encode"
        )
    if file.metadata.get(FORMAT_KEY, "").startswith(CONTEXTS):
        raise FormatError(
            f"{content.path} is a map that `symvec contexts` wrote, and has no words: give it "
            "beside the model, as in: symvec similar MODEL WORD --in TEXT --contexts FILE"
        )
    if is_compressed(file):
        return open_compressed(file)
    if is_native(file):
        return open_native(content.path, verify=verify)
    tables = {name: array for name, array in file.tensors.items() if array.ndim == 2}
    if len(tables) != 1:
        raise FormatError(
            f"{content.path} is a safetensors file, but not one of symvec's vectors; another "
            f"program's must hold one tensor of 2 axes, this has {len(tables)}"
        )
    (table,) = tables.values()
    return table_vectors(content.path, table, vocabulary, faults, "safetensors", room)
