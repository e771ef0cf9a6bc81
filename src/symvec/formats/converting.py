"""From a file of vectors to one of another format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from symvec.errors import InputError
from symvec.files import PathLike, ensure_writable
from symvec.formats.detect import load_into
from symvec.formats.limits import without_subwords
from symvec.formats.room import on_disk
from symvec.vectors import Vectors

Target: TypeAlias = Literal[
    "native", "word2vec", "word2vec-binary", "glove", "fasttext", "fasttext-text", "floret",
    "finalfusion", "npy", "safetensors", "parquet",
]  # fmt: skip
_SUFFIXES: Mapping[str, Target] = {
    ".safetensors": "native",
    ".txt": "word2vec",
    ".vec": "fasttext-text",
    ".fifu": "finalfusion",
    ".floret": "floret",
    ".npy": "npy",
    ".parquet": "parquet",
}


def convert(
    source: PathLike,
    target: PathLike,
    *,
    to: Target | None = None,
    words_only: bool = False,
    vocabulary: PathLike | None = None,
) -> Vectors:
    """Write the vectors of a file in another format.

    What the format cannot hold is refused before anything is written, and the file is there as
    a whole or not at all. No table is held in memory: rows are written in runs, straight from the
    source's memory map where it has one, and else (text, word2vec's binary file, tables of other
    numbers than float32) through a file without a name beside the target. Parquet and the words
    of n-grams that ``words_only`` writes are held in memory.

    Args:
        source: a file that ``load`` opens.
        target: the file to write.
        to: its format; told by the ending of its name when left out.
        words_only: write the words' vectors alone, where words are made of n-grams.
        vocabulary: see ``load``.

    Returns:
        The vectors that were read.

    Raises:
        FileError: the source cannot be read; see ``load``.
        InputError: the format cannot hold the vectors, or cannot be told from the name.
        OutputError: the target cannot be written; the file that was there is unchanged.
    """
    name = to or target_of(target)
    if name not in get_args(Target):
        raise InputError(f"the format must be one of {', '.join(get_args(Target))}, got {name!r}")
    ensure_writable(target)
    room = on_disk(Path(os.path.realpath(target)).parent)
    vectors = load_into(room, source, vocabulary=vocabulary)
    write_as(without_subwords(vectors) if words_only else vectors, target, name)
    return vectors


def target_of(path: PathLike) -> Target:
    """Return the format that a file's name stands for.

    Raises:
        InputError: the name does not say it.

    Example:
        >>> target_of("model.fifu")
        'finalfusion'
    """
    suffix = Path(os.fspath(path)).suffix.lower()
    if suffix not in _SUFFIXES:
        hint = "; .bin is word2vec-binary or fasttext" if suffix == ".bin" else ""
        raise InputError(
            f"the name {os.fspath(path)} does not say which format to write{hint}: give it, one of "
            f"{', '.join(get_args(Target))}"
        )
    return _SUFFIXES[suffix]


def write_as(vectors: Vectors, path: PathLike, to: Target) -> None:
    """Write vectors in a format.

    Raises:
        InputError: the format cannot hold them; nothing was written.
        OutputError: the file cannot be written; the one that was there is unchanged.
    """
    _WRITERS[to]()(vectors, path)


_Writer: TypeAlias = Callable[[Vectors, PathLike], None]


def _text(name: str) -> _Writer:
    from symvec.formats import text_writing

    writer: _Writer = getattr(text_writing, name)
    return writer


def _binary(name: str) -> _Writer:
    from symvec.formats import binary_writing

    writer: _Writer = getattr(binary_writing, name)
    return writer


def _table(name: str) -> _Writer:
    from symvec.formats import table_writing

    writer: _Writer = getattr(table_writing, name)
    return writer


# Each module is loaded when its format is written.
_WRITERS: Mapping[Target, Callable[[], _Writer]] = {
    "native": lambda: Vectors.save,
    "word2vec": lambda: _text("write_word2vec_text"),
    "fasttext-text": lambda: _text("write_word2vec_text"),
    "glove": lambda: _text("write_glove_text"),
    "floret": lambda: _text("write_floret_text"),
    "word2vec-binary": lambda: _binary("write_word2vec_binary"),
    "fasttext": lambda: _binary("write_fasttext"),
    "finalfusion": lambda: _binary("write_finalfusion"),
    "npy": lambda: _table("write_npy"),
    "safetensors": lambda: _table("write_safetensors"),
    "parquet": lambda: _table("write_parquet"),
}
