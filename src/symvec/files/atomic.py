"""Writing a file so that a reader finds the old one or the new one, never a half of either."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeAlias

from symvec.errors import OutputError

PathLike: TypeAlias = str | os.PathLike[str]


@contextmanager
def write_atomically(path: PathLike) -> Iterator[BinaryIO]:
    """Give a file to write to that takes the place of ``path`` when the block ends well.

    The bytes go to a temporary file in the same folder, which is flushed to the disk and then
    renamed; the folder is flushed last. When the block raises, whatever it raises, the file
    that was there stays as it was and the temporary one goes. A symbolic link is followed.

    Raises:
        OutputError: the file cannot be written; the system's reason is in the text.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "words.txt"
        >>> with write_atomically(path) as file:
        ...     _ = file.write(b"tea")
        >>> path.read_bytes()
        b'tea'
    """
    target = _target(path)
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
        flush_folder(target.parent)
    except OSError as error:
        raise _cannot_write(path, error, kept=target.exists()) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def ensure_writable(path: PathLike, *, needed_bytes: int = 0) -> None:
    """Find out whether ``path`` can be written, before the work that makes its content.

    Args:
        path: a file, there or not.
        needed_bytes: how large it will be at least.

    Raises:
        OutputError: it cannot be written, or the disk has not enough room.

    Example:
        >>> ensure_writable("no such folder/model.safetensors")
        Traceback (most recent call last):
        symvec.errors.OutputError: cannot write no such folder/model.safetensors: the folder ...
    """
    target = _target(path)
    probe = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with probe.open("xb") as file:
            file.write(b"\0")
        free_bytes = shutil.disk_usage(target.parent).free
    except OSError as error:
        raise _cannot_write(path, error, kept=target.exists()) from error
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    if free_bytes < needed_bytes:
        raise OutputError(
            f"cannot write {os.fspath(path)}: it needs {needed_bytes:,} bytes and the disk has "
            f"{free_bytes:,} left; make room or choose another place"
        )


def _target(path: PathLike) -> Path:
    """Return the file to replace, or say why there cannot be one."""
    text = os.fspath(path)
    if not text or "\0" in text:
        raise OutputError(f"cannot write {text!r}: it is not the name of a file")
    target = Path(os.path.realpath(text))
    if target.is_dir():
        raise OutputError(f"cannot write {text}: it is a folder; give the name of a file")
    if target.exists() and not target.is_file():
        raise OutputError(f"cannot write {text}: it is not a regular file")
    if not target.parent.is_dir():
        raise OutputError(
            f"cannot write {text}: the folder {target.parent} does not exist; make it first"
        )
    if target.exists() and not os.access(target, os.W_OK):
        raise OutputError(f"cannot write {text}: the file that is there is write-protected")
    return target


def _cannot_write(path: PathLike, error: OSError, *, kept: bool) -> OutputError:
    reason = error.strerror or str(error)
    fate = "; the file that was there is unchanged" if kept else ""
    return OutputError(f"cannot write {os.fspath(path)}: {reason}{fate}")


def flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut; Windows has no such call."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
