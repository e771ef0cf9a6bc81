import os
import stat
import subprocess
import sys

import pytest

from symvec.errors import OutputError
from symvec.files import ensure_writable, write_atomically
from symvec.files.atomic import flush_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file(tmp_path):
    with write_atomically(tmp_path / "new") as file:
        file.write(b"tea")
        assert not (tmp_path / "new").exists()
    assert (tmp_path / "new").read_bytes() == b"tea"
    assert names(tmp_path) == ["new"]


def test_the_old_file_is_replaced_and_keeps_its_mode(tmp_path):
    path = tmp_path / "model"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with write_atomically(str(path)) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["model"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_old_file_stays_whatever_is_raised(tmp_path, error):
    path = tmp_path / "model"
    path.write_bytes(b"old")

    def write_half():
        with write_atomically(path) as file:
            file.write(b"half of the n")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["model"]


def test_a_full_disk(tmp_path):
    path = tmp_path / "model"
    path.write_bytes(b"old")
    with pytest.raises(OutputError) as caught, write_atomically(path):
        raise OSError(28, "No space left on device")
    assert str(caught.value) == (
        f"cannot write {path}: No space left on device; the file that was there is unchanged"
    )
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["model"]


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_a_disk_that_really_refuses_to_take_more(tmp_path):
    path = tmp_path / "model"
    path.write_bytes(b"old")
    script = """
import resource, signal, sys
from symvec.files import write_atomically
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
with write_atomically(sys.argv[1]) as file:
    for _ in range(100):
        file.write(bytes(1 << 12))
"""
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True)
    assert done.returncode == 1
    assert f"OutputError: cannot write {path}: File too large; the file that was" in done.stderr
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["model"]


def test_a_symbolic_link_is_followed(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    with write_atomically(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_long_name_has_room_for_the_temporary_one(tmp_path):
    path = tmp_path / ("x" * 240)
    with write_atomically(path) as file:
        file.write(b"tea")
    assert path.read_bytes() == b"tea"


BAD_PLACES = [
    ("", "cannot write '': it is not the name of a file"),
    ("a\0b", r"cannot write 'a\\x00b': it is not the name of a file"),
    ("folder", "cannot write .*folder: it is a folder; give the name of a file"),
    ("missing/model", "cannot write .*: the folder .*missing does not exist; make it first"),
    ("file/model", "cannot write .*: the folder .*file does not exist"),
    ("pipe", "cannot write .*pipe: it is not a regular file"),
]


@pytest.mark.parametrize(("name", "text"), BAD_PLACES)
def test_places_that_cannot_be_written(tmp_path, name, text):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"tea")
    os.mkfifo(tmp_path / "pipe")
    place = f"{tmp_path}/{name}" if name and "\0" not in name else name
    with pytest.raises(OutputError, match=text):
        ensure_writable(place)
    with pytest.raises(OutputError, match=text), write_atomically(place):
        pass
    assert names(tmp_path) == ["file", "folder", "pipe"]


def test_a_place_that_can_be_written_is_left_as_it_was(tmp_path):
    (tmp_path / "old").write_bytes(b"tea")
    ensure_writable(tmp_path / "old")
    ensure_writable(tmp_path / "new", needed_bytes=1)
    assert names(tmp_path) == ["old"]
    assert (tmp_path / "old").read_bytes() == b"tea"


def test_too_little_room_is_found_out_before(tmp_path):
    with pytest.raises(OutputError, match=r"it needs 1,152,921,504,606,846,976 bytes and the disk"):
        ensure_writable(tmp_path / "new", needed_bytes=1 << 60)


def test_a_folder_that_refuses(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(OutputError, match=r"new: Permission denied$"):
        ensure_writable(tmp_path / "new")


def test_a_write_protected_file(tmp_path, monkeypatch):
    (tmp_path / "old").write_bytes(b"tea")
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(OutputError, match="the file that is there is write-protected"):
        ensure_writable(tmp_path / "old")


def test_systems_without_folders_to_flush(tmp_path, monkeypatch):
    monkeypatch.setattr("os.name", "nt")
    flush_folder(tmp_path / "never opened")
