"""Writing a folder that is there as a whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from symvec.errors import OutputError
from symvec.files.atomic import PathLike, flush_folder


@contextmanager
def write_folder(path: PathLike) -> Iterator[Path]:
    """Give a folder to write files into, which becomes ``path`` when the block ends well.

    When the block raises, whatever it raises, what was written goes.

    Raises:
        OutputError: there is something at ``path`` already, or it cannot be written.

    Example:
        >>> import tempfile
        >>> target = Path(tempfile.mkdtemp(), "words")
        >>> with write_folder(target) as folder:
        ...     _ = (folder / "tea.txt").write_text("green")
        >>> [file.name for file in target.iterdir()]
        ['tea.txt']
    """
    target = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    if target.is_symlink() or target.exists():
        raise OutputError(f"cannot write {path}: it exists; remove it first, or give another name")
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        temporary.mkdir()
        yield temporary
        for file in temporary.iterdir():
            with file.open("rb+") as written:
                os.fsync(written.fileno())
        flush_folder(temporary)
        temporary.rename(target)
        flush_folder(target.parent)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
