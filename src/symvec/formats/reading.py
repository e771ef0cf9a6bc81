"""From a file's content to vectors, by the name of its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from symvec.errors import FormatError
from symvec.files import PathLike
from symvec.formats.content import Content
from symvec.formats.faults import Faults
from symvec.formats.kinds import KNOWN, FormatName
from symvec.formats.room import Room, in_memory
from symvec.vectors import Vectors


@dataclass(frozen=True)
class Request:
    """What is to be read, and how.

    Args:
        content: the file.
        faults: told of what is wrong in it.
        verify: whether a large file of symvec's is compared with all its checksums.
        vocabulary: the file with the words of a table that has none, if it was given.
        room: where a table goes that is not read straight from the file.
    """

    content: Content
    faults: Faults
    verify: bool = False
    vocabulary: PathLike | None = None
    room: Room = in_memory


def read(request: Request, name: FormatName) -> Vectors:
    """Return the vectors of a file.

    Raises:
        FormatError: it was cut off or changed, or cannot be read.
    """
    return _READERS[name](request)


def _safetensors(request: Request) -> Vectors:
    from symvec.formats.safetensors import read_safetensors

    content = request.content
    if content.compression is not None:
        raise FormatError(
            f"{content.path} is compressed by {content.compression}; a safetensors file is opened "
            "by memory map: decompress it first"
        )
    return read_safetensors(
        content,
        request.faults,
        request.vocabulary,
        verify=request.verify,
        room=request.room,
    )


def _finalfusion(request: Request) -> Vectors:
    from symvec.formats.finalfusion import read_finalfusion

    return read_finalfusion(request.content)


def _fasttext(request: Request) -> Vectors:
    from symvec.formats.fasttext import read_fasttext

    return read_fasttext(request.content)


def _npy(request: Request) -> Vectors:
    from symvec.formats.npy import read_npy
    from symvec.formats.tables import table_vectors

    table = read_npy(request.content)
    path, vocabulary = request.content.path, request.vocabulary
    return table_vectors(path, table, vocabulary, request.faults, "NumPy", request.room)


def _parquet(request: Request) -> Vectors:
    from symvec.formats.parquet import read_parquet

    return read_parquet(request.content, request.faults)


def _gensim(request: Request) -> Vectors:
    from symvec.formats.gensim_model import read_gensim

    return read_gensim(request.content)


def _floret_text(request: Request) -> Vectors:
    from symvec.formats.floret_text import read_floret_text

    return read_floret_text(request.content, request.vocabulary, request.faults)


def _text(request: Request) -> Vectors:
    from symvec.formats.text_layout import HEAD_BYTES, find_header, find_layout

    content = request.content
    layout = find_layout(content)
    if layout is not None:
        from symvec.formats.text import read_text

        return read_text(content, layout, request.faults, request.room)
    found = find_header(content.bytes(0, HEAD_BYTES))
    if found is not None:
        from symvec.formats.word2vec_binary import read_word2vec_binary

        return read_word2vec_binary(content, *found, request.faults, request.room)
    from symvec.formats.fasttext import read_unmarked

    vectors = read_unmarked(content)
    if vectors is None:
        raise FormatError(
            f"{content.path} is of no known format, its first bytes are {content.bytes(0, 8)!r}; "
            f"{KNOWN}"
        )
    return vectors


_READERS: Mapping[FormatName, Callable[[Request], Vectors]] = {
    "safetensors": _safetensors,
    "finalfusion": _finalfusion,
    "fasttext": _fasttext,
    "npy": _npy,
    "parquet": _parquet,
    "gensim": _gensim,
    "floret-text": _floret_text,
    "text": _text,
}
