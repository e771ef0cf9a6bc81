"""A folder that holds a table and its words."""

from __future__ import annotations

import os
from pathlib import Path

from symvec.errors import FileError
from symvec.files import PathLike
from symvec.formats.tables import NAMES

_TABLES = (".safetensors", ".npy")


def find_parts(folder: PathLike, vocabulary: PathLike | None) -> tuple[Path, PathLike | None]:
    """Return the one table in a folder, and its vocabulary if that has another name.

    Raises:
        FileError: there is no table, or several.
    """
    files = sorted(path for path in Path(folder).iterdir() if path.is_file())
    tables = [path for path in files if path.suffix in _TABLES]
    if len(tables) != 1:
        found = ", ".join(path.name for path in tables[:4]) or "none"
        raise FileError(
            f"{os.fspath(folder)} is a folder; expected one table (.npy or .safetensors) in it, "
            f"found {found}: give the file itself"
        )
    if vocabulary is None and tables[0].suffix == ".npy":
        others = [path for path in files if path != tables[0] and not path.name.startswith(".")]
        named = [path for path in others if path.name in NAMES]
        if len(others) == 1 or named:
            vocabulary = (named or others)[0]
    return tables[0], vocabulary
